package bridgetest

import (
	"context"
	"encoding/json"
	"maps"
)

// listener receives the events of one name.
type listener struct {
	window   *Window
	event    string
	isPublic bool
	call     func(...any) *Reply
}

var eventCommands = map[string]command{
	"emit":       emit(false),
	"emitPublic": emit(true),
	"on":         on(false),
	"onPublic":   on(true),
	"emitFrontendCustomMetric": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		in := membersOf(payload)
		name, ok := in.text("customMetricName")
		var value *float64
		if json.Unmarshal(in["value"], &value) != nil || value == nil || !ok {
			return nil, refuse(invalidRequest, "A metric needs a name and a number.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		w.host.metrics[name] += *value
		return nil, nil
	},
}

// emit returns the command that sends an event to the listeners of all windows, which stand for the modules of one page.
func emit(isPublic bool) command {
	return func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		in := membersOf(payload)
		event, ok := in.text("event")
		if !ok {
			return nil, refuse(invalidRequest, "An event needs a name.")
		}
		w.host.mu.Lock()
		listeners := w.host.listeners
		w.host.mu.Unlock()
		for _, l := range listeners {
			if l.event == event && l.isPublic == isPublic {
				l.call(in["payload"])
			}
		}
		return nil, nil
	}
}

func on(isPublic bool) command {
	return func(_ context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error) {
		event, ok := membersOf(payload).text("event")
		if !ok {
			return nil, refuse(invalidRequest, "An event needs a name.")
		}
		call := callbacks["callback"]
		if call == nil {
			return nil, refuse(invalidRequest, "A listener for an event needs a function \"callback\".")
		}
		h, l := w.host, &listener{w, event, isPublic, call}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.listeners = append(h.listeners[:len(h.listeners):len(h.listeners)], l)
		return unsubscribable(func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.listeners = without(h.listeners, l)
		}), nil
	}
}

// unsubscribable is the answer to a subscription.
func unsubscribable(unsubscribe func()) Object {
	return Object{Methods: map[string]Function{"unsubscribe": method(unsubscribe)}}
}

// Metrics returns the sum of each counter of package metrics by name.
func (h *Host) Metrics() map[string]float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.metrics)
}
