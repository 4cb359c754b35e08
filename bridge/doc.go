// Package bridge lets a Forge Custom UI page written in Go talk to its product and to the app's remote backend.
//
// A Custom UI page runs in an iframe inside Jira or Confluence and reaches the product through a bridge: commands that
// cross by postMessage. This package sends the same commands, in the same form, as Atlassian's @forge/bridge.
//
//	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
//		Method: "POST",
//		Path:   "/tasks",
//		Body:   bridge.JSON(task),
//	})
//
// [RequestRemote] is answered by the product page, which fetches from the remote itself: fast, without OAuth tokens.
// [InvokeRemote] goes through Forge's servers, which add OAuth tokens and apply rules of their own. Both take a
// [Request] and give a [*Response]. [Invoke] calls a function of the app that runs on Forge.
//
// A client with [Direct] has RequestRemote send its requests straight from the page, with tokens that it keeps and renews:
// answers stream, [Events] reads server-sent events, a context that ends stops the request, and bodies are any bytes.
//
// # In a page and elsewhere
//
// In a page (GOOS=js) the package functions use the page's own bridge, which the shim in package jsglue connects.
// Everywhere else, and in a page without the shim or outside a product, calls return [ErrNoBridge]. What needs the page
// to be there at compile time ([Response] as a JavaScript value) exists under GOOS=js only. All the rest is plain Go: give
// [New] a [Host] of your own, and the same code runs in any Go test.
//
// # Errors
//
// A call that fails returns an [*Error], which names the operation and the remote; errors.Is tells the kinds apart
// ([ErrNoBridge], [ErrInvalidRequest], [ErrRejected] and the others). An answer with a status outside 200–299 is not a
// failed call: see [Response.OK] and [Response.Err]. No error holds a token or a body.
package bridge
