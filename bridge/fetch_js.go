package bridge

import (
	"context"
	"io"
	"strconv"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
)

// newPageFetcher returns the page's own fetch, which the shim calls.
func newPageFetcher() Fetcher {
	if page == nil {
		return nil
	}
	return pageFetcher{page}
}

// pageFetcher sends requests by the page's fetch. A request crosses to the shim as a call does, but the shim itself
// answers it. So exceptions, streams and aborts stay on the JavaScript side, and no js.Value is made.
type pageFetcher struct{ host *pageHost }

func (f pageFetcher) Fetch(ctx context.Context, r FetchRequest) (FetchResponse, error) {
	fields, err := r.Header.fields(nil)
	if err != nil {
		return FetchResponse{}, err
	}
	b := appendJSONString([]byte(`{"url":`), r.URL)
	b = appendJSONString(append(b, `,"origin":`...), r.Origin)
	b = append(b, `,"init":{`...)
	if r.Origin != "" {
		// Send no cookie beside the token, store no copy of the response, and send nothing to the target of a redirect.
		b = append(b, `"mode":"cors","credentials":"omit","cache":"no-store","referrerPolicy":"no-referrer","redirect":"manual",`...)
	}
	b = appendJSONString(append(b, `"method":`...), r.Method)
	b = append(appendFields(append(b, `,"headers":`...), fields), "}}"...)
	id, answer, err := f.host.do(ctx, Call{Command: "fetch", Payload: b, Body: r.Body}, requestLocal)
	if err != nil {
		return FetchResponse{}, fetchError(err)
	}
	response := FetchResponse{Header: Header{}}
	empty := false
	s := scanner{data: answer.Payload}
	for name := range s.members() {
		switch name {
		case "status":
			response.Status, _ = s.int()
		case "statusText":
			response.StatusText, _ = s.string()
		case "url":
			response.URL, _ = s.string()
		case "headers":
			readHeader(&s, response.Header, nil)
		case "empty":
			empty = s.truthy()
		}
	}
	if empty {
		response.Body = newBody(nil)
		return response, nil
	}
	body := &streamBody{ctx: ctx, host: f.host, request: id}
	// The context may end when nobody reads.
	body.stopWatching = context.AfterFunc(ctx, func() { f.host.drop(id) })
	response.Body = body
	return response, nil
}

// fetchError converts what the shim's fetch threw.
func fetchError(err error) error {
	e, ok := err.(*HostError)
	switch {
	case !ok:
		return err
	case e.Code == "BLOCKED":
		return &kindError{ErrBlocked, ErrBlocked.Error()}
	case e.Code == "REDIRECT":
		return &kindError{ErrInvalidResponse, "the remote answered with a redirect, which bridge.WithDirect does not follow: request its target instead"}
	case e.Code == "ORIGIN":
		return invalidRequest("Path", "the address leads to another origin")
	}
	return &kindError{ErrNetwork, "the remote could not be reached, or does not allow this page's origin by CORS: " + e.Message}
}

// streamBody is a body that the shim holds. It asks for each piece when it needs it, so a slow reader slows the remote
// down.
type streamBody struct {
	ctx          context.Context
	host         *pageHost
	request      uint32
	stopWatching func() bool
	// piece was taken from the shim and has not been read yet.
	piece []byte
	// err is returned by all further reads.
	err error
}

func (b *streamBody) Read(p []byte) (int, error) {
	for len(b.piece) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		if len(p) == 0 {
			return 0, nil
		}
		b.next()
	}
	n := copy(p, b.piece)
	b.piece = b.piece[n:]
	return n, nil
}

// next takes the next piece, or sets err.
func (b *streamBody) next() {
	if b.ctx.Err() != nil {
		b.end(ctxerr.Of(b.ctx))
		return
	}
	payload := append(strconv.AppendUint([]byte(`{"request":`), uint64(b.request), 10), '}')
	_, answer, err := b.host.do(b.ctx, Call{Command: "read", Payload: payload}, requestLocal)
	switch {
	case b.ctx.Err() != nil:
		b.end(ctxerr.Of(b.ctx))
	case err != nil:
		b.end(&kindError{ErrNetwork, "the connection to the remote broke while the body was read: " + err.Error()})
	case answer.Body == nil:
		b.end(io.EOF)
	default:
		b.piece = answer.Body
	}
}

func (b *streamBody) end(err error) {
	b.err = err
	if b.stopWatching() {
		b.host.drop(b.request)
	}
}

// Close stops the request if the body has not been read to its end.
func (b *streamBody) Close() error {
	if b.err == nil {
		b.end(ErrBodyRead)
	}
	b.piece = nil
	return nil
}
