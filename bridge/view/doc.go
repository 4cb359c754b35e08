// Package view is what the app asks of the place that shows it: its context, its closing, its address, its theme. It is
// the object view of @forge/bridge.
//
//	here, err := view.GetContext(ctx)
//	…
//	err = view.Submit(ctx, map[string]string{"team": "Forge"})
//
// Calls go by the client in ctx: see [bridge.NewContext]. Errors are a [*bridge.Error] with the operation's JavaScript
// name, such as "view.submit". Where the official client throws "this resource's view is not closable." for whatever went
// wrong, the error here is [ErrNotClosable] only if the host said so, and otherwise has the host's own words.
//
// Source: apis-reference/ui-api-bridge/view.
package view
