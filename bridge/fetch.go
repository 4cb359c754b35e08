package bridge

import (
	"context"
	"io"
)

// Fetcher makes the requests of the direct way and of [Client.Fetch], as the browser's fetch does.
type Fetcher interface {
	// Fetch sends one request and returns when the answer's header is there; the body streams. A ctx that ends stops it,
	// before and after that, and gives context.Cause(ctx), from Fetch or from reading the body. A redirect is not
	// followed if the request has an Origin. A header that HTTP forbids gives [ErrInvalidRequest]; an unreachable remote,
	// or one that does not allow the page by CORS, [ErrNetwork]; a page whose policy does not allow the remote
	// [ErrBlocked].
	Fetch(ctx context.Context, request FetchRequest) (FetchResponse, error)
}

// FetchRequest is a request of a [Fetcher].
type FetchRequest struct {
	Method string
	// URL has the origin Origin. A request without a token has no Origin: it is made as the page's own fetch makes one,
	// so that URL may be relative to the page.
	URL, Origin string
	// Header may have the token, so it must not be printed.
	Header Header
	// Body is the whole body; nil means none.
	Body []byte
}

// FetchResponse is an answer of a [Fetcher].
type FetchResponse struct {
	Status     int
	StatusText string
	Header     Header
	URL        string
	// Body is never nil. Closing it before its end stops the request.
	Body io.ReadCloser
}

// Fetch makes a request from the page itself, without a token, as the page's own fetch does: to another part of the app,
// or to an address that the platform gave, such as one of a stored object. request.Origin must be empty. op is the
// operation's name in errors: [ErrInvalidRequest], [ErrNetwork], [ErrBlocked], [ErrNoBridge], and what ends ctx.
func (c *Client) Fetch(ctx context.Context, op string, request FetchRequest) (FetchResponse, error) {
	fail := func(err error) (FetchResponse, error) { return FetchResponse{}, callError(ctx, op, "", err) }
	if ctx.Err() != nil {
		return fail(context.Cause(ctx))
	}
	if request.Origin != "" {
		return fail(invalidRequest("Origin", "is for requests with a token"))
	}
	fetcher := c.fetcher
	if fetcher == nil {
		fetcher = newPageFetcher()
	}
	if fetcher == nil {
		return fail(ErrNoBridge)
	}
	response, err := fetcher.Fetch(ctx, request)
	if err != nil {
		return fail(err)
	}
	return response, nil
}
