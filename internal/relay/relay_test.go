package relay_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/loopback"
	"github.com/forgego/forgego/internal/relay"
)

// limit ends a test that would wait for ever. No test passes because of it.
const limit = time.Minute

// reports collects what a relay reports.
type reports chan relay.Exchange

// next returns the next report.
func (r reports) next(t *testing.T) relay.Exchange {
	t.Helper()
	return receive(t, r)
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(limit):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// start starts a relay that ends with the test.
func start(t testing.TB, o relay.Options) (*relay.Relay, reports) {
	t.Helper()
	all := make(reports, 10_000)
	if o.Report == nil {
		o.Report = func(e relay.Exchange) { all <- e }
	}
	r, err := relay.Listen("127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- r.Serve(context.Background()) }()
	t.Cleanup(func() {
		r.Close()
		if err := <-served; err != nil {
			t.Error("Serve:", err)
		}
	})
	return r, all
}

// forwarding starts a relay to a backend.
func forwarding(t testing.TB, addr string) (*relay.Relay, reports) {
	t.Helper()
	r, all := start(t, relay.Options{})
	r.Forward(addr)
	return r, all
}

// handle starts a backend in Go. Its panics are not printed.
func handle(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	return serve(t, h).Listener.Addr().String()
}

func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = discard
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// dial opens a connection that ends with the test.
func dial(t testing.TB, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(limit))
	return c.(*net.TCPConn)
}

// message is a request or an answer without what belongs to the connection only.
type message struct {
	line          string
	header        map[string][]string
	body, trailer string
	// informational are the answers before the last one.
	informational []string
	// end is how reading ended, if it was an error.
	end string
}

// ofConnection are the names of header fields that a proxy must not pass on, in lower case, or that describe how a body
// is sent.
var ofConnection = []string{"connection", "keep-alive", "transfer-encoding", "te", "trailer", "proxy-connection"}

// head reads a line and the header fields after it. It keeps the bytes of values, and the order of those with one name.
func head(in *bufio.Reader) (line string, header map[string][]string, err error) {
	header = map[string][]string{}
	for n := 0; ; n++ {
		text, err := in.ReadString('\n')
		if err != nil {
			return line, header, err
		}
		text = strings.TrimSuffix(text, "\r\n")
		if text == "" {
			return line, header, nil
		}
		if n == 0 {
			line = text
			continue
		}
		name, value, _ := strings.Cut(text, ":")
		name = strings.ToLower(name)
		header[name] = append(header[name], strings.TrimPrefix(value, " "))
	}
}

// body reads what follows a head.
func body(in *bufio.Reader, header map[string][]string, none, untilEnd bool) (text, trailer string, err error) {
	var data []byte
	switch {
	case none:
	case slices.Equal(header["transfer-encoding"], []string{"chunked"}):
		if data, err = io.ReadAll(httputil.NewChunkedReader(in)); err != nil {
			break
		}
		var fields map[string][]string
		var first string
		first, fields, err = head(in)
		if first != "" {
			name, value, _ := strings.Cut(first, ":")
			fields[strings.ToLower(name)] = []string{strings.TrimPrefix(value, " ")}
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			trailer += fmt.Sprintf("%s: %s\n", name, strings.Join(fields[name], " | "))
		}
	case header["content-length"] != nil:
		length, _ := strconv.ParseInt(header["content-length"][0], 10, 64)
		data, err = io.ReadAll(io.LimitReader(in, length))
		if err == nil && int64(len(data)) < length {
			err = io.ErrUnexpectedEOF
		}
	case untilEnd:
		data, err = io.ReadAll(in)
	}
	return string(data), trailer, err
}

func readRequest(in *bufio.Reader) (m message) {
	line, header, err := head(in)
	m.line, m.header = line, header
	if err == nil {
		m.body, m.trailer, err = body(in, header, false, false)
	}
	m.end = outcome(err)
	m.clean()
	return m
}

func readAnswer(in *bufio.Reader, method string) (m message) {
	for {
		line, header, err := head(in)
		status := strings.TrimPrefix(line, "HTTP/1.1 ")
		if err == nil && strings.HasPrefix(status, "1") && !strings.HasPrefix(status, "101") {
			m.informational = append(m.informational, fmt.Sprint(line, header))
			continue
		}
		if err == nil {
			m.line, m.header = line, header
			none := method == http.MethodHead || strings.HasPrefix(status, "204") || strings.HasPrefix(status, "304")
			m.body, m.trailer, err = body(in, header, none, true)
		}
		m.end = outcome(err)
		m.clean()
		return m
	}
}

func (m *message) clean() {
	for _, name := range ofConnection {
		delete(m.header, name)
	}
}

// outcome names an error as far as a browser can tell it from others.
func outcome(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded):
		return "the test waited too long: " + err.Error()
	default:
		return "broken"
	}
}

func TestListenRefusesOtherAddresses(t *testing.T) {
	if _, err := relay.Listen("0.0.0.0:0", relay.Options{}); !errors.Is(err, loopback.ErrNotLoopback) {
		t.Errorf("got %v, want ErrNotLoopback", err)
	}
}

func TestCloseBeforeServe(t *testing.T) {
	r, err := relay.Listen("127.0.0.1:0", relay.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("Close before Serve: %v", err)
	}
	if err := r.Serve(context.Background()); err != nil {
		t.Errorf("Serve after Close: %v", err)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	arrived := make(chan bool)
	addr := handle(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- true
		<-r.Context().Done()
	})
	ended := make(reports, 1)
	r, err := relay.Listen("127.0.0.1:0", relay.Options{Report: func(e relay.Exchange) { ended <- e }})
	if err != nil {
		t.Fatal(err)
	}
	r.Forward(addr)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- r.Serve(ctx) }()
	fmt.Fprintf(dial(t, r.Addr()), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	receive(t, arrived)
	cancel()
	if err := receive(t, served); err != nil {
		t.Errorf("Serve returns %v", err)
	}
	if len(ended) != 1 {
		t.Error("Serve returned before the exchange was reported")
	}
	if c, err := net.Dial("tcp", r.Addr()); err == nil {
		c.Close()
		t.Error("the relay still listens")
	}
}
