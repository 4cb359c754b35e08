// Package bridgehttp gives the bridge as an [http.RoundTripper], so that an [http.Client], a client generated from an
// OpenAPI document, and whatever else takes an http.Client work in a Custom UI page unchanged.
//
//	client := &http.Client{Transport: bridgehttp.NewTransport(bridge.Default(), "tasks-api")}
//	resp, err := client.Get("/tasks?team=Forge")
//
// [NewTransport] sends by requestRemote: through the host, or from the page itself if the client has [bridge.Direct].
// [NewInvokeTransport] sends by invokeRemote. The three ways differ in what they carry; docs/http.md has the table.
//
// # Addresses
//
// The bridge takes a path, not an address. Of a request's URL the path and the query are sent, escaped as they stand
// there; the fragment is dropped, as always. Scheme and host must be one of:
//
//   - none: "/tasks";
//   - [Placeholder], for clients that insist on a base URL;
//   - those of [WithBaseURL].
//
// Any other, and a URL with a user or a password, is refused, so that no request goes to a place that its author did not
// mean. So are paths with "." and ".." segments, and those that start with "//": the ways to the remote would read them
// differently.
//
// # What is not as with http.DefaultTransport
//
//   - A request's body is read into memory before it is sent, and so is an answer's, unless the client has
//     [bridge.Direct].
//   - There are no trailers, neither way: a request that has any is refused, and Response.Trailer is nil. There are no
//     informational answers (1xx), no protocol upgrades, and no calls of net/http/httptrace.
//   - Response.Proto is always HTTP/1.1; what the browser or the platform spoke with the remote is not known.
//   - Fields that belong to the connection, to the browser or to the platform are left out of a request, Cookie is refused
//     where it could not be sent, and of an answer only those fields are seen that CORS exposes.
//   - A redirect that the product page or the platform has followed is not seen. One that is seen, an http.Client follows
//     within the remote.
//
// # Errors
//
// A call that fails gives an error in which errors.As finds a [*bridge.Error] and errors.Is the sentinels of package
// bridge, and context.Canceled or context.DeadlineExceeded if that is why. It has the method Timeout, which url.Error
// asks. A request that cannot be sent as it is gives [bridge.ErrInvalidRequest], and nothing was sent.
//
// This package brings net/http into the page, which makes a small program about three times as large. Package bridge does
// without.
package bridgehttp
