package dashboards

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// UpdateConfig passes the configuration that the user has changed in the edit view to the product. The product passes it
// to [OnSave] and [OnProductSave] when the user saves. config is encoded by encoding/json, as an object.
//
// It is widgetEdit.updateConfig. It waits for the product, and returns its error; the official function does neither.
// Atlassian's documentation does not describe it. Source:
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/dashboard-widget/
func UpdateConfig(ctx context.Context, config any) error {
	return set(ctx, "widgetEdit.updateConfig", "getWidgetEditApi", "updateConfig", config)
}

// SetPreviewConfig sets, in the widget's view, the configuration with which the product shows the widget in its list of
// widgets. config is encoded by encoding/json, as an object.
//
// It is widget.setPreviewConfig. It waits for the product, and returns its error; the official function does neither.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/widget/
func SetPreviewConfig(ctx context.Context, config any) error {
	return set(ctx, "widget.setPreviewConfig", "getWidgetApi", "setPreviewConfig", config)
}

// set calls a method of the object that the command returns.
func set(ctx context.Context, op, command, method string, config any) error {
	argument, err := payload.JSON(op, config)
	if err != nil {
		return err
	}
	if argument == nil || argument[0] != '{' {
		return payload.InvalidRequest(op, "the configuration is not an object, such as a struct or a map")
	}
	_, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: command})
	if err != nil {
		return err
	}
	defer object.Release()
	_, result, err := object.Apply(ctx, method, append(append([]byte("["), argument...), ']'))
	if err != nil {
		return payload.Failed(ctx, op, err)
	}
	result.Release()
	return nil
}
