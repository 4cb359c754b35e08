package bridge

import (
	"context"
	"io"
)

// Fetcher sends the requests of [Direct] and of [Client.Fetch], as the browser's fetch does.
type Fetcher interface {
	// Fetch sends one request and returns when the response's header has arrived; the body streams. If ctx ends, before
	// or after that, the request stops, and Fetch or the read of the body returns context.Cause(ctx). If the request
	// has an Origin, Fetch follows no redirect. It returns [ErrInvalidRequest] if HTTP forbids the header, [ErrNetwork]
	// if the remote cannot be reached or does not allow the page by CORS, and [ErrBlocked] if the page's policy does
	// not allow the remote.
	Fetch(ctx context.Context, request FetchRequest) (FetchResponse, error)
}

// FetchRequest is a request for a [Fetcher].
type FetchRequest struct {
	Method string
	// URL is the address. Origin is its origin if the request has a token. Without a token, Origin is empty, the
	// request is sent as by the page's own fetch, and URL may be relative to the page.
	URL, Origin string
	// Header may hold the token, so it must not be printed.
	Header Header
	// Body is the whole body, or nil if there is none.
	Body []byte
}

// FetchResponse is the response of a [Fetcher].
type FetchResponse struct {
	Status     int
	StatusText string
	Header     Header
	URL        string
	// Body is never nil. Closing it before its end stops the request.
	Body io.ReadCloser
}

// Fetch sends a request from the page itself, without a token, as the page's own fetch does. Use it for files of the
// app, or for an address that the platform returned, such as that of a stored object. request.Origin must be empty. The
// name op appears in errors. The errors are [ErrInvalidRequest], [ErrNetwork], [ErrBlocked], [ErrNoBridge], and the
// reason why ctx ended.
func (c *Client) Fetch(ctx context.Context, op string, request FetchRequest) (FetchResponse, error) {
	fail := func(err error) (FetchResponse, error) { return FetchResponse{}, callError(ctx, op, "", err) }
	if ctx.Err() != nil {
		return fail(context.Cause(ctx))
	}
	if request.Origin != "" {
		return fail(invalidRequest("Origin", "must be empty: it is for requests with a token"))
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
