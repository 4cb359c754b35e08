package bridgehttp

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/ctxerr"
)

// response converts the bridge's response to net/http's. cancel stops the request if it is still running.
func (t *Transport) response(r *http.Request, from *bridge.Response, cancel context.CancelFunc) *http.Response {
	response := &http.Response{
		Status:     statusLine(from),
		StatusCode: from.Status,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     t.responseHeader(from.Header),
		Request:    r,
	}
	inMemory, known := from.Body.(interface{ Len() int })
	switch {
	case r.Method == http.MethodHead:
		response.ContentLength = declaredLength(response.Header)
		response.Body = http.NoBody
	case from.Status == http.StatusNoContent || from.Status == http.StatusNotModified:
		response.Body = http.NoBody
	default:
		length := int64(-1)
		if known {
			length = int64(inMemory.Len())
		}
		setLength(response, length)
		response.Body = &responseBody{ctx: r.Context(), cancel: cancel, body: from.Body}
	}
	if response.Body == http.NoBody {
		_ = from.Body.Close()
	}
	if known || response.Body == http.NoBody {
		cancel()
	}
	return response
}

// statusLine returns, for example, "200 OK". HTTP/2 sends no text with the status.
func statusLine(r *bridge.Response) string {
	text := r.StatusText
	if text == "" {
		text = http.StatusText(r.Status)
	}
	return strings.TrimSuffix(strconv.Itoa(r.Status)+" "+text, " ")
}

// setLength makes the length, the header and the body agree; -1 means an unknown length. The browser or the platform
// has already decompressed the body, so the header fields describe its compressed length.
func setLength(r *http.Response, length int64) {
	r.ContentLength = length
	if isUnpacked(r.Header.Values("Content-Encoding")) {
		// http.DefaultTransport does the same when it decompresses.
		r.Uncompressed = true
		r.ContentLength = -1
		r.Header.Del("Content-Encoding")
		r.Header.Del("Content-Length")
	} else if length >= 0 && declaredLength(r.Header) != length {
		r.Header.Del("Content-Length")
	}
}

// isUnpacked reports whether browsers decompress bodies with this Content-Encoding.
func isUnpacked(codings []string) bool {
	unpacked := false
	for coding := range strings.SplitSeq(strings.Join(codings, ","), ",") {
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip", "deflate", "br", "zstd":
			unpacked = true
		case "":
		default:
			return false // browsers do not know this coding and leave the body as it is
		}
	}
	return unpacked
}

// declaredLength returns the value of Content-Length, or -1 if there is none.
func declaredLength(h http.Header) int64 {
	n, err := strconv.ParseUint(strings.TrimSpace(h.Get("Content-Length")), 10, 63)
	if err != nil {
		return -1
	}
	return int64(n)
}

// responseBody is a response's body. It may be closed during a Read.
type responseBody struct {
	ctx    context.Context
	cancel context.CancelFunc
	closed atomic.Bool

	mu   sync.Mutex
	body io.ReadCloser
	// err is what all further reads return.
	err error
}

func (b *responseBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed.Load():
		return 0, http.ErrBodyReadAfterClose
	case b.err != nil:
		return 0, b.err
	case b.ctx.Err() != nil:
		b.err = ctxerr.Of(b.ctx)
		return 0, b.err
	}
	n, err := b.body.Read(p)
	if err == nil {
		return n, nil
	}
	switch {
	case b.closed.Load():
		err = http.ErrBodyReadAfterClose
	case err != io.EOF && b.ctx.Err() != nil:
		err = ctxerr.Of(b.ctx)
	}
	b.err = err
	b.cancel()
	return n, err
}

// Close stops the request if its body was not read to the end. It does not wait; a Read in progress returns.
func (b *responseBody) Close() error {
	if b.closed.Swap(true) {
		return nil
	}
	b.cancel()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.body.Close()
}
