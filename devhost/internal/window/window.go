// Package window sends messages from the local host to the product pages that are open.
package window

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
)

// A window that does not read may have this many bytes and messages in its queue. Then it is disconnected, and its page
// connects again.
const (
	maxQueueBytes    = 16 << 20
	maxQueueMessages = 10_000
)

// errSlow ends the connection of a window that does not read.
var errSlow = errors.New("the window does not read its messages")

// Windows holds the windows that are open. The zero value is ready to use, and it is safe for concurrent use.
//
// Each window has one web socket for all messages that the host sends on its own. Server-sent events would not do: a
// browser opens at most six HTTP/1.1 connections to an origin, and all its windows share them.
type Windows struct {
	mu     sync.Mutex
	byName map[string]*Window
	// uses counts how often windows were opened and used.
	uses int
	// opened is closed when a window opens. It is nil if nobody waits for one.
	opened chan struct{}
}

// Place is what a product page shows, by its address: the key of a module, the name of its view if that is not the first,
// and the numbers of an account and a site, which count from 1. A number is 0 if the address has an invalid one.
type Place struct {
	Module, View  string
	Account, Site int
}

// Window is one product page.
type Window struct {
	name string
	// Place does not change.
	Place Place
	// end closes the connection.
	end    context.CancelCauseFunc
	closed <-chan struct{}
	// used is the number of its last use.
	used int

	mu    sync.Mutex
	queue []Message
	size  int // of the queue, in bytes
	// more holds a value while the queue is not empty.
	more chan struct{}
}

// Message is a message to a page. The page chooses the receiver by Type; page/product/socket.js lists the types.
type Message struct {
	Type string `json:"type"`
	// Window is the name that the page's requests send to identify the window.
	Window       string          `json:"window,omitempty"`
	Subscription int             `json:"subscription,omitempty"`
	Payload      json.RawMessage `json:"payload,omitempty"`
}

// Open adds a window that shows a place. The context that it returns ends when the window's queue is full.
func (ws *Windows) Open(ctx context.Context, place Place) (*Window, context.Context) {
	ctx, end := context.WithCancelCause(ctx)
	w := &Window{name: rand.Text(), Place: place, end: end, closed: ctx.Done(), more: make(chan struct{}, 1)}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.uses++
	w.used = ws.uses
	if ws.byName == nil {
		ws.byName = map[string]*Window{}
	}
	ws.byName[w.name] = w
	if ws.opened != nil {
		close(ws.opened)
		ws.opened = nil
	}
	return w, ctx
}

// Close removes a window.
func (ws *Windows) Close(w *Window) {
	w.end(nil)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.byName, w.name)
}

// Get returns the window with this name. If there is none, it returns nil.
func (ws *Windows) Get(name string) *Window {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.byName[name]
}

// Use notes that the user has turned to the window with this name.
func (ws *Windows) Use(name string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if w := ws.byName[name]; w != nil {
		ws.uses++
		w.used = ws.uses
	}
}

// Latest returns the window that was opened or used last. If there is none, it returns nil.
func (ws *Windows) Latest() (latest *Window) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, w := range ws.byName {
		if latest == nil || w.used > latest.used {
			latest = w
		}
	}
	return latest
}

// All returns the open windows. The one that was opened or used last is the first.
func (ws *Windows) All() []*Window {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return slices.SortedFunc(maps.Values(ws.byName), func(a, b *Window) int { return b.used - a.used })
}

// Opened returns a channel that is closed when the next window opens.
func (ws *Windows) Opened() <-chan struct{} {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.opened == nil {
		ws.opened = make(chan struct{})
	}
	return ws.opened
}

// Closed returns a channel that is closed when the window's connection ends.
func (w *Window) Closed() <-chan struct{} { return w.closed }

// Broadcast sends a message to all windows.
func (ws *Windows) Broadcast(m Message) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, w := range ws.byName {
		w.Send(m)
	}
}

// BroadcastTo sends a message to the windows that show a site.
func (ws *Windows) BroadcastTo(site int, m Message) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, w := range ws.byName {
		if w.Place.Site == site {
			w.Send(m)
		}
	}
}

// Send queues a message. It does not block.
func (w *Window) Send(m Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) >= maxQueueMessages || w.size+len(m.Payload) > maxQueueBytes {
		w.queue, w.size = nil, 0
		w.end(errSlow)
		return
	}
	w.queue = append(w.queue, m)
	w.size += len(m.Payload)
	select {
	case w.more <- struct{}{}:
	default:
	}
}

// Take empties the queue and returns its messages in the order in which they were sent.
func (w *Window) Take() []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	queue := w.queue
	w.queue, w.size = nil, 0
	return queue
}
