package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/forgego/forgego/internal/fetchspec"
)

// Fetch is a requestRemote call as the product's page performs it, read from the payload of the command fetchRemote. It
// does in Go what devhost/page/product/requestremote.js and the browser's fetch do; the contract in internal/hosttest
// tests both with the same cases.
//
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestRemote/, and the
// payload that @forge/bridge 7.2.0 sends.
type Fetch struct {
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

// ReadFetch reads the payload of the command fetchRemote. A body that is not nil is sent beside the payload and
// replaces fetchRequestInit.body. Every error is an *Error.
func ReadFetch(payload, body []byte) (*Fetch, error) {
	var in struct {
		RemoteKey           json.RawMessage            `json:"remoteKey"`
		Init                map[string]json.RawMessage `json:"fetchRequestInit"`
		IsMultipartFormData json.RawMessage            `json:"isMultipartFormData"`
	}
	// As in JavaScript, a member of another type counts as absent.
	_ = json.Unmarshal(payload, &in)
	f := &Fetch{}
	if json.Unmarshal(in.RemoteKey, &f.RemoteKey) != nil || len(in.RemoteKey) == 0 || in.RemoteKey[0] != '"' {
		return nil, invalidRequest("requestRemote needs the key of a remote.")
	}
	if path := in.Init["path"]; !isNullish(path) {
		f.Path = jsString(path)
	}
	f.Redirect = "follow"
	if redirect := in.Init["redirect"]; len(redirect) > 0 {
		f.Redirect = jsString(redirect)
	}
	method, err := fetchMethod(in.Init["method"])
	if err != nil {
		return nil, err
	}
	f.Method = method
	if f.Header, err = fetchHeader(in.Init["headers"]); err != nil {
		return nil, err
	}
	if body == nil && !isNullish(in.Init["body"]) {
		body = []byte(jsString(in.Init["body"]))
	}
	if isTruthy(in.IsMultipartFormData) {
		var contentType string
		if f.Body, contentType, err = rebuildForm(body); err != nil {
			return nil, err
		}
		f.Header.Set("Content-Type", contentType)
	} else if len(body) > 0 {
		f.Body = body
		if f.Header.Get("Content-Type") == "" {
			f.Header.Set("Content-Type", "text/plain;charset=UTF-8")
		}
	}
	if f.Body != nil && (f.Method == http.MethodGet || f.Method == http.MethodHead) {
		return nil, typeError("Request with GET/HEAD method cannot have body.")
	}
	return f, nil
}

// Request returns the request to the remote at a base URL, with the token.
func (f *Fetch) Request(base, token string) (*http.Request, error) {
	u, err := Append(base, f.Path)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if f.Body != nil {
		body = bytes.NewReader(f.Body)
	}
	r, err := NewRequest(context.Background(), f.Method, u, body)
	if err != nil {
		return nil, err
	}
	r.Header = f.Header.Clone()
	SetBrowserHeader(r.Header)
	r.Header.Set("Authorization", "Bearer "+token)
	return r, nil
}

// fetchMethod returns the method as fetch sends it.
func fetchMethod(raw json.RawMessage) (string, error) {
	if len(raw) == 0 {
		return http.MethodGet, nil
	}
	method := jsString(raw)
	switch {
	case !fetchspec.IsToken(method):
		return "", typeError("'" + method + "' is not a valid HTTP method.")
	case fetchspec.IsForbiddenMethod(method):
		return "", typeError("'" + method + "' HTTP method is unsupported.")
	}
	return fetchspec.NormalizeMethod(method), nil
}
