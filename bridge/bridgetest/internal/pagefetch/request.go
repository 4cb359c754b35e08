// Package pagefetch does with a requestRemote call what the product's page does with it: it reads the payload of the
// command fetchRemote, and does in Go what devhost/page/product/requestremote.js and the browser's fetch do. The contract
// in internal/hosttest tests both with the same cases.
//
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestRemote/,
// https://fetch.spec.whatwg.org/, and the payload that @forge/bridge 7.2.0 sends.
package pagefetch

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/platform"
)

// Call is a requestRemote call.
type Call struct {
	RemoteKey string
	// Path is appended to the remote's base URL.
	Path   string
	Method string
	// Header is what a browser sends of the caller's header, without authorization, which is for the token.
	Header http.Header
	// Body is the body, or nil if there is none.
	Body []byte
	// Redirect is fetch's option: "follow", "error" or "manual".
	Redirect string
}

// Read reads the payload of the command fetchRemote. A body that is not nil is sent beside the payload and
// replaces fetchRequestInit.body. Every error is a *platform.Error.
func Read(payload, body []byte) (*Call, error) {
	var in struct {
		RemoteKey json.RawMessage `json:"remoteKey"`
	}
	_ = json.Unmarshal(payload, &in)
	if len(in.RemoteKey) == 0 || in.RemoteKey[0] != '"' {
		return nil, &platform.Error{Code: platform.InvalidRequest, Message: "requestRemote needs the key of a remote."}
	}
	c, err := ReadInit(payload, body)
	if err != nil {
		return nil, err
	}
	c.RemoteKey = jsvalue.String(in.RemoteKey)
	return c, nil
}

// ReadInit is Read without the remote's key, for the command fetchProduct, which has none.
func ReadInit(payload, body []byte) (*Call, error) {
	var in struct {
		Init                map[string]json.RawMessage `json:"fetchRequestInit"`
		IsMultipartFormData json.RawMessage            `json:"isMultipartFormData"`
	}
	// As in JavaScript, a member of another type counts as absent.
	_ = json.Unmarshal(payload, &in)
	c := &Call{}
	if path := in.Init["path"]; !jsvalue.IsNullish(path) {
		c.Path = jsvalue.String(path)
	}
	c.Redirect = "follow"
	if redirect := in.Init["redirect"]; len(redirect) > 0 {
		c.Redirect = jsvalue.String(redirect)
	}
	method, err := readMethod(in.Init["method"])
	if err != nil {
		return nil, err
	}
	c.Method = method
	if c.Header, err = readHeader(in.Init["headers"]); err != nil {
		return nil, err
	}
	if body == nil && !jsvalue.IsNullish(in.Init["body"]) {
		body = []byte(jsvalue.String(in.Init["body"]))
	}
	if jsvalue.IsTruthy(in.IsMultipartFormData) {
		var contentType string
		if c.Body, contentType, err = rebuildForm(body); err != nil {
			return nil, err
		}
		c.Header.Set("Content-Type", contentType)
	} else if len(body) > 0 {
		c.Body = body
		if c.Header.Get("Content-Type") == "" {
			c.Header.Set("Content-Type", "text/plain;charset=UTF-8")
		}
	}
	if c.Body != nil && (c.Method == http.MethodGet || c.Method == http.MethodHead) {
		return nil, typeError("Request with GET/HEAD method cannot have body.")
	}
	return c, nil
}

// Request returns the request to the remote at a base URL, with the token unless it is empty.
func (c *Call) Request(base, token string) (*http.Request, error) {
	u, err := platform.Append(base, c.Path)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if c.Body != nil {
		body = bytes.NewReader(c.Body)
	}
	r, err := platform.NewRequest(context.Background(), c.Method, u, body)
	if err != nil {
		return nil, err
	}
	r.Header = c.Header.Clone()
	AddHeader(r.Header)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

// readMethod returns the method as fetch sends it.
func readMethod(raw json.RawMessage) (string, error) {
	if len(raw) == 0 {
		return http.MethodGet, nil
	}
	method := jsvalue.String(raw)
	switch {
	case !fetchspec.IsToken(method):
		return "", typeError("'" + method + "' is not a valid HTTP method.")
	case fetchspec.IsForbiddenMethod(method):
		return "", typeError("'" + method + "' HTTP method is unsupported.")
	}
	return fetchspec.NormalizeMethod(method), nil
}

// Failed returns the error of fetch, in Chromium, for a remote that it cannot reach or that sends no complete response.
func Failed(cause error) *platform.Error {
	return &platform.Error{Code: platform.NetworkError, Name: "TypeError", Message: "Failed to fetch", Err: cause}
}

func typeError(message string) *platform.Error {
	return &platform.Error{Code: platform.InvalidRequest, Name: "TypeError", Message: "Failed to execute 'fetch' on 'Window': " + message}
}
