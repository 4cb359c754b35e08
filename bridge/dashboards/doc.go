// Package dashboards configures the app's widgets on dashboards in Atlassian Home. It is @forge/dashboards-bridge
// 0.1.20.
//
// Dashboards are in Forge's early access program (EAP): Atlassian may change or remove this API without notice, and
// does not recommend it for production. The same holds for this package, whatever forgego's own version is. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/bridge/
//
// The page of the module's edit view reports what the user changes, and says what is saved:
//
//	type config struct {
//		Title string `json:"title"`
//	}
//
//	stop, err := dashboards.OnProductSave(ctx, func(ctx context.Context, save dashboards.Save[config]) (*config, error) {
//		return &save.Config, nil
//	})
//	…
//	err = dashboards.UpdateConfig(ctx, config{Title: "Sales"})
//
// An error of a handler is shown as wasm.OnError says, and goes to the product. The context of a handler ends when ctx
// ends and when stop is called.
//
// Calls use the client in ctx: see [bridge.NewContext]. Errors are a [*bridge.Error] with the operation's JavaScript
// name, such as "widgetEdit.onSave". Other errors are those of [bridge.Client]'s Call,
// [bridge.ErrInvalidRequest] for a value that JSON cannot represent, and [bridge.ErrInvalidResponse] for an answer in
// another form.
package dashboards
