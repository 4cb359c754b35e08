package bridgetest

import (
	"context"
	"encoding/json"
	"slices"
)

var viewCommands = map[string]command{
	"submit": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		if w.dialog != nil {
			w.dialog.close(payload)
			return true, nil
		}
		h := w.host
		h.mu.Lock()
		defer h.mu.Unlock()
		w.submitted = append(w.submitted, slices.Clone(payload))
		return true, nil
	},
	"close": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		if w.dialog != nil {
			w.dialog.close(payload)
			return true, nil
		}
		w.close(payload)
		return true, nil
	},
	"onClose": func(_ context.Context, w *Window, _ json.RawMessage, callbacks Callbacks) (any, error) {
		f := callbacks[""]
		if f == nil {
			return nil, refuse(invalidRequest, "view.onClose needs a function.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		w.onClose = append(w.onClose, f)
		return true, nil
	},
	"open":    answering(true),
	"refresh": answering(true),
	"reload": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		w.host.navigated(Navigation{Reload: true})
		return nil, nil
	},
	"createHistory":  createHistory,
	"enableTheming":  answering(nil),
	"emitReadyEvent": answering(nil),
	"changeWindowTitle": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		var title *string
		if json.Unmarshal(payload, &title) != nil || title == nil {
			return nil, refuse(invalidRequest, "The title of a window must be a string.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		w.title = *title
		return nil, nil
	},
	// The answer is undefined, as in a page that is not in a Frame. The app finds out when it calls the function.
	"getFrameDispatch": func(context.Context, *Window, json.RawMessage, Callbacks) (any, error) {
		return Object{Methods: map[string]Function{"": func(context.Context, json.RawMessage, Callbacks) (any, error) {
			return nil, unprepared(notPrepared, "no Frame around the app", `Host.OnWithFunctions("getFrameDispatch", …)`)
		}}}, nil
	},
}

// answering returns a command that has no effect but its answer.
func answering(answer any) command {
	return func(context.Context, *Window, json.RawMessage, Callbacks) (any, error) { return answer, nil }
}

// Submitted returns the values that the app has passed to view.Submit in this window, in order, as JSON; nil is none. In a
// dialog, view.Submit closes the dialog instead.
func (w *Window) Submitted() []json.RawMessage {
	w.host.mu.Lock()
	defer w.host.mu.Unlock()
	return slices.Clone(w.submitted)
}

// Closed reports whether the view is closed, and with which value as JSON, or nil if there was none.
func (w *Window) Closed() (value json.RawMessage, closed bool) {
	w.host.mu.Lock()
	defer w.host.mu.Unlock()
	return w.value, w.closed
}

// Close closes the view as its user does: it starts the functions of view.OnClose, and removes the dialogs that the app has
// opened in it. It is not [Host.Close].
func (w *Window) Close() {
	if w.dialog != nil {
		w.dialog.Dismiss()
		return
	}
	w.close(nil)
}

// Title returns the title that the app has set by view.ChangeWindowTitle, or "".
func (w *Window) Title() string {
	w.host.mu.Lock()
	defer w.host.mu.Unlock()
	return w.title
}

// close closes the view of a window.
func (w *Window) close(value json.RawMessage) {
	h := w.host
	h.mu.Lock()
	functions := w.onClose
	w.onClose, w.value, w.closed = nil, value, true
	dialogs := h.dialogsOf(w)
	h.mu.Unlock()
	for _, f := range functions {
		f()
	}
	for _, d := range dialogs {
		d.remove()
	}
}
