package view

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// Action says how a history reached its location.
type Action string

const (
	// Push means a new entry.
	Push Action = "PUSH"
	// Replace means that the same entry has another location.
	Replace Action = "REPLACE"
	// Pop means another entry: by Go, GoBack or GoForward, by the browser's buttons, and at the start.
	Pop Action = "POP"
)

// Location is an address within the app.
type Location struct {
	// Pathname begins with "/" and is relative to the app's own address.
	Pathname string `json:"pathname"`
	// Search starts with "?" and Hash with "#", unless they are empty.
	Search string `json:"search,omitempty"`
	Hash   string `json:"hash,omitempty"`
	// State is the entry's state as JSON, or nil if there is none.
	State json.RawMessage `json:"state,omitempty"`
}

// History is the app's part of the browser's history, until Close or the end of the context passed to NewHistory.
// It is safe for concurrent use.
//
// Changes go through the product's page and come back: when Push returns, Location may still be the old one. Listen
// reports each change in order.
type History struct {
	object bridge.Object
	close  func()

	mu        sync.Mutex
	location  Location
	action    Action
	listeners []*listener
}

// Change is a change of a history's location.
type Change struct {
	// Location is the new location, and Action says how the history reached it.
	Location Location
	Action   Action
}

// listener calls a handler of the app.
type listener struct {
	*handler.Handler
	f func(ctx context.Context, change Change, err error) error
}

// NewHistory returns the history of the app's page. Only full-page modules have one, such as jira:globalPage.
// Elsewhere, the host refuses or NewHistory returns [ErrNoHistory].
//
// It is view.createHistory.
func NewHistory(ctx context.Context) (*History, error) {
	const op = "view.createHistory"
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "createHistory"})
	if err != nil {
		return nil, err
	}
	var start *struct {
		Location Location `json:"location"`
		Action   Action   `json:"action"`
	}
	if answer.Payload == nil || string(answer.Payload) == "false" {
		object.Release()
		return nil, &bridge.Error{Op: op, Err: ErrNoHistory}
	}
	if err := payload.Read(op, answer.Payload, &start); err != nil {
		object.Release()
		return nil, err
	}
	if start == nil {
		object.Release()
		return nil, &bridge.Error{Op: op, Err: ErrNoHistory}
	}
	h := &History{object: object, location: start.Location, action: start.Action}
	_, listening, err := object.Apply(ctx, "listen", []byte("[null]"), bridge.Callback{Path: "0", Func: h.changed})
	if err != nil {
		object.Release()
		return nil, payload.Failed(ctx, op, err)
	}
	own, end := context.WithCancel(ctx)
	h.close = sync.OnceFunc(func() {
		end()
		listening.Mute()
		// A goroutine, because the host may be the app's own and may block.
		go usercode.Run(func() {
			defer object.Release()
			leave(listening)
		})
	})
	context.AfterFunc(own, func() { usercode.Run(h.close) })
	return h, nil
}

// changed handles a change. The host calls it for one change at a time.
func (h *History) changed(arguments []byte) {
	change, err := readChange(arguments)
	h.mu.Lock()
	if err == nil {
		if change.Action == "" {
			change.Action = h.action
		}
		h.location, h.action = change.Location, change.Action
	}
	listeners := h.listeners
	h.mu.Unlock()
	notify(listeners, change, err)
}

// readChange decodes a listener's arguments: a location and an action.
func readChange(arguments []byte) (Change, error) {
	const op = "view.createHistory listen"
	var list []json.RawMessage
	if err := payload.Read(op, arguments, &list); err != nil {
		return Change{}, err
	}
	if len(list) == 0 {
		return Change{}, payload.Invalid(op, "the host reported a change without a location")
	}
	var change Change
	if err := payload.Read(op, list[0], &change.Location); err != nil {
		return Change{}, err
	}
	if len(list) > 1 {
		if err := payload.Read(op, list[1], &change.Action); err != nil {
			return Change{}, err
		}
	}
	return change, nil
}

// notify calls the listeners one after another. The calls are deferred so that all run even if one panics, and the
// panic, which the caller of the callback reports, keeps its stack.
func notify(listeners []*listener, change Change, err error) {
	if len(listeners) == 0 {
		return
	}
	defer notify(listeners[1:], change, err)
	listeners[0].Call(func(ctx context.Context) error { return listeners[0].f(ctx, change, err) })
}

