package devhost

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

const (
	// maxWaiting and maxWaitingMessages limit what waits for a window that does not read. A window that falls further
	// behind is disconnected, and its page connects again.
	maxWaiting         = 16 << 20 // bytes
	maxWaitingMessages = 10_000
)

// errSlowWindow ends the connection of a window that does not read.
var errSlowWindow = errors.New("the window does not read its messages")

// windows are the product pages that are open. Each holds one web socket, and everything that the host sends to a page
// by itself goes over it. An event stream for each window would not do: a browser opens six HTTP/1.1 connections to an
// origin, and all its windows share them.
type windows struct {
	mu     sync.Mutex
	byName map[string]*window
}

// window is one product page.
type window struct {
	name string
	// end closes the connection.
	end context.CancelCauseFunc

	mu    sync.Mutex
	queue []message
	size  int // of the queue, in bytes
	// more holds a value while the queue has something.
	more chan struct{}
}

// message is what the host sends to a page. The page chooses the receiver by Type; socket.js lists the types.
type message struct {
	Type string `json:"type"`
	// Window is the name by which the page's own requests name its window.
	Window       string          `json:"window,omitempty"`
	Subscription int             `json:"subscription,omitempty"`
	Payload      json.RawMessage `json:"payload,omitempty"`
}

// open adds a window and returns it with a context that ends when the window falls too far behind.
func (ws *windows) open(ctx context.Context) (*window, context.Context) {
	ctx, end := context.WithCancelCause(ctx)
	w := &window{name: rand.Text(), end: end, more: make(chan struct{}, 1)}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.byName == nil {
		ws.byName = map[string]*window{}
	}
	ws.byName[w.name] = w
	return w, ctx
}

func (ws *windows) close(w *window) {
	w.end(nil)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.byName, w.name)
}

// get returns the window with this name, or nil.
func (ws *windows) get(name string) *window {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.byName[name]
}

// send queues a message. It never waits.
func (w *window) send(m message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) >= maxWaitingMessages || w.size+len(m.Payload) > maxWaiting {
		w.queue, w.size = nil, 0
		w.end(errSlowWindow)
		return
	}
	w.queue = append(w.queue, m)
	w.size += len(m.Payload)
	select {
	case w.more <- struct{}{}:
	default:
	}
}

// take returns what waits, in the order in which it was sent.
func (w *window) take() []message {
	w.mu.Lock()
	defer w.mu.Unlock()
	queue := w.queue
	w.queue, w.size = nil, 0
	return queue
}

// serveSocket is the web socket of a window. Messages go from the host to the page only.
func (h *Host) serveSocket(w http.ResponseWriter, r *http.Request) {
	// guardOrigin has refused every other origin, but lets requests pass that only read and name none.
	if origins := r.Header.Values("Origin"); len(origins) == 0 {
		refuse(w, "Only the page at "+h.product.origin+" may open this socket of forgego's local host. The request came from "+describeOrigin(origins)+".")
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered.
	}
	defer conn.CloseNow()
	// The page sends nothing, so the first message from it ends the connection, before it is read.
	window, ctx := h.windows.open(conn.CloseRead(r.Context()))
	defer h.windows.close(window)
	h.realtime.join(window)
	defer h.realtime.leave(window)

	window.send(message{Type: "window", Window: window.name})
	for {
		select {
		case <-ctx.Done():
			return
		case <-window.more:
		}
		for _, m := range window.take() {
			text, err := json.Marshal(m)
			if err == nil {
				err = conn.Write(ctx, websocket.MessageText, text)
			}
			if err != nil {
				return
			}
		}
	}
}
