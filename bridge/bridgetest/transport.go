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

// transport passes requests to the remotes' handlers, without a network.
type transport struct {
	host *Host
	// names are those for which a failure of the request may be set.
	names  []string
	target *remoteTarget
	// invokeLimit is the platform's time limit, or zero if there is none.
	invokeLimit time.Duration
	// inPage means that a browser sends the requests, so that an answer needs CORS headers.
	inPage bool
}

// RoundTrip implements http.RoundTripper. A redirect may lead to another remote, or to none.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	target, u := t.target, platform.URLOf(r)
	if _, err := url.ParseRequestURI(u.Path + u.Query); err != nil {
		return t.badRequest(r)
	}
	if r.Response != nil { // after a redirect: the first request has already applied failures
		if target = t.host.at(u); target == nil {
			return nil, fmt.Errorf("no remote answers at %s", u.Host)
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

// badRequest answers a request whose path net/http's server cannot parse. The server answers before it calls a
// handler.
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

// serve calls the remote's handler. The response starts when the handler flushes, has written bufferSize bytes, or
// returns, and streams from then on. The handler's context ends when the request's context ends or the response is
// closed.
func (h *Host) serve(target *remoteTarget, r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	stopClosing := context.AfterFunc(h.ctx, cancel)
	in, u := r.Clone(ctx), platform.URLOf(r)
	in.RequestURI, in.Host = u.Path+u.Query, u.Host
	in.URL, _ = url.ParseRequestURI(in.RequestURI) // cannot fail: RoundTrip has parsed it
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
		_ = writer.CloseWithError(context.Cause(ctx)) // io.EOF if the cause is nil
	}, func(failed bool) {
		stopClosing()
		if failed {
			// The reader sees the connection break, before or after the header.
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

// bufferSize is how much a handler may write before its response starts, as in net/http's server.
const bufferSize = 2048

// responseWriter is the handler's http.ResponseWriter. It behaves like net/http's server, without a Date.
type responseWriter struct {
	header, sent http.Header
	status       int
	isHead       bool
	out          *io.PipeWriter
	begin        sync.Once
	begun        chan struct{}
	// held is what was written before the response started.
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

// Flush starts the response.
func (w *responseWriter) Flush() {
	w.WriteHeader(http.StatusOK)
	w.begin.Do(func() { close(w.begun) })
	if !w.isHead && w.held.Len() > 0 {
		_, _ = w.out.Write(w.held.Bytes())
	}
	w.held.Reset()
}

// finish starts a response whose length is known.
func (w *responseWriter) finish() {
	w.WriteHeader(http.StatusOK)
	if !w.hasBegun() && w.sent.Get("Content-Length") == "" && !w.hasNoBody() && (!w.isHead || w.held.Len() > 0) {
		w.sent.Set("Content-Length", strconv.Itoa(w.held.Len()))
	}
	w.Flush()
}
