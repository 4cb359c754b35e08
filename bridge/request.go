package bridge

import (
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/fetchspec"
)

// Request is one HTTP request to a remote.
type Request struct {
	// Method is the HTTP method; empty means GET. RequestRemote sends it as written and accepts all methods that a
	// browser accepts. InvokeRemote accepts GET, POST, PUT, PATCH and DELETE.
	Method string
	// Path is the path and query. It must start with "/". The host joins it to the remote's baseUrl.
	Path string
	// Header holds the request's header fields. RequestRemote, like fetch, leaves out those that only a browser may
	// set: Cookie, Host, Origin, Content-Length and the others of
	// https://fetch.spec.whatwg.org/#forbidden-request-header
	Header Header
	// Body is the request's body, or nil if there is none. GET and HEAD must have none. InvokeRemote accepts a JSON
	// object only.
	Body Body
}

// check returns an error if no call can send the request. It does not check the header: the code that reads it does.
func (r *Request) check() error {
	if r.Method != "" && !fetchspec.IsToken(r.Method) {
		return invalidRequest("Method", "is not an HTTP method")
	}
	switch {
	case !strings.HasPrefix(r.Path, "/"):
		return invalidRequest("Path", `must start with "/"; the host joins it to the remote's baseUrl`)
	case !utf8.ValidString(r.Path):
		return invalidRequest("Path", "is not UTF-8; escape the bytes as %XX")
	}
	if r.Body != nil && (r.method() == "GET" || r.method() == "HEAD") {
		return invalidRequest("Body", "a "+r.method()+" request has no body; use Path's query, or another method")
	}
	return nil
}

// method returns the method as fetch sends it.
func (r *Request) method() string {
	if r.Method == "" {
		return "GET"
	}
	return fetchspec.NormalizeMethod(r.Method)
}
