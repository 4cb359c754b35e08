package relay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// pieceSize is how much of a body is copied at once, in bytes.
	pieceSize = 32 << 10
	// continueTime is how long a body with "Expect: 100-continue" waits for the backend, as long as in Go's own client.
	continueTime = time.Second
)

var (
	errHeadTooLarge = errors.New("the head of the answer is too large")
	errNotHTTP      = errors.New("the answer is not HTTP/1")
)

// RoundTrip sends the request over the exchange's own connection and returns the answer's head.
//
// http.Transport is not transparent. It sends a request again if a connection that it used before breaks, so a handler
// may run twice. It keeps back the first 4 KB of a body with a known length until it has more. It writes some targets in
// another way, and adds or removes "Content-Length: 0". A new connection for each request also never belongs to a backend
// that has stopped.
func (x *exchange) RoundTrip(out *http.Request) (*http.Response, error) {
	if _, err := x.backend.Write(x.head(out)); err != nil {
		return nil, err
	}
	proceed := make(chan struct{})
	release := sync.OnceFunc(func() { close(proceed) }) // A backend may send 100 twice.
	if out.Body != nil {
		go x.sendBody(out.Body, proceed)
	}
	if out.Header.Get("Expect") == "" {
		release()
	}
	source := &answerReader{conn: x.backend, left: headLimit}
	in := bufio.NewReader(source)
	trace := httptrace.ContextClientTrace(out.Context())
	for {
		res, err := http.ReadResponse(in, out)
		switch {
		case err != nil && source.err != nil:
			return nil, source.err
		case err != nil || res.StatusCode < 100:
			return nil, errNotHTTP
		case res.StatusCode == http.StatusSwitchingProtocols:
			source.left = math.MaxInt64
			res.Body = backendStream{in, x.backend}
			return res, nil
		case res.StatusCode >= 200:
			source.left = math.MaxInt64
			return res, nil
		}
		if trace != nil && trace.Got1xxResponse != nil {
			if err := trace.Got1xxResponse(res.StatusCode, textproto.MIMEHeader(res.Header)); err != nil {
				return nil, err
			}
		}
		// Only now, because the server sends 100 itself when the body is read first.
		if res.StatusCode == http.StatusContinue {
			release()
		}
	}
}

// head returns the request line and the header fields. httputil.ReverseProxy has removed the fields that belong to the
// client's connection.
func (x *exchange) head(out *http.Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", x.in.Method, x.in.RequestURI, x.in.Host)
	skip := map[string]bool{"Content-Length": true, "Host": true}
	if _, ok := x.in.Header["User-Agent"]; !ok {
		// httputil.ReverseProxy adds an empty one, for http.Transport.
		skip["User-Agent"] = true
	}
	_ = out.Header.WriteSubset(&b, skip)
	switch _, hasLength := x.in.Header["Content-Length"]; {
	case x.chunked():
		b.WriteString("Transfer-Encoding: chunked\r\n")
		if names := slices.Sorted(maps.Keys(x.in.Trailer)); len(names) > 0 {
			fmt.Fprintf(&b, "Trailer: %s\r\n", strings.Join(names, ", "))
		}
	case hasLength || x.in.ContentLength > 0:
		fmt.Fprintf(&b, "Content-Length: %d\r\n", x.in.ContentLength)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func (x *exchange) chunked() bool { return x.in.ContentLength < 0 }

// sendBody copies the request's body as it arrives. If the client breaks it, the backend's connection breaks too. If the
// backend does not read on, it may still have answered: then RoundTrip reads the answer.
func (x *exchange) sendBody(body io.Reader, proceed <-chan struct{}) {
	select {
	case <-proceed:
	case <-time.After(continueTime):
	case <-x.in.Context().Done():
		return
	}
	var err error
	if x.chunked() {
		err = x.sendChunks(body)
	} else {
		_, err = io.CopyBuffer(onlyWriter{x.backend}, body, make([]byte, min(pieceSize, x.in.ContentLength)))
	}
	if err != nil && x.uploadFailed.Load() {
		_ = x.backend.Close()
	}
}

// sendChunks sends each piece at once, then the trailer.
func (x *exchange) sendChunks(body io.Reader) error {
	out := bufio.NewWriterSize(x.backend, pieceSize+64)
	chunks := httputil.NewChunkedWriter(out)
	piece := make([]byte, pieceSize)
	for {
		n, err := body.Read(piece)
		if n > 0 {
			if _, err := chunks.Write(piece[:n]); err != nil {
				return err
			}
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	_ = chunks.Close()
	_ = x.in.Trailer.Write(out)
	_, _ = out.WriteString("\r\n")
	return out.Flush()
}

// onlyWriter hides ReadFrom, so that io.CopyBuffer uses its buffer.
type onlyWriter struct{ io.Writer }

// backendStream is the backend's side of an upgraded connection.
type backendStream struct {
	io.Reader
	net.Conn
}

func (s backendStream) Read(p []byte) (int, error) { return s.Reader.Read(p) }

// CloseWrite lets the end of one direction pass, while the other continues.
func (s backendStream) CloseWrite() error {
	if half, ok := s.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return s.Close()
}

// answerReader reads an answer. It limits the length of the head, and keeps the error that ended it.
type answerReader struct {
	conn net.Conn
	left int64
	err  error
}

func (r *answerReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		r.err = errHeadTooLarge
		return 0, r.err
	}
	n, err := r.conn.Read(p)
	r.left -= int64(n)
	r.err = err
	return n, err
}
