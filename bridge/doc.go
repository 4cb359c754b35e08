// Package bridge lets a Forge Custom UI page written in Go talk to its product and to the app's remote backend.
//
// A Custom UI page runs in an iframe inside Jira or Confluence. It reaches the product through a bridge, which carries
// commands by postMessage. This package sends the same commands, in the same form, as Atlassian's @forge/bridge.
//
//	created, err := bridge.Post[Task](ctx, "tasks-api", "/tasks", bridge.JSON(task))
//
// [Do] and its short forms [Get], [Post], [Put], [Patch] and [Delete] send a request by any way and return the JSON of
// the answer as a value. [Stream] returns its elements one after the other. For other answers, call the functions that
// they use.
//
// With [RequestRemote] the product page itself sends the request to the remote: fast, without OAuth tokens.
// [InvokeRemote] goes through Forge's servers, which add OAuth tokens and apply their own rules. Both take a [Request]
// and return a [*Response]. [Invoke] calls a function of the app that runs on Forge.
//
// If a client is made with [Direct], RequestRemote sends requests straight from the page, with tokens that the client
// keeps and renews. Then responses stream, [ServerSentEvents] reads server-sent events, the end of the context stops the request,
// and a body may hold any bytes.
//
// # In a page and elsewhere
//
// In a page (GOOS=js) the package functions use the page's own bridge, which the shim in package jsglue connects.
// Everywhere else, and in a page without the shim or outside a product, calls return [ErrNoBridge]. Only functions that
// use JavaScript values, such as Response.Value, are limited to GOOS=js. All the rest is plain Go: pass [New] your own
// [Host], and the same code runs in any Go test.
//
// # Errors
//
// A call that fails returns an [*Error] with the operation and the remote. Use errors.Is to find the kind of failure:
// [ErrNoBridge], [ErrInvalidRequest], [ErrRejected] and so on. A status outside 200–299 is a [*StatusError] of Do and
// Stream, and of [Response.Err]; it is not an error of the calls that return a Response. The text of an error holds no
// token.
package bridge
