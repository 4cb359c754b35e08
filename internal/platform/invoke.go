package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Invocation is what the front end gives invokeRemote.
type Invocation struct {
	// Path is resolved against the remote's base URL.
	Path   string            `json:"path"`
	Method string            `json:"method"`
	Header map[string]string `json:"headers"`
	// Body is a JSON object, or empty or null for none.
	Body json.RawMessage `json:"body"`
}

// Answer is what invokeRemote resolves with.
type Answer struct {
	Status int `json:"status"`
	// Header has lower-case names.
	Header map[string][]string `json:"headers"`
	// Body is the remote's JSON as it came, or empty.
	Body json.RawMessage `json:"body,omitempty"`
}

// Proxy performs invocations by the platform's rules.
type Proxy struct {
	// Transport reaches the remote; http.DefaultTransport if nil.
	Transport http.RoundTripper
	// Timeout is for the whole exchange; 25 s, the platform's, if zero.
	Timeout time.Duration
}

// Invoke sends an invocation to the remote at a base URL and returns its answer. It does not retry and does not follow
// redirects. Every error is an *Error, but for the context's own cause when ctx ends first.
func (p *Proxy) Invoke(ctx context.Context, base string, in Invocation, c Credentials) (*Answer, error) {
	limit := p.Timeout
	if limit == 0 {
		limit = Timeout
	}
	bounded, cancel := context.WithTimeoutCause(ctx, limit, errLimit)
	defer cancel()
	r, err := newRequest(bounded, base, in, c)
	if err != nil {
		return nil, err
	}
	answer, err := p.exchange(r)
	switch {
	case err == nil:
		return answer, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case context.Cause(bounded) == errLimit:
		return nil, TimeIsUp(limit, err)
	}
	return nil, err
}

var errLimit = errors.New("the remote's time is up")

func (p *Proxy) exchange(r *http.Request) (*Answer, error) {
	transport := p.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	// A transport, unlike a client, neither follows redirects nor keeps cookies.
	resp, err := transport.RoundTrip(r)
	if failed := (*Error)(nil); errors.As(err, &failed) {
		return nil, failed // a test's transport says itself how the call fails
	}
	if err != nil {
		return nil, networkError(err)
	}
	defer resp.Body.Close()
	return readAnswer(resp)
}

func newRequest(ctx context.Context, base string, in Invocation, c Credentials) (*http.Request, error) {
	if !slices.Contains(Methods, in.Method) {
		return nil, invalidRequest("The method is %q; invokeRemote takes %s.", in.Method, strings.Join(Methods, ", "))
	}
	body, err := requestBody(in)
	if err != nil {
		return nil, err
	}
	u, err := Resolve(base, in.Path)
	if err != nil {
		return nil, err
	}
	header, err := requestHeader(in.Header, c, body != nil)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, in.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, invalidRequest("The request cannot be made: %v.", err)
	}
	r.Header = header
	return r, nil
}

func requestBody(in Invocation) ([]byte, error) {
	body := bytes.TrimSpace(in.Body)
	if len(body) == 0 || bytes.Equal(body, []byte("null")) {
		return nil, nil
	}
	if in.Method == http.MethodGet {
		return nil, invalidRequest("A GET request has no body.")
	}
	if body[0] != '{' || !json.Valid(body) {
		return nil, invalidRequest("The body must be a JSON object.")
	}
	if len(body) > MaxRequest {
		return nil, requestTooLarge(len(body))
	}
	return body, nil
}
