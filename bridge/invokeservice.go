package bridge

import "context"

// InvokeService sends a request to one of the app's container services, by the page's own bridge, and gives the service's
// answer, whatever its status. Which service it is stands in manifest.yml: the module's resolver.endpoint. The body, if
// any, is a JSON object. The service must answer with JSON below status 400, or the call is rejected; the body of an
// answer from 400 on is any text.
//
// At most 500 calls in 25 seconds are sent; further ones give a [*RateLimitError] at once. Other errors are those of
// [InvokeRemote].
//
// It is invokeService of @forge/bridge: containers-reference/int-invokeservice.
func InvokeService(ctx context.Context, request Request) (*Response, error) {
	return FromContext(ctx).InvokeService(ctx, request)
}

// InvokeService is the package's [InvokeService] by this client.
func (c *Client) InvokeService(ctx context.Context, request Request) (*Response, error) {
	return c.invokeEndpoint(ctx, endpointCall{"invokeService", "InvokeService", "ui-container-fetch", c.serviceLimit}, request)
}
