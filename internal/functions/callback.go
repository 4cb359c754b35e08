package functions

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// callbacks answers what handlers ask of the platform. Each call of a handler has a token of its own, which proves that a
// request comes from it. It is safe for concurrent use.
type callbacks struct {
	addr   string
	server *http.Server

	mu     sync.Mutex
	byCall map[string]callback
	// starting has the processes that do not listen yet, by their secret.
	starting map[string]chan<- int
}

type callback struct {
	ctx   context.Context
	fetch func(context.Context, Request) (*Response, error)
}

func listen() (*callbacks, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &callbacks{addr: l.Addr().String(), byCall: map[string]callback{}, starting: map[string]chan<- int{}}
	c.server = &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = c.server.Serve(l) }() // until close
	return c, nil
}

func (c *callbacks) close() error { return c.server.Close() }

// add returns the token of a call. forget ends what the call still asks.
func (c *callbacks) add(ctx context.Context, fetch func(context.Context, Request) (*Response, error)) (token string, forget func()) {
	ctx, cancel := context.WithCancel(ctx)
	token = rand.Text()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byCall[token] = callback{ctx, fetch}
	return token, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.byCall, token)
		cancel()
	}
}

// listening is the path at which a process tells on which port it listens. Its secret proves who it is.
const listening = "/listening"

// expect returns a channel that receives the port of the process with a secret. forget ends that.
func (c *callbacks) expect(secret string) (port <-chan int, forget func()) {
	told := make(chan int, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.starting[secret] = told
	return told, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.starting, secret)
	}
}

// listens accepts the port of a process. A secret counts once.
func (c *callbacks) listens(w http.ResponseWriter, r *http.Request, secret string) {
	var port uint16
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 100)).Decode(&port); err != nil || port == 0 {
		http.Error(w, "The body must be a port.", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	told, ok := c.starting[secret]
	if !ok {
		http.Error(w, "Only a process that forgego starts may call this address.", http.StatusForbidden)
		return
	}
	delete(c.starting, secret)
	told <- int(port)
}

// maxRequest is the largest size of a request of a handler, in bytes. A body is a third longer there.
const maxRequest = 48 << 20

// ServeHTTP answers a request of a handler.
func (c *callbacks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Browsers send an origin. The token would refuse them too.
	if r.Method != http.MethodPost || r.Host != c.addr || r.Header.Get("Origin") != "" {
		http.Error(w, "Only the app's functions may call this address.", http.StatusForbidden)
		return
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if r.URL.Path == listening {
		c.listens(w, r, token)
		return
	}
	c.mu.Lock()
	of, ok := c.byCall[token]
	c.mu.Unlock()
	if !ok {
		answer(w, nil, &Error{Name: "NO_INVOCATION", Message: "The handler has already returned, so its later requests are refused: wait for them with await."})
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	var in Request
	if err == nil {
		err = json.Unmarshal(text, &in)
	}
	if err != nil {
		answer(w, nil, &Error{Name: "INVALID_REQUEST", Message: "The request of the handler cannot be read, or is larger than 32 MB."})
		return
	}
	ctx, cancel := context.WithCancel(of.ctx)
	defer context.AfterFunc(r.Context(), cancel)()
	defer cancel()
	out, err := of.fetch(ctx, in)
	answer(w, out, err)
}

func answer(w http.ResponseWriter, out *Response, err error) {
	var value any = out
	if err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			e = &Error{Name: "Error", Message: err.Error()}
		}
		value = map[string]*Error{"error": e}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // The process may have ended.
}