// Location returns the current location.
//
// It is history.location.
func (h *History) Location() Location {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.location
}

// Action returns how the history reached the current location.
//
// It is history.action, which the official client never updates.
func (h *History) Action() Action {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.action
}

// Listen calls f at each change from now on, in order and one call at a time, until stop is called, ctx ends or the history
// ends. When f is called, Location already returns the new location. If the host reports a change in another form, f gets
// an error that is [bridge.ErrInvalidResponse], and Location does not change. The context of f ends when ctx ends and when
// stop is called. An error of f is shown as wasm.OnError says.
//
// It is history.listen. The host has one listener for all.
func (h *History) Listen(ctx context.Context, f func(ctx context.Context, change Change, err error) error) (stop func()) {
	ctx, end := context.WithCancel(ctx)
	added := &listener{handler.New(ctx), f}
	h.mu.Lock()
	defer h.mu.Unlock()
	// Copy the slice, because changed reads the old one without the lock.
	h.listeners = append(slices.Clone(h.listeners), added)
	remove := func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.listeners = slices.DeleteFunc(slices.Clone(h.listeners), func(l *listener) bool { return l == added })
	}
	context.AfterFunc(ctx, remove)
	return func() {
		remove()
		end()
	}
}

// Push adds an entry with that path, such as "/tasks/1?tab=notes". Relative paths are relative to the location. state
// is the entry's state, encoded by encoding/json; nil means none.
//
// It is history.push(path, state).
func (h *History) Push(ctx context.Context, path string, state any) error {
	return h.move(ctx, "push", path, state)
}

// PushLocation adds an entry with that location.
//
// It is history.push(location).
func (h *History) PushLocation(ctx context.Context, to Location) error {
	return h.call(ctx, "push", to)
}

// Replace sets the path and state of the current entry, as Push does for a new one.
//
// It is history.replace(path, state).
func (h *History) Replace(ctx context.Context, path string, state any) error {
	return h.move(ctx, "replace", path, state)
}

// ReplaceLocation sets the location of the current entry.
//
// It is history.replace(location).
func (h *History) ReplaceLocation(ctx context.Context, to Location) error {
	return h.call(ctx, "replace", to)
}

// Go moves n entries forward, or back if n is negative. It does nothing beyond the ends.
//
// It is history.go.
func (h *History) Go(ctx context.Context, n int) error { return h.call(ctx, "go", n) }

// GoBack moves one entry back.
//
// It is history.goBack.
func (h *History) GoBack(ctx context.Context) error { return h.call(ctx, "goBack") }

// GoForward moves one entry forward.
//
// It is history.goForward.
func (h *History) GoForward(ctx context.Context) error { return h.call(ctx, "goForward") }

// Block asks the user with prompt before each change of the location, until stop is called. If prompt is empty, the
// location cannot change. stop does not wait for the host.
//
// It is history.block with a text. Forge does not document it: it is in the official client's type of a history, and
// a host whose history does not have it refuses. There is no form with a function, because a host that calls one gets
// no answer in time.
func (h *History) Block(ctx context.Context, prompt string) (stop func(), err error) {
	const op = "view.createHistory block"
	arguments := []any{}
	if prompt != "" {
		arguments = append(arguments, prompt)
	}
	list, err := payload.JSON(op, arguments)
	if err != nil {
		return nil, err
	}
	_, blocking, err := h.object.Apply(ctx, "block", list)
	if err != nil {
		return nil, payload.Failed(ctx, op, err)
	}
	return sync.OnceFunc(func() { go usercode.Run(func() { leave(blocking) }) }), nil
}

// Close ends the history at the host, without waiting for it. After Close, no further call of a listener starts. The
// location does not change.
func (h *History) Close() { h.close() }

func (h *History) move(ctx context.Context, name, path string, state any) error {
	if state == nil {
		return h.call(ctx, name, path)
	}
	return h.call(ctx, name, path, state)
}

// call calls a function of the host's history.
func (h *History) call(ctx context.Context, name string, arguments ...any) error {
	op := "view.createHistory " + name
	list, err := arrayOf(op, arguments...)
	if err != nil {
		return err
	}
	_, result, err := h.object.Apply(ctx, name, list)
	if err != nil {
		return payload.Failed(ctx, op, err)
	}
	result.Release()
	return nil
}
