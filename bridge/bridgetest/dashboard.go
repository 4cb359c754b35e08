package bridgetest

import (
	"context"
	"encoding/json"
)

// Widget is the app's widget on a dashboard in Atlassian Home. The host's lock guards its fields.
type Widget struct {
	host                       *Host
	config, saved, preview     json.RawMessage
	onSave, onProduct, onError func(...any) *Reply
}

var dashboardCommands = map[string]command{
	"getWidgetEditApi": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		widget := w.host.Widget()
		return Object{Methods: map[string]Function{
			"onSave":        widget.handler(&widget.onSave),
			"onProductSave": widget.handler(&widget.onProduct),
			"onSaveError":   widget.handler(&widget.onError),
			"updateConfig":  widget.set(&widget.config),
		}}, nil
	},
	"getWidgetApi": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		widget := w.host.Widget()
		return Object{Methods: map[string]Function{"setPreviewConfig": widget.set(&widget.preview)}}, nil
	},
}

// Widget returns the widget that package dashboards configures. Its id and its dashboard are those of the context: see
// [Host.SetContext], extension.context.
func (h *Host) Widget() *Widget {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.widget == nil {
		h.widget = &Widget{host: h, config: json.RawMessage("{}")}
	}
	return h.widget
}

func (w *Widget) handler(to *func(...any) *Reply) Function {
	return func(_ context.Context, _ json.RawMessage, callbacks Callbacks) (any, error) {
		f := callbacks["0"]
		if f == nil {
			return nil, refuse(invalidRequest, "A handler of a widget needs a function.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		*to = f
		return nil, nil
	}
}

func (w *Widget) set(to *json.RawMessage) Function {
	return func(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
		config := argumentsOf(payload).at(0)
		if membersOf(config) == nil {
			return nil, refuse(invalidRequest, "The configuration of a widget must be an object.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		*to = append(json.RawMessage{}, config...)
		return nil, nil
	}
}

// Config returns the configuration that the app has set by dashboards.UpdateConfig, or {}.
func (w *Widget) Config() json.RawMessage { return w.get(&w.config) }

// Saved returns the configuration that the dashboard has saved, or nil.
func (w *Widget) Saved() json.RawMessage { return w.get(&w.saved) }

// Preview returns the configuration that the app has set by dashboards.SetPreviewConfig, or nil.
func (w *Widget) Preview() json.RawMessage { return w.get(&w.preview) }

func (w *Widget) get(from *json.RawMessage) json.RawMessage {
	w.host.mu.Lock()
	defer w.host.mu.Unlock()
	return *from
}

// Save saves the widget, as its user does: it calls the handler of dashboards.OnProductSave and saves what that
// returns, and then calls the handler of dashboards.OnSave with the id of the widget. It returns the first error of a
// handler, which the handler of dashboards.OnSaveError gets too. The order of the two is that of the local host;
// Atlassian does not document it.
func (w *Widget) Save(ctx context.Context, widgetID string) error {
	h := w.host
	h.mu.Lock()
	config, onSave, onProduct := w.config, w.onSave, w.onProduct
	h.mu.Unlock()
	err := func() error {
		if onProduct != nil {
			saved, err := onProduct(config).Wait(ctx)
			if err != nil {
				return err
			}
			if saved != nil && string(saved) != "null" {
				h.mu.Lock()
				w.saved = saved
				h.mu.Unlock()
			}
		}
		if onSave != nil {
			_, err := onSave(config, widgetID).Wait(ctx)
			return err
		}
		return nil
	}()
	if err != nil {
		w.FailSave(ctx, err)
	}
	return err
}

// FailSave passes an error to the handler of dashboards.OnSaveError, as the product does that cannot save the widget,
// and waits for the handler.
func (w *Widget) FailSave(ctx context.Context, err error) {
	w.host.mu.Lock()
	onError := w.onError
	w.host.mu.Unlock()
	if onError != nil {
		_, _ = onError(err).Wait(ctx)
	}
}
