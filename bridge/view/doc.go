// Package view asks the place that shows the app for its context, its address and its theme, and lets the app close
// it. It is the object view of @forge/bridge.
//
//	here, err := view.GetContext(ctx)
//	…
//	err = view.Submit(ctx, map[string]string{"team": "Forge"})
//
// Calls use the client in ctx: see [bridge.NewContext]. Errors are a [*bridge.Error] with the operation's JavaScript
// name, such as "view.submit". The official client throws "this resource's view is not closable." for every failure.
// Here the error is [ErrNotClosable] only if the host said so; otherwise it has the host's own text. Other errors are those of
// [bridge.Client]'s Call, [bridge.ErrInvalidRequest] for a value that JSON cannot represent, and [bridge.ErrInvalidResponse]
// for an answer in another form.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/view/
package view
