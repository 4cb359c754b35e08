package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/forgego/forgego/bridge/dashboards"
)

// dashboardOperations are the operations of package dashboards.
var dashboardOperations = map[string]operation{
	"widgetEdit.onSave": func(ctx context.Context, args arguments) (any, error) {
		h, err := handlerOf(args)
		if err != nil {
			return nil, err
		}
		_, err = dashboards.OnSave(ctx, func(_ context.Context, save dashboards.Save[json.RawMessage]) error {
			hear(h.Function, save.Config, idsOf(save.Widget), contextOf(save.Widget))
			return h.err()
		})
		return done(err)
	},
	"widgetEdit.onProductSave": func(ctx context.Context, args arguments) (any, error) {
		h, err := handlerOf(args)
		if err != nil {
			return nil, err
		}
		_, err = dashboards.OnProductSave(ctx, func(_ context.Context, save dashboards.Save[json.RawMessage]) (*json.RawMessage, error) {
			hear(h.Function, save.Config, idsOf(save.Widget), contextOf(save.Widget))
			if h.Returns == nil || string(h.Returns) == "null" {
				return nil, h.err()
			}
			return &h.Returns, h.err()
		})
		return done(err)
	},
	"widgetEdit.onSaveError": func(ctx context.Context, args arguments) (any, error) {
		h, err := handlerOf(args)
		if err != nil {
			return nil, err
		}
		_, err = dashboards.OnSaveError(ctx, func(_ context.Context, failure error, w dashboards.Widget) error {
			hear(h.Function, map[string]string{"$error": failure.Error()}, idsOf(w), contextOf(w))
			return h.err()
		})
		return done(err)
	},
	"widgetEdit.updateConfig": func(ctx context.Context, args arguments) (any, error) {
		return done(dashboards.UpdateConfig(ctx, args.value(0)))
	},
	"widget.setPreviewConfig": func(ctx context.Context, args arguments) (any, error) {
		return done(dashboards.SetPreviewConfig(ctx, args.value(0)))
	},
}

func handlerOf(args arguments) (handler, error) {
	var h handler
	err := args.read(0, &h)
	if err == nil && h.Function == "" {
		err = errors.New("the case has no handler")
	}
	return h, err
}

func idsOf(w dashboards.Widget) map[string]string {
	return map[string]string{"widgetId": w.ID, "dashboardId": w.DashboardID}
}

// contextOf returns the part of the context that the official client passes: all but the extension.
func contextOf(w dashboards.Widget) map[string]string {
	return map[string]string{"accountId": w.Context.AccountID}
}
