package relay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"
)

// earlyBody is the largest body that the relay reads while a request waits, in bytes. All waiting requests together hold
// at most waitingLimit times as much.
const earlyBody = 16 << 10

// exchange is one request and its answer.
type exchange struct {
	relay *Relay
	in    *http.Request
	out   *answerWriter
	start time.Time
	// backend is the connection for this exchange only.
	backend net.Conn
	// leave says that the exchange is over, or is a stream, for which Drain does not wait.
	leave func()

	number      uint64
	held        time.Duration
	status      int
	reason      string
	eventStream bool
	problem     *Problem
	complete    bool
	// received and sent count the bytes of the two bodies. Reading the request's body may fail in another goroutine.
	received, sent atomic.Int64
	uploadFailed   atomic.Bool
}

// silent discards what httputil.ReverseProxy logs: an exchange has it as its Problem.
var silent = log.New(io.Discard, "", 0)

// serve is the handler of all requests. It panics with http.ErrAbortHandler to close a connection.
func (r *Relay) serve(w http.ResponseWriter, in *http.Request) {
	if !r.begin() {
		panic(http.ErrAbortHandler)
	}
	defer r.exchanges.Done()
	x := &exchange{relay: r, in: in, start: time.Now(), number: r.numbers.Add(1)}
	x.out = &answerWriter{ResponseWriter: w, x: x}
	defer func() { r.report(x.describe(Ended)) }()

	control := http.NewResponseController(w)
	// Without it, the server reads the request's body before it writes the answer.
	if err := control.EnableFullDuplex(); err != nil {
		panic(err)
	}
	if in.Body != http.NoBody {
		in.Body = &requestBody{ReadCloser: in.Body, x: x}
	}
	if !x.connect(control) {
		panic(http.ErrAbortHandler)
	}
	defer x.leave()
	defer x.backend.Close()
	defer context.AfterFunc(in.Context(), func() { _ = x.backend.Close() })()
	proxy := httputil.ReverseProxy{
		Rewrite:        x.rewrite,
		Transport:      x,
		FlushInterval:  -1,
		ModifyResponse: x.answered,
		ErrorHandler:   x.fail,
		ErrorLog:       silent,
	}
	proxy.ServeHTTP(x.out, in)
	x.complete = true
}

// connect connects to the backend, and waits for one if necessary. It reports whether it succeeded, and sets problem if
// that is the backend's fault.
//
// It connects before anything is sent, so that a request which comes just when the backend stops can wait for the next
// one.
func (x *exchange) connect(control *http.ResponseController) bool {
	r, ctx := x.relay, x.in.Context()
	timer := time.NewTimer(r.gate.wait)
	defer timer.Stop()
	if p := r.gate.current().phase; p == starting || p == holding {
		if !x.readEarly(control) {
			return false
		}
	}
	for {
		s, waited, err := r.gate.pass(ctx, timer.C)
		x.held += waited
		if err != nil {
			if ctx.Err() == nil {
				x.problem = waitProblem(r, s, err)
			}
			return false
		}
		if s.phase == failed {
			x.problem = failProblem(r.kind, s.err)
			return false
		}
		conn, err := r.dialer.DialContext(ctx, "tcp", s.addr)
		if err == nil {
			x.backend, x.leave = conn, sync.OnceFunc(r.gate.leave)
			return true
		}
		r.gate.leave()
		switch {
		case ctx.Err() != nil:
			return false
		case !s.changed():
			x.problem = dialProblem(r.kind, s.addr, err)
			return false
		}
	}
}

// readEarly reads a small body, because Go's server only notices that a client leaves when the body was read. So a
// request of a page that was closed or loaded again is not sent to the next backend. It reports whether the body was read
// without an error.
func (x *exchange) readEarly(control *http.ResponseController) bool {
	in := x.in
	if in.ContentLength <= 0 || in.ContentLength > earlyBody || in.Header.Get("Expect") != "" {
		return true
	}
	_ = control.SetReadDeadline(x.start.Add(x.relay.gate.wait))
	body, err := io.ReadAll(in.Body)
	_ = control.SetReadDeadline(time.Time{})
	if err != nil {
		return false
	}
	in.Body = io.NopCloser(bytes.NewReader(body))
	return true
}

// rewrite undoes what httputil.ReverseProxy changes in every request.
func (x *exchange) rewrite(p *httputil.ProxyRequest) {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := p.In.Header[name]; ok {
			p.Out.Header[name] = values
		}
	}
}

// answered records the head of the backend's answer.
func (x *exchange) answered(res *http.Response) error {
	x.status, x.reason = res.StatusCode, reasonOf(res.Status)
	if res.StatusCode == http.StatusSwitchingProtocols {
		x.leave()
		x.relay.report(x.describe(Began))
		return nil
	}
	if text := x.relay.cors.Problem(x.in, res.StatusCode, res.Header); text != "" {
		x.problem = &Problem{CORS, text}
	}
	contentType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if x.eventStream = contentType == "text/event-stream"; x.eventStream {
		x.leave()
	}
	if x.eventStream || x.problem != nil {
		x.relay.report(x.describe(Began))
	}
	res.Body = &answerBody{ReadCloser: res.Body, x: x}
	return nil
}

// fail ends an exchange that has no answer.
func (x *exchange) fail(_ http.ResponseWriter, _ *http.Request, err error) {
	if !x.clientLeft() {
		x.problem = answerProblem(x.relay.kind, err)
	}
	panic(http.ErrAbortHandler)
}

func (x *exchange) clientLeft() bool { return x.in.Context().Err() != nil || x.uploadFailed.Load() }

// requestBody counts, and notices a client that leaves while it sends.
type requestBody struct {
	io.ReadCloser
	x *exchange
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.x.received.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) {
		b.x.uploadFailed.Store(true)
	}
	return n, err
}

// answerBody notices a backend that ends within its body.
type answerBody struct {
	io.ReadCloser
	x *exchange
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && !b.x.clientLeft() {
		b.x.problem = cutProblem(b.x.relay.kind, b.x.sent.Load()+int64(n))
	}
	return n, err
}
