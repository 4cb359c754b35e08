package bridge

import (
	"context"
	"io"
)

// Fetcher makes the requests of the direct way, as the browser's fetch does.
type Fetcher interface {
	// Fetch sends one request and returns when the answer's header is there; the body streams. A ctx that ends stops it,
	// before and after that, and gives context.Cause(ctx), from Fetch or from reading the body. A redirect is not
	// followed. An unreachable remote, or one that does not allow the page by CORS, gives [ErrNetwork]; a page whose
	// policy does not allow the remote gives [ErrBlocked].
	Fetch(ctx context.Context, request FetchRequest) (FetchResponse, error)
}

// FetchRequest is a request of a [Fetcher].
type FetchRequest struct {
	Method string
	// URL has the origin Origin.
	URL, Origin string
	// Header has the token, so it must not be printed.
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
