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
// If a client is made with [WithDirect], RequestRemote sends requests straight from the page, with tokens that the client
// keeps and renews. Then responses stream, [ServerSentEvents] reads server-sent events, the end of the context stops the
// request, and a body may hold any bytes.
//
// [RequestJira], [RequestConfluence] and [RequestBitbucket] send requests to the products' own REST APIs. The packages
// below this one have the rest of @forge/bridge, each for one of its namespaces.
//
// # Conventions
//
// These hold here and in the packages below:
//
//   - The context carries the client: see [NewContext]. Without one, calls go to the page's own bridge. What a call
//     returns, such as a flag, a counter or a history, keeps the client that it was made with.
//   - A listener gets a value and an error, func(value T, err error). The function that adds it returns a function stop,
//     which ends it, as the end of the context does.
//   - Payloads have a type of yours, as for encoding/json: Invoke[T], events.On[T], realtime.Subscribe[T], modal.Ask[T].
//   - Fields of a struct belong to one call. What a caller rarely sets is an option, With… or Without…. A nil option
//     changes nothing, and an invalid one is an error of the function that takes it.
//
// A package that adds commands to the bridge calls [Client.Call], [Client.CallWithFunctions] and [Client.Subscribe]. A
// host can be wrapped by [Intercept].
//
// # In a page and elsewhere
//
// In a page (GOOS=js) the package functions use the page's own bridge, which the shim in package jsglue connects.
// Everywhere else, and in a page without the shim or outside a product, calls return [ErrNoBridge]. So do
// functions that need JavaScript values, such as Response.Value. All the rest is plain Go: pass [New] your own [Host],
// and the same code runs in any Go test. Package bridgetest has one.
//
// # Errors
//
// A call that fails returns an [*Error] with the operation and the remote. Use errors.Is to find the kind of failure:
// [ErrNoBridge], [ErrInvalidRequest], [ErrRejected] and so on. A status outside 200–299 is a [*StatusError] of Do and
// Stream, and of [Response.Err]; it is not an error of the calls that return a Response. The text of an error holds no
// token.
package bridge
