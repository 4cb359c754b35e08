package bridge

import (
	"context"
	"io"
)

// Fetcher sends the requests that the page itself makes, as the browser's fetch does: those of [WithDirect], and those for
// translations and stored objects. [PageFetcher] is the default.
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
	// Body is the whole body, or nil if there is none. It may be memory of the app, so Fetch must not change it.
	Body []byte
}

// FetchResponse is the response of a [Fetcher].
type FetchResponse struct {
	// Status is the HTTP status, and StatusText the text beside it, which is often empty.
	Status     int
	StatusText string
	// Header holds the header fields that the page may read, with names in canonical form.
	Header Header
	// URL is the address that answered, or empty if it is not known.
	URL string
	// Body is never nil. Closing it before its end stops the request.
	Body io.ReadCloser
}

// PageFetcher returns the page's own fetch. Use it in a Fetcher of your own that wraps it. Outside a page, its Fetch
// returns [ErrNoBridge].
func PageFetcher() Fetcher {
	if fetcher := newPageFetcher(); fetcher != nil {
		return fetcher
	}
	return noFetcher{}
}

// noFetcher is used if there is no page.
type noFetcher struct{}

func (noFetcher) Fetch(ctx context.Context, _ FetchRequest) (FetchResponse, error) {
	if ctx.Err() != nil {
		return FetchResponse{}, context.Cause(ctx)
	}
	return FetchResponse{}, ErrNoBridge
}
