package bridge

import (
	"strings"
	"unicode/utf8"
)

// Request is one HTTP request to a remote.
type Request struct {
	// Method is the HTTP method; empty means GET. RequestRemote sends it as written and takes any that a browser would;
	// InvokeRemote takes GET, POST, PUT, PATCH and DELETE.
	Method string
	// Path is the path and query, starting with "/". The host joins it to the remote's baseUrl.
	Path string
	// Header holds the request's own header fields. Fields that a browser keeps for itself (Cookie, Host, Origin,
	// Content-Length and the others of the Fetch standard's list) are left out by RequestRemote, as fetch does.
	Header Header
	// Body is the request's body; nil means none. GET and HEAD have none. InvokeRemote takes a JSON object only.
	Body Body
}

// check tells what in the request can never be sent, whatever the way. The header is checked where it is read.
func (r *Request) check() error {
	if r.Method != "" && !isTokenString(r.Method) {
		return invalidRequest("Method", "not an HTTP method")
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

// method is the method as fetch normalises it: six names in upper case, others as written.
func (r *Request) method() string {
	switch upper := asciiUpper(r.Method); upper {
	case "":
		return "GET"
	case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS":
		return upper
	}
	return r.Method
}
