package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/smalljson"
	"github.com/forgego/forgego/internal/weburl"
)

// Invocation is the front end's argument of invokeRemote or invokeService.
type Invocation struct {
	// Path is resolved against the remote's base URL, or appended to the service's.
	Path   string                `json:"path"`
	Method string                `json:"method"`
	Header smalljson.Map[string] `json:"headers"`
	// Body is a JSON object, or any JSON for a service. Empty or null means no body.
	Body json.RawMessage `json:"body"`
}

// Answer is the result of invokeRemote.
type Answer struct {
	Status int `json:"status"`
	// Header has lower-case names.
	Header map[string][]string `json:"headers"`
	// Body is the remote's JSON unchanged, or empty.
	Body json.RawMessage `json:"body,omitempty"`
}

// Invoke sends an invocation to the remote at a base URL and returns its answer. It does not retry and does not
// follow redirects. Every error is an *Error, except the context's cause if ctx ends first.
func (p *Proxy) Invoke(ctx context.Context, base string, in Invocation, c Credentials) (*Answer, error) {
	return exchange(ctx, p, func(ctx context.Context) (*http.Request, error) {
		return newRequest(ctx, base, in, invocationWay{"invokeRemote", true, Resolve, c.add})
	}, readAnswer)
}

// invocationWay describes how the requests of invokeRemote and invokeService differ.
type invocationWay struct {
	name       string
	objectOnly bool
	url        func(base, path string) (weburl.URL, error)
	// addHeader adds the platform's own fields.
	addHeader func(http.Header)
}

func newRequest(ctx context.Context, base string, in Invocation, way invocationWay) (*http.Request, error) {
	if !slices.Contains(Methods, in.Method) {
		return nil, invalidRequest("The method is %q; %s takes %s.", in.Method, way.name, strings.Join(Methods, ", "))
	}
	body, err := requestBody(in, way.objectOnly)
	if err != nil {
		return nil, err
	}
	u, err := way.url(base, in.Path)
	if err != nil {
		return nil, err
	}
	header, err := requestHeader(in.Header, body != nil)
	if err != nil {
		return nil, err
	}
	r, err := NewRequest(ctx, in.Method, u, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	way.addHeader(header)
	r.Header = header
	return r, nil
}

func requestBody(in Invocation, objectOnly bool) ([]byte, error) {
	body := bytes.TrimSpace(in.Body)
	if len(body) == 0 || bytes.Equal(body, []byte("null")) {
		return nil, nil
	}
	if in.Method == http.MethodGet {
		return nil, invalidRequest("A GET request has no body.")
	}
	switch {
	case objectOnly && (body[0] != '{' || !json.Valid(body)):
		return nil, invalidRequest("The body must be a JSON object.")
	case !json.Valid(body):
		return nil, invalidRequest("The body must be JSON.")
	}
	if len(body) > MaxRequest {
		return nil, requestTooLarge(len(body))
	}
	return body, nil
}
