package bridgetest

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// Window is one of the places that show the app: a window of the product, or one of several modules in it. It implements
// [bridge.Host], [bridge.Starter] and [bridge.FunctionHost], and is safe for concurrent use. [Host.Window] returns it.
type Window struct {
	host *Host
	name string
	// dialog is the dialog that shows this page, or nil.
	dialog *Dialog

	// The host's lock guards these.
	members   map[string]any // of the context
	title     string
	submitted []json.RawMessage
	onClose   []func(...any) *Reply
	value     json.RawMessage
	closed    bool
	history   history
	// gone means that the page, of a dialog, has been removed.
	gone bool
}

func newWindow(h *Host, name string) *Window {
	w := &Window{host: h, name: name, members: map[string]any{}, history: newHistory()}
	h.bus.Join(w)
	return w
}

// leave removes the page in the window: nothing of the host reaches it any more, and it can call nothing.
func (w *Window) leave() {
	h := w.host
	h.bus.Leave(w)
	h.mu.Lock()
	defer h.mu.Unlock()
	w.gone, w.onClose = true, nil
	h.listeners = slices.DeleteFunc(slices.Clone(h.listeners), func(l *listener) bool { return l.window == w })
}

var _ bridge.FunctionHost = (*Window)(nil)

// Window returns the window with that name, and opens it at the first call. Use two windows for code that reaches other
// users or other modules, such as package realtime:
//
//	ana, ben := host.Window("ana").Context(t), host.Window("ben").Context(t)
//
// The host's own methods, such as [Host.Context], are for the window "".
func (h *Host) Window(name string) *Window {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.windows[name]
	if w == nil {
		w = newWindow(h, name)
		h.windows[name] = w
	}
	return w
}

// Context returns the context of t with a client of the host, so that the package functions of bridge and of the packages
// below it call this host:
//
//	ctx := host.Context(t)
//	shown, err := flag.Show(ctx, flag.Flag{ID: "saved", Title: "Saved"})
//
// The context ends just before the cleanup of the test, as t.Context does. In an example, where there is no test, pass
// nil. Options are those of [bridge.New]. With bridge.WithDirect(bridge.HostTokens()), the client makes the requests of
// RequestRemote itself.
func (h *Host) Context(t testing.TB, options ...bridge.Option) context.Context {
	return h.Window("").Context(t, options...)
}

// Client returns a client of the host, with its own rate limits and caches.
func (h *Host) Client(options ...bridge.Option) *bridge.Client {
	return h.Window("").Client(options...)
}

// Call carries out one command, as [bridge.Host] requires. Like a product's page, the host finishes what it has begun,
// even if the caller has left.
func (h *Host) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return h.Window("").Call(ctx, call)
}

// Start is Call in two steps. The record has the call when Start returns; wait waits for its answer. Started calls run
// concurrently, as in a page; their scripts start in no particular order.
func (h *Host) Start(ctx context.Context, call bridge.Call) (wait func() (bridge.Answer, error)) {
	return h.Window("").Start(ctx, call)
}

// CallWithFunctions implements [bridge.FunctionHost]. A command scripted with [Host.OnWithFunctions] gets the callbacks.
func (h *Host) CallWithFunctions(ctx context.Context, call bridge.Call, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	return h.Window("").CallWithFunctions(ctx, call, callbacks...)
}

// Context is [Host.Context] for this window.
func (w *Window) Context(t testing.TB, options ...bridge.Option) context.Context {
	ctx := context.Background()
	if t != nil {
		ctx = t.Context()
	}
	return bridge.NewContext(ctx, w.Client(options...))
}

// Client is [Host.Client] for this window.
func (w *Window) Client(options ...bridge.Option) *bridge.Client {
	return bridge.New(w, append([]bridge.Option{bridge.WithFetcher(w.host.Fetcher())}, options...)...)
}

// Call is [Host.Call] for this window.
func (w *Window) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	answer, _, err := w.begin(ctx, call, nil)()
	return answer, err
}

