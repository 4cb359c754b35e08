package bridge

import "context"

type clientKey struct{}

// NewContext gives a context whose calls go by client: those of the package functions here, such as [RequestRemote], and of
// the packages below this one. Without it they go by [Default]. It is how a test has an app use the host that it made.
func NewContext(ctx context.Context, client *Client) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

// FromContext gives the client that [NewContext] put into ctx, and [Default] if there is none.
func FromContext(ctx context.Context) *Client {
	if c, ok := ctx.Value(clientKey{}).(*Client); ok {
		return c
	}
	return pageClient
}
