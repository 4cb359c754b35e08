// Package cors decides as a browser does whether a page may read the answer to its request, and says why not.
package cors

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/printable"
)

// Server is who answers, for texts.
type Server struct {
	// Kind is "remote" or "service".
	Kind string
	// Advice says how to allow an origin. It is a sentence, such as "Allow the origins in FORGE_ALLOWED_ORIGINS."
	Advice string
}

// Problem returns why a browser will refuse an answer to the page that made the request, or "". It reads only the status
// and the header of the answer.
//
// It assumes that the request's credentials mode is not "include": then "*" counts, and Access-Control-Allow-Credentials
// does not.
//
// Sources: https://fetch.spec.whatwg.org/#cors-check and https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (s Server) Problem(in *http.Request, status int, answer http.Header) string {
	if !isCORS(in) {
		return ""
	}
	origin := printable.Text(in.Header.Get("Origin"))
	refuse := func(format string, args ...any) string {
		return fmt.Sprintf("the %s does not allow %s ", s.Kind, origin) + fmt.Sprintf(format, args...)
	}
	if IsPreflight(in) {
		if !originAllowed(in, answer) {
			return refuse("to send this request: its answer to the browser's preflight request has %s. %s", present(answer, allowOrigin), s.Advice)
		}
		if status < 200 || status > 299 {
			return refuse("to send this request: it answered the browser's preflight request with status %d, not 2xx. Answer OPTIONS requests with 204.", status)
		}
		return preflightProblem(in, answer, refuse)
	}
	// The browser reads the header fields of a 304 together with those of the answer that it has stored.
	if status == http.StatusNotModified || originAllowed(in, answer) {
		return ""
	}
	return refuse("to read its answers: it sent %s. %s", present(answer, allowOrigin), s.Advice)
}

const (
	allowOrigin  = "Access-Control-Allow-Origin"
	allowMethods = "Access-Control-Allow-Methods"
	allowHeaders = "Access-Control-Allow-Headers"
)

// preflightProblem checks the method and the names of header fields that a preflight request asks for.
//
// An upload that a page observes with XMLHttpRequest may use any method if Access-Control-Allow-Methods is missing. A
// server cannot see that a page does this.
func preflightProblem(in *http.Request, answer http.Header, refuse func(string, ...any) string) string {
	for _, name := range []string{allowMethods, allowHeaders} {
		if _, ok := names(answer.Values(name)); !ok {
			return refuse("to send this request: it sent %s, which is not a list of names.", present(answer, name))
		}
	}
	method := in.Header.Get("Access-Control-Request-Method")
	safelisted := method == http.MethodGet || method == http.MethodHead || method == http.MethodPost
	if methods, _ := names(answer.Values(allowMethods)); !safelisted && !slices.Contains(methods, method) && !slices.Contains(methods, "*") {
		return refuse("the method %s: it sent %s. Add the method there; upper and lower case count.", printable.Text(method), present(answer, allowMethods))
	}
	allowed, _ := names(answer.Values(allowHeaders))
	requested, _ := names(in.Header.Values("Access-Control-Request-Headers"))
	all := slices.Contains(allowed, "*")
	for _, name := range requested {
		if slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, name) }) {
			continue
		}
		if !all {
			return refuse("the header field %s: it sent %s. Add the name there.", printable.Text(name), present(answer, allowHeaders))
		}
		// The only "CORS non-wildcard request-header name": https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
		if strings.EqualFold(name, "Authorization") {
			return refuse("the header field authorization: it sent %s. The * does not include this name; add it there.", present(answer, allowHeaders))
		}
	}
	return ""
}

// IsPreflight reports whether the browser asks for permission.
func IsPreflight(in *http.Request) bool {
	return in.Method == http.MethodOptions && in.Header.Get("Origin") != "" && in.Header.Get("Access-Control-Request-Method") != ""
}

// isCORS reports whether a browser applies the rules to the answer. It sends Origin also with navigations, web sockets
// and requests to the same origin.
func isCORS(in *http.Request) bool {
	origin, mode := in.Header.Get("Origin"), in.Header.Get("Sec-Fetch-Mode")
	return origin != "" && (mode == "" || mode == "cors") && in.Header.Get("Upgrade") == "" && !strings.EqualFold(origin, "http://"+in.Host)
}

// originAllowed implements https://fetch.spec.whatwg.org/#cors-check
func originAllowed(in *http.Request, answer http.Header) bool {
	value := strings.Join(answer.Values(allowOrigin), ", ")
	return value == "*" || value != "" && value == in.Header.Get("Origin")
}

// names returns the elements of a list such as "GET, PUT". It reports false if one is not a token: then the browser
// ignores the whole list and refuses the answer.
//
// Source: https://fetch.spec.whatwg.org/#extract-header-list-values
func names(values []string) (list []string, ok bool) {
	for _, value := range values {
		for element := range strings.SplitSeq(value, ",") {
			element = strings.Trim(element, " \t")
			if element == "" {
				continue
			}
			if !fetchspec.IsToken(element) {
				return nil, false
			}
			list = append(list, element)
		}
	}
	return list, true
}

// present describes a header field of an answer.
func present(answer http.Header, name string) string {
	values := answer.Values(name)
	if len(values) == 0 {
		return "no " + name
	}
	return name + ": " + printable.Text(strings.Join(values, ", "))
}