// Start is [Host.Start] for this window.
func (w *Window) Start(ctx context.Context, call bridge.Call) (wait func() (bridge.Answer, error)) {
	answered := w.begin(ctx, call, nil)
	return func() (bridge.Answer, error) {
		answer, _, err := answered()
		return answer, err
	}
}

// CallWithFunctions is [Host.CallWithFunctions] for this window.
func (w *Window) CallWithFunctions(ctx context.Context, call bridge.Call, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	return w.begin(ctx, call, append([]bridge.Callback{}, callbacks...))()
}

// begin starts a command in its own goroutine. wait waits until it is done or ctx ends.
func (w *Window) begin(ctx context.Context, call bridge.Call, callbacks []bridge.Callback) (wait func() (bridge.Answer, bridge.Object, error)) {
	if ctx.Err() != nil {
		return func() (bridge.Answer, bridge.Object, error) { return bridge.Answer{}, nil, context.Cause(ctx) }
	}
	h := w.host
	// Copy them: the caller may change them after the call has returned, while the command continues.
	call.Payload, call.Body = bytes.Clone(call.Payload), bytes.Clone(call.Body)
	e := h.record(call)
	done := make(chan outcome, 1)
	began := h.perform("the command "+call.Command, func() outcome { return w.carryOut(ctx, e, call, callbacks) }, func(out outcome) {
		h.finish(e, out)
		done <- out
	})
	if !began {
		out := outcome{err: errClosed()}
		h.finish(e, out)
		done <- out
	}
	return func() (bridge.Answer, bridge.Object, error) {
		select {
		case out := <-done:
			return out.answer, out.object, out.err
		case <-ctx.Done():
			h.leave(e, context.Cause(ctx))
			return bridge.Answer{}, nil, context.Cause(ctx)
		}
	}
}

// carryOut carries out a command.
func (w *Window) carryOut(ctx context.Context, e *entry, call bridge.Call, callbacks []bridge.Callback) outcome {
	if len(call.Payload) > 0 && !json.Valid(call.Payload) || call.Payload == nil && call.Body != nil {
		return outcome{err: &bridge.HostError{Name: "SyntaxError", Message: "The payload is not JSON."}}
	}
	if call.Body != nil && !hasBodyPlace(call.Payload) {
		return outcome{err: &bridge.HostError{Name: "TypeError", Message: "The payload has no fetchRequestInit for the body."}}
	}
	h := w.host
	h.mu.Lock()
	script, own, gone := h.scripts[call.Command], h.commands[call.Command], w.gone
	h.mu.Unlock()
	if gone {
		return outcome{err: refuse("BRIDGE_CLOSED", "The app's page is gone: its dialog is closed.")}
	}
	if script == nil && own != nil {
		script = func(ctx context.Context, payload json.RawMessage, callbacks Callbacks) (any, error) {
			return own(ctx, w, payload, callbacks)
		}
	}
	if script != nil {
		return h.performScript(ctx, script, call, callbacks)
	}
	var answer bridge.Answer
	var err error
	switch call.Command {
	case "fetchRemote":
		answer, err = w.fetchRemote(e, call)
	case "invoke":
		answer, err = w.invoke(ctx, e, call)
	case "fetchProduct":
		answer, err = h.fetchProduct(e, call)
	case "signInvocationTokenForUI":
		if err = h.applyFailure(ctx, call.Command); err == nil {
			answer, err = w.signToken(e, call.Payload)
		}
	default:
		err = h.unknownCommand(call.Command)
	}
	return h.settle(ctx, outcome{answer: answer, err: err}, callbacks)
}

// settle converts errors to the form that the page gets, and adds an object to the answer if functions went with the call.
func (h *Host) settle(ctx context.Context, out outcome, callbacks []bridge.Callback) outcome {
	if out.err != nil {
		return outcome{err: refusal(ctx, out.err)}
	}
	if callbacks != nil {
		out.object = &object{host: h}
	}
	return out
}
