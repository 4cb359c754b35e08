package bridgetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/platform"
)

// transport carries requests to the remotes' handlers, without a network.
type transport struct {
	host *Host
	// names are those under which a failure may be set for the request.
	names  []string
	target *remoteTarget
	// invokeLimit is the platform's time limit, where there is one.
	invokeLimit time.Duration
	// inPage says that a browser sends the requests, which needs CORS headers in an answer.
	inPage bool
}

// RoundTrip is http.RoundTripper's. A redirect may have led to another remote, or to nobody.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	target, u := t.target, platform.URLOf(r)
	if _, err := url.ParseRequestURI(u.Path + u.Query); err != nil {
		return t.badRequest(r)
	}
	if r.Response != nil { // a redirect, which failures have let through already
		if target = t.host.at(u); target == nil {
			return nil, fmt.Errorf("nobody answers at %s", u.Host)
		}
		return t.host.serve(target, r)
	}
	failure, delay := t.host.take(t.names...)
	if err := wait(r.Context(), delay); err != nil {
		return nil, err
	}
	return failure.exchange(r, t.invokeLimit, func() (*http.Response, error) { return t.host.serve(target, r) })
}

var errBadRequest = errors.New("a server of net/http refuses the request's path, in which a % is not escaped as %25, and its answer has no CORS headers")

// badRequest is what becomes of a request whose path net/http's server cannot read. It answers before any handler.
func (t *transport) badRequest(r *http.Request) (*http.Response, error) {
	if t.inPage {
		return nil, errBadRequest
	}
	const text = "400 Bad Request"
	return &http.Response{
		Status: text, StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, ContentLength: -1, Body: io.NopCloser(strings.NewReader(text)),
	}, nil
}

// serve has the remote's handler answer. The answer begins when the handler flushes, has written much, or returns, and
// streams from there. A request whose context ends, or whose answer is closed, ends the context that the handler has.
func (h *Host) serve(target *remoteTarget, r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	stopClosing := context.AfterFunc(h.ctx, cancel)
	in, u := r.Clone(ctx), platform.URLOf(r)
	in.RequestURI, in.Host = u.Path+u.Query, u.Host
	in.URL, _ = url.ParseRequestURI(in.RequestURI) // RoundTrip has seen that it can be parsed
	in.RemoteAddr = "192.0.2.1:1234"
	in.Response = nil
	if in.Body == nil {
		in.Body = http.NoBody
	}
	reader, writer := io.Pipe()
	w := &responseWriter{header: http.Header{}, out: writer, begun: make(chan struct{}), isHead: r.Method == http.MethodHead}
	stopReading := context.AfterFunc(ctx, func() { _ = reader.CloseWithError(context.Cause(ctx)) })
	cut := make(chan struct{})
	began := h.start("the handler of the remote "+strconv.Quote(target.key), func() {
		target.handler.ServeHTTP(w, in)
		w.finish()
		_ = writer.CloseWithError(context.Cause(ctx)) // the answer's end if there is none
	}, func(failed bool) {
		stopClosing()
		if failed {
			// Whoever reads sees the connection break, before or after the header.
			close(cut)
			_ = writer.CloseWithError(io.ErrUnexpectedEOF)
		}
	})
	if !began {
		cancel()
		return nil, errClosed()
	}
	select {
	case <-w.begun:
	case <-cut:
		select {
		case <-w.begun:
		default:
			cancel()
			return nil, io.ErrUnexpectedEOF
		}
	case <-ctx.Done():
		cancel()
		return nil, context.Cause(ctx)
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, ContentLength: -1, Request: r, Body: &responseBody{reader, func() { stopReading(); cancel() }},
	}, nil
}

type responseBody struct {
	*io.PipeReader
	stop func()
}

func (b *responseBody) Close() error {
	b.stop()
	return b.PipeReader.Close()
}

// bufferSize is how much a handler may write before its answer begins, as with net/http's server.
const bufferSize = 2048

// responseWriter is the handler's http.ResponseWriter. It does what net/http's server does, without a Date.
type responseWriter struct {
	header, sent http.Header
	status       int
	isHead       bool
	out          *io.PipeWriter
	begin        sync.Once
	begun        chan struct{}
	// held is what was written before the answer began.
	held bytes.Buffer
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *responseWriter) hasBegun() bool {
	select {
	case <-w.begun:
		return true
	default:
		return false
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.hasNoBody() {
		return 0, http.ErrBodyNotAllowed
	}
	if w.hasBegun() {
		if w.isHead {
			return len(p), nil
		}
		return w.out.Write(p)
	}
	if _, named := w.sent["Content-Type"]; len(p) > 0 && !named && w.sent.Get("Content-Encoding") == "" {
		w.sent.Set("Content-Type", http.DetectContentType(p))
	}
	n, err := w.held.Write(p)
	if w.held.Len() > bufferSize {
		w.Flush()
	}
	return n, err
}

func (w *responseWriter) hasNoBody() bool {
	return w.status == http.StatusNoContent || w.status == http.StatusNotModified
}

// Flush begins the answer.
func (w *responseWriter) Flush() {
	w.WriteHeader(http.StatusOK)
	w.begin.Do(func() { close(w.begun) })
	if !w.isHead && w.held.Len() > 0 {
		_, _ = w.out.Write(w.held.Bytes())
	}
	w.held.Reset()
}

// finish begins an answer whose length is known.
func (w *responseWriter) finish() {
	w.WriteHeader(http.StatusOK)
	if !w.hasBegun() && w.sent.Get("Content-Length") == "" && !w.hasNoBody() && (!w.isHead || w.held.Len() > 0) {
		w.sent.Set("Content-Length", strconv.Itoa(w.held.Len()))
	}
	w.Flush()
}
