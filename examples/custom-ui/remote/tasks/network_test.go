package tasks

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// network is the complete remote with its real server, on connections in memory. In a bubble of testing/synctest, hours
// pass at once.
type network struct {
	t      *testing.T
	tasks  *live
	server *http.Server
	client *http.Client

	conns chan net.Conn
	ended chan struct{}
}

func newNetwork(t *testing.T, opts ...Option) *network {
	service := New(newTestStore(t).db, append([]Option{WithLogger(discard)}, opts...)...)
	n := &network{t: t, tasks: service.tasks, conns: make(chan net.Conn), ended: make(chan struct{})}
	n.server = NewServer(service.Handler(newExchange(t)), discard)
	n.client = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return n.dial(), nil
	}}}
	go n.server.Serve(n)
	t.Cleanup(func() {
		n.client.CloseIdleConnections()
		n.server.Close()
		time.Sleep(time.Second) // the server waits before it closes a connection whose client may still send
	})
	return n
}

const testApp = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// issuer makes all tokens. Its key is made once.
var issuer = remotetest.NewIssuer(testApp)

// newExchange returns an exchange for the issuer's tokens.
func newExchange(t *testing.T) *remote.Exchange {
	t.Helper()
	c := Config{AppID: testApp, JWKSURL: "https://keys.example.com/", Origins: []string{"http://127.0.0.1:9000"}, BaseURL: "http://127.0.0.1:1"}
	x, err := c.NewExchange(issuer.Options()...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (n *network) dial() net.Conn {
	here, there := net.Pipe()
	n.conns <- there
	return here
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.conns:
		return conn, nil
	case <-n.ended:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	select {
	case <-n.ended:
	default:
		close(n.ended)
	}
	return nil
}

func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

// request returns a request with a new token for the installation.
func (n *network) request(ctx context.Context, installation, method, path string, body io.Reader, header ...string) *http.Request {
	n.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://remote"+path, body)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+issuer.Token(remotetest.Installation(installation)))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// send returns the response and its body.
func (n *network) send(r *http.Request) (*http.Response, string) {
	n.t.Helper()
	resp, err := n.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return resp, string(data)
}

// do sends a request for installation i.
func (n *network) do(method, path, body string, header ...string) (*http.Response, string) {
	n.t.Helper()
	return n.send(n.request(n.t.Context(), "i", method, path, strings.NewReader(body), header...))
}

// add makes a task of the installation.
func (n *network) add(installation, name string) task {
	n.t.Helper()
	return mustAdd(n.t, n.tasks, installation, name, name)
}

// stream is an event stream on the reader's side.
type stream struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
	// id is the last id.
	id string
}

// listen opens an event stream and reads its first message, which has only an id.
func (n *network) listen(ctx context.Context, installation string, header ...string) *stream {
	n.t.Helper()
	resp, err := n.client.Do(n.request(ctx, installation, "GET", "/tasks/events", nil, header...))
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || got != "text/event-stream" {
		n.t.Fatalf("%d %s; want an event stream", resp.StatusCode, got)
	}
	s := &stream{t: n.t, resp: resp, lines: bufio.NewScanner(resp.Body)}
	if name, data, ok := s.message(); name != "" || data != "" || !ok {
		n.t.Fatalf("the stream begins with %q %q, %v; want an id", name, data, ok)
	}
	return s
}

// message reads up to the next empty line. It returns false at the end.
func (s *stream) message() (name, data string, ok bool) {
	for s.lines.Scan() {
		field, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch field {
		case "":
			return name, data, true
		case "id":
			s.id = value
		case "event":
			name = value
		case "data":
			data = value
		}
	}
	return "", "", false
}

// next reads a change.
func (s *stream) next() change {
	s.t.Helper()
	name, data, ok := s.message()
	var c change
	if err := json.Unmarshal([]byte(data), &c); name != "change" || err != nil || !ok {
		s.t.Fatalf("event %q with %q, %v; want a change", name, data, ok)
	}
	return c
}
