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
// below this one have the rest of @forge/bridge, each for one of its namespaces, and Atlassian's bridges for one product
// each.
//
// # What is for everyday use
//
// Most apps need only these names of this package:
//
//   - requests: Get, Post, Put, Patch, Delete, [Upload], Do and Stream, with the bodies [JSON], [Form], [FormData], [Text],
//     [Bytes] and [Reader]; [ServerSentEvents] and its options
//   - other ways: RequestRemote, InvokeRemote, [InvokeService], [Invoke], [MakeInvoke], RequestJira, RequestConfluence and
//     RequestBitbucket, with [Request] and [Response]
//   - a client of the app's own: [New], [PageHost], [NewContext], [FromContext] and WithDirect, with [HostTokens] or
//     [ExchangeTokens]
//   - errors: [Message], [Error], [StatusError], [RateLimitError] and the sentinels, such as [ErrNetwork]
//
// The rest is for code that works below the requests:
//
//   - that adds commands to the bridge, as the packages below this one do: the methods of [Client], with [Call], [Answer],
//     [Callback], [Object] and [HostError]
//   - that is a host itself or wraps one, for logging, retries and tests: [Host], [FunctionHost], [Starter], [Intercept] and
//     [Interceptor]
//   - that issues, keeps or watches tokens: [Token], [TokenSource], [TokenFunc], [StaticToken], [TokenCache] and [TokenStats]
//   - that sends the requests of WithDirect in another way: [Fetcher], [FetchRequest], [FetchResponse], [PageFetcher] and
//     [WithFetcher]
//   - that exchanges responses with JavaScript: [ResponseOf] and [Response.Value]
//
// # Conventions
//
// These hold here, in the packages below and in package wasm:
//
//   - A function that does something in the page or at the host takes a context first. The context carries the client: see
//     [NewContext]. Without one, calls go to the page's own bridge. What a call returns, such as a flag, a counter or a
//     history, keeps the client that it was made with.
//   - A handler gets a context first and returns an error, which is shown as wasm.OnError says: func(ctx, …) error. Its
//     context is a child of the one with which it was added, so it carries the same client. If its value may be missing, the
//     error says why: func(ctx, value T, err error) error. The function of [WithStates] is an exception: it gets a
//     state, and has neither a context nor an error.
//   - A function that adds a handler returns a function stop, which ends it, as the end of the context does. A value that
//     stands for something, such as a history, has a method Close.
//   - A function that asks the host for a value is named by a verb, most often Get. A method that returns what a value knows
//     already has no Get.
//   - Payloads have a type of yours, as for encoding/json: Invoke[T], events.On[T], realtime.Subscribe[T], modal.Ask[T].
//     Server-sent events are text, and one stream may have several kinds, so [ServerSentEvent.JSON] decodes one event.
//   - Fields of a struct belong to one call. What a caller rarely sets is an option, With… or Without…. A nil option
//     changes nothing, and an invalid one is an error of the function that takes it.
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
// token. It starts with the package once, such as "bridge: requestRemote …": the text of a sentinel does not.
package bridge
