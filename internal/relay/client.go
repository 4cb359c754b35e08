package relay

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// clientListener accepts clientConns.
type clientListener struct{ *net.TCPListener }

func (l clientListener) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return &clientConn{TCPConn: c}, nil
}

// clientConn inserts the backend's reason into the status line. http.ResponseWriter writes Go's own reason for each
// status, and pages can read the reason as Response.statusText.
type clientConn struct {
	*net.TCPConn
	reason atomic.Pointer[string]
}

// Write writes p. If a reason is set and p begins with a status line, it replaces the line's reason first. The server
// flushes each answer, so a status line is always at the beginning of a write.
func (c *clientConn) Write(p []byte) (int, error) {
	const beforeReason = len("HTTP/1.1 200 ")
	reason := c.reason.Load()
	end := bytes.IndexByte(p, '\r')
	if reason == nil || end < beforeReason || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return c.TCPConn.Write(p)
	}
	c.reason.Store(nil)
	changed := append([]byte(nil), p[:beforeReason]...)
	changed = append(changed, *reason...)
	changed = append(changed, p[end:]...)
	if n, err := c.TCPConn.Write(changed); err != nil {
		// The caller cannot continue after an error: it only needs a length that is not too large.
		return min(n, len(p)), err
	}
	return len(p), nil
}

type clientConnKey struct{}

func withClientConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, clientConnKey{}, c)
}

// answerWriter writes the answer without what http.ResponseWriter adds, and counts the body's bytes.
type answerWriter struct {
	http.ResponseWriter
	x *exchange
}

// Unwrap is for http.ResponseController.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *answerWriter) WriteHeader(status int) {
	if status < 200 {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	// A field without values is not written, and the server does not add its own.
	for _, name := range []string{"Date", "Content-Type"} {
		if _, ok := w.Header()[name]; !ok {
			w.Header()[name] = nil
		}
	}
	if c, ok := w.x.in.Context().Value(clientConnKey{}).(*clientConn); ok && w.x.reason != goReason(status) {
		c.reason.Store(&w.x.reason)
	}
	w.ResponseWriter.WriteHeader(status)
	if w.Header().Get("Content-Length") == "" && w.x.in.Method != http.MethodHead {
		// The server would compute the length of a body that ends before the first flush.
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
}

func (w *answerWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.x.sent.Add(int64(n))
	return n, err
}

// Hijack is for upgrades.
func (w *answerWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return &upgradedConn{Conn: c, buffered: buffered.Reader, x: w.x}, buffered, nil
}

// upgradedConn is the client's side of an upgraded connection. It counts bytes. It also returns what the client sent
// before the upgrade was accepted, which httputil.ReverseProxy does not read.
type upgradedConn struct {
	net.Conn
	buffered *bufio.Reader
	x        *exchange
}

func (c *upgradedConn) Read(p []byte) (n int, err error) {
	if waiting := c.buffered.Buffered(); waiting > 0 {
		n, err = c.buffered.Read(p[:min(len(p), waiting)])
	} else {
		n, err = c.Conn.Read(p)
	}
	c.x.received.Add(int64(n))
	return n, err
}

func (c *upgradedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.x.sent.Add(int64(n))
	return n, err
}

// CloseWrite lets the end of one direction pass, while the other continues.
func (c *upgradedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

// goReason returns the reason that Go's server writes.
func goReason(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "status code " + strconv.Itoa(status)
}

// reasonOf returns the reason in http.Response.Status.
func reasonOf(status string) string {
	_, reason, _ := strings.Cut(status, " ")
	return reason
}
