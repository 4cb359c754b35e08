package bridgehttp_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// memory is a RoundTripper that calls a handler, without a network, so that testing/synctest can hold its time. An answer
// begins when the handler flushes or returns, and streams from there. A request whose context ends, or whose body is
// closed, ends the context that the handler has.
type memory struct{ handler http.Handler }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "192.0.2.1:1234"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	reader, writer := io.Pipe()
	w := &memoryWriter{header: http.Header{}, out: writer, begun: make(chan struct{}), head: r.Method == http.MethodHead}
	go func() {
		m.handler.ServeHTTP(w, in)
		w.finish()
		_ = writer.CloseWithError(context.Cause(ctx)) // the answer's end if there is none
	}()
	stop := context.AfterFunc(ctx, func() { _ = reader.CloseWithError(context.Cause(ctx)) })
	select {
	case <-w.begun:
	case <-ctx.Done():
		cancel()
		return nil, context.Cause(ctx)
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, ContentLength: -1, Request: r, Body: &memoryBody{reader, func() { stop(); cancel() }},
	}, nil
}

type memoryBody struct {
	*io.PipeReader
	stop func()
}

func (b *memoryBody) Close() error {
	b.stop()
	return b.PipeReader.Close()
}

// memoryWriter is the handler's ResponseWriter.
type memoryWriter struct {
	header, sent http.Header
	status       int
	head         bool
	out          *io.PipeWriter
	begin        sync.Once
	begun        chan struct{}
	// held is what was written before the answer began.
	held bytes.Buffer
}

func (w *memoryWriter) Header() http.Header { return w.header }

func (w *memoryWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	switch {
	case w.status == http.StatusNoContent || w.status == http.StatusNotModified:
		return 0, http.ErrBodyNotAllowed
	case len(p) > 0 && w.sent.Get("Content-Type") == "" && w.sent.Get("Content-Encoding") == "":
		w.sent.Set("Content-Type", http.DetectContentType(p))
	}
	select {
	case <-w.begun:
		if w.head {
			return len(p), nil
		}
		return w.out.Write(p)
	default:
		return w.held.Write(p)
	}
}

// Flush begins the answer.
func (w *memoryWriter) Flush() {
	w.WriteHeader(http.StatusOK)
	w.begin.Do(func() { close(w.begun) })
	if !w.head && w.held.Len() > 0 {
		_, _ = w.out.Write(w.held.Bytes())
	}
	w.held.Reset()
}

// finish begins an answer whose length is known.
func (w *memoryWriter) finish() {
	w.WriteHeader(http.StatusOK)
	select {
	case <-w.begun:
	default:
		if w.sent.Get("Content-Length") == "" && w.status != http.StatusNoContent && w.status != http.StatusNotModified && (!w.head || w.held.Len() > 0) {
			w.sent.Set("Content-Length", strconv.Itoa(w.held.Len()))
		}
	}
	w.Flush()
}
