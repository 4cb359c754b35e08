// Package bridgehttp provides the bridge as an [http.RoundTripper]. An [http.Client], a client generated from an
// OpenAPI document, and any other code that takes an http.Client then work in a Custom UI page unchanged.
//
//	transport, err := bridgehttp.NewTransport("tasks-api")
//	…
//	client := &http.Client{Transport: transport}
//	request, err := http.NewRequestWithContext(ctx, "GET", "/tasks?team=Forge", nil)
//	…
//	resp, err := client.Do(request)
//
// The context of a request carries the bridge's client, as everywhere: see [bridge.NewContext]. [NewTransport] sends by
// requestRemote: through the host, or from the page itself if the client has [bridge.WithDirect]. [NewInvokeTransport] sends
// by invokeRemote. The three ways carry different things; docs/http.md has a table.
//
// # Addresses
//
// The bridge takes a path, not an address. It sends the path and the query of a request's URL, escaped as they are in
// the URL, and drops the fragment. The scheme and host must be one of:
//
//   - none: "/tasks";
//   - [Placeholder], for clients that require a base URL;
//   - those of [WithBaseURL].
//
// Any other scheme or host is refused, and so is a URL with a user or a password, so that no request goes to an
// unintended place. Paths with "." and ".." segments, and paths that start with "//", are refused too, because the
// ways to the remote would read them differently.
//
// # Differences from http.DefaultTransport
//
//   - A request's body is read into memory before it is sent. So is a response's body, unless the client has
//     [bridge.WithDirect].
//   - There are no trailers: a request with trailers is refused, and Response.Trailer is nil. There are no
//     informational responses (1xx), no protocol upgrades, and no calls of net/http/httptrace.
//   - Response.Proto is always HTTP/1.1; the protocol between the browser or the platform and the remote is not known.
//   - Header fields that belong to the connection, the browser or the platform are left out of a request. Cookie is
//     refused where it could not be sent. Of a response, only the fields that CORS exposes are visible.
//   - A redirect that the product page or the platform followed is not visible. If one is visible, an http.Client follows
//     it within the remote.
//
// # Errors
//
// If a call fails, errors.As finds a [*bridge.Error] in the error. errors.Is finds the sentinels of package bridge,
// and context.Canceled or context.DeadlineExceeded if that is the reason. The error has a Timeout method, which
// url.Error calls. A request that cannot be sent as it is returns [bridge.ErrInvalidRequest], and nothing is sent.
//
// This package links net/http into the page, which makes a small program about three times as large. Package bridge
// does not.
package bridgehttp
