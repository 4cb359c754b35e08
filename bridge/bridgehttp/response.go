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
)

// response gives the bridge's answer as net/http's. cancel stops the request, if it still runs.
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

// statusLine gives "200 OK". Over HTTP/2 no text comes with the status.
func statusLine(r *bridge.Response) string {
	text := r.StatusText
	if text == "" {
		text = http.StatusText(r.Status)
	}
	return strings.TrimSuffix(strconv.Itoa(r.Status)+" "+text, " ")
}

// setLength makes length, header and the body that is read agree; a length of -1 is not known. The browser, or the
// platform, has unpacked the body, and what the fields say is its length before that.
func setLength(r *http.Response, length int64) {
	r.ContentLength = length
	if isUnpacked(r.Header.Values("Content-Encoding")) {
		// As http.DefaultTransport does when it unpacks.
		r.Uncompressed = true
		r.ContentLength = -1
		r.Header.Del("Content-Encoding")
		r.Header.Del("Content-Length")
	} else if length >= 0 && declaredLength(r.Header) != length {
		r.Header.Del("Content-Length")
	}
}

// isUnpacked reports whether browsers unpack bodies with this Content-Encoding.
func isUnpacked(codings []string) bool {
	unpacked := false
	for coding := range strings.SplitSeq(strings.Join(codings, ","), ",") {
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip", "deflate", "br", "zstd":
			unpacked = true
		case "":
		default:
			return false // not known to a browser, which then leaves the body alone
		}
	}
	return unpacked
}

// declaredLength gives what Content-Length says; -1 if it says nothing.
func declaredLength(h http.Header) int64 {
	n, err := strconv.ParseUint(strings.TrimSpace(h.Get("Content-Length")), 10, 63)
	if err != nil {
		return -1
	}
	return int64(n)
}

// responseBody is an answer's body. It may be closed while it is read.
type responseBody struct {
	ctx    context.Context
	cancel context.CancelFunc
	closed atomic.Bool

	mu   sync.Mutex
	body io.ReadCloser
	// err is what all further reads give.
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
		b.err = ended(b.ctx)
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
		err = ended(b.ctx)
	}
	b.err = err
	b.cancel()
	return n, err
}

// Close stops the request if its body was not read to the end. It waits for nobody: a Read that is under way returns.
func (b *responseBody) Close() error {
	if b.closed.Swap(true) {
		return nil
	}
	b.cancel()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.body.Close()
}
