package dashboards

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/internal/nesting"
)

// Widget is the widget that is edited.
type Widget struct {
	// ID is the widget's id. In [OnProductSave] it is empty for a new widget.
	ID string
	// DashboardID is the id of the dashboard that has the widget.
	DashboardID string
	// Context is that of the view at the time of the call that set the handler.
	Context *view.Context
}

// Save is a save of a widget's configuration.
type Save[C any] struct {
	// Config is the widget's configuration, as the last UpdateConfig has set it.
	Config C
	Widget Widget
}

// OnSave calls f when the user saves the widget, until stop is called or ctx ends. Use it to store the configuration
// with your own service. The product waits for f.
//
// C is the configuration's type, as for encoding/json. If the configuration is not a C, f is not called, and the
// product gets an error that is [bridge.ErrInvalidResponse].
//
// It is widgetEdit.onSave. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/widget-edit/
func OnSave[C any](ctx context.Context, f func(ctx context.Context, save Save[C]) error) (stop func(), err error) {
	const op = "widgetEdit.onSave"
	return edit(ctx, op, "onSave", func(ctx context.Context, w Widget, arguments []json.RawMessage) ([]byte, error) {
		save, err := readSave[C](op, w, arguments)
		if err != nil {
			return nil, err
		}
		if len(arguments) > 1 {
			if err := payload.Read(op, arguments[1], &save.Widget.ID); err != nil {
				return nil, err
			}
		}
		return nil, f(ctx, save)
	})
}

// OnProductSave calls f before the product saves the widget, until stop is called or ctx ends. What f returns is saved
// in the dashboard; if that is nil, nothing is saved. Without a handler, the product saves nothing.
//
// C is the configuration's type, as for [OnSave].
//
// It is widgetEdit.onProductSave. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/widget-edit/
func OnProductSave[C any](ctx context.Context, f func(ctx context.Context, save Save[C]) (*C, error)) (stop func(), err error) {
	const op = "widgetEdit.onProductSave"
	return edit(ctx, op, "onProductSave", func(ctx context.Context, w Widget, arguments []json.RawMessage) ([]byte, error) {
		save, err := readSave[C](op, w, arguments)
		if err != nil {
			return nil, err
		}
		config, err := f(ctx, save)
		if err != nil || config == nil {
			return []byte("null"), err
		}
		return payload.JSON(op, config)
	})
}

// OnSaveError calls f when the product could not save the widget, until stop is called or ctx ends. The failure is a
// [*bridge.HostError].
//
// It is widgetEdit.onSaveError. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/widget-edit/
func OnSaveError(ctx context.Context, f func(ctx context.Context, failure error, w Widget) error) (stop func(), err error) {
	const op = "widgetEdit.onSaveError"
	return edit(ctx, op, "onSaveError", func(ctx context.Context, w Widget, arguments []json.RawMessage) ([]byte, error) {
		failure := &bridge.HostError{Message: "the product did not say why the widget was not saved"}
		if len(arguments) > 0 {
			var e bridge.HostError
			if nesting.UnmarshalShallow(arguments[0], &e) == nil && e != (bridge.HostError{}) {
				failure = &e
			}
		}
		return nil, f(ctx, failure, w)
	})
}

// readSave reads a configuration, which is the first argument.
func readSave[C any](op string, w Widget, arguments []json.RawMessage) (Save[C], error) {
	save := Save[C]{Widget: w}
	if len(arguments) == 0 || string(arguments[0]) == "null" {
		return save, payload.Invalid(op, "the product passed no configuration")
	}
	// Not in one statement with return: Go does not say whether save is read before or after the call.
	err := payload.ReadAs(op, arguments[0], &save.Config)
	return save, err
}

// edit sets a handler of the edit view's object.
func edit(ctx context.Context, op, method string, f func(ctx context.Context, w Widget, arguments []json.RawMessage) ([]byte, error)) (stop func(), err error) {
	w, err := widget(ctx, op)
	if err != nil {
		return nil, err
	}
	_, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "getWidgetEditApi"})
	if err != nil {
		return nil, err
	}
	own, end := context.WithCancel(ctx)
	_, set, err := object.Apply(ctx, method, []byte("[null]"), handler.Answer(own, "0", func(ctx context.Context, list []byte) ([]byte, error) {
		var arguments []json.RawMessage
		if err := payload.Read(op, list, &arguments); err != nil {
			return nil, err
		}
		return f(ctx, w, arguments)
	}))
	if err != nil {
		end()
		object.Release()
		return nil, payload.Failed(ctx, op, err)
	}
	return handler.Stop(ctx, end, func() { set.Release(); object.Release() }), nil
}

// widget returns the widget of the view's context.
func widget(ctx context.Context, op string) (Widget, error) {
	here, err := view.GetContext(ctx)
	if err != nil {
		return Widget{}, rename(op, err)
	}
	var ids struct {
		WidgetID    string `json:"widgetId"`
		DashboardID string `json:"dashboardId"`
	}
	if _, err := here.Extension.Decode("context", &ids); err != nil {
		return Widget{}, rename(op, err)
	}
	return Widget{ID: ids.WidgetID, DashboardID: ids.DashboardID, Context: here}, nil
}

// rename returns err as an error of op.
func rename(op string, err error) error {
	if e, ok := err.(*bridge.Error); ok {
		return &bridge.Error{Op: op, Err: e.Err}
	}
	return err
}
