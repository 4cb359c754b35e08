package remote

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/fetchspec"
)

const (
	corsMethods = "GET, HEAD, POST, PUT, PATCH, DELETE"
	// corsMaxAge is two hours in seconds, the longest time that Chromium caches a preflight's answer.
	corsMaxAge = "7200"
	// maxCORSHeaders limits how many request headers a preflight may ask for, and maxCORSBytes the length of all their names.
	// Anybody can send a preflight, so its cost must not depend on its content.
	maxCORSHeaders = 100
	maxCORSBytes   = 4 << 10
	// maxOriginBytes is longer than any origin: a host has at most 253 characters, and scheme and port are short.
	maxOriginBytes = 300
)

var errLargePreflight = fmt.Errorf("the preflight asks for more than %d headers, or for more than %d bytes of names", maxCORSHeaders, maxCORSBytes)

// siteHosts lists the domains of Atlassian's sites. A site's host has one label before its domain.
var siteHosts = []string{".atlassian.net", ".jira.com"}

// exposedHeaders lists the response headers that pages can read by default. It is not a wildcard, so that other headers of a
// handler or a proxy stay hidden.
var exposedHeaders = []string{"Content-Disposition", "Content-Length", "ETag", "Link", "Location", "Retry-After", "X-Request-Id"}

// cors decides which pages may call the remote, and writes the CORS headers.
type cors struct {
	origins map[string]bool // in addition to Atlassian's sites
	allowed string          // request headers; "" allows those that the preflight asks for
	exposed string          // response headers
}

func newCORS(origins, allowed, exposed []string) (*cors, error) {
	c := &cors{origins: make(map[string]bool)}
	for _, origin := range origins {
		if err := checkOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin %q %w", origin, err)
		}
		c.origins[origin] = true
	}
	for _, name := range allowed {
		if problem := requestHeaderProblem(name); problem != "" {
			return nil, fmt.Errorf("allowed header %q %s", name, problem)
		}
	}
	for _, name := range exposed {
		if problem := responseHeaderProblem(name); problem != "" {
			return nil, fmt.Errorf("exposed header %q %s", name, problem)
		}
	}
	if allowed != nil {
		c.allowed = strings.Join(addHeaders(baseHeaders(), allowed), ", ")
	}
	c.exposed = strings.Join(slices.Concat(exposedHeaders, exposed), ", ")
	return c, nil
}

// checkOrigin returns an error if no browser sends this origin: it would never match.
func checkOrigin(origin string) error {
	u, err := parseAddress(origin)
	if err != nil {
		return err
	}
	if origin != u.Scheme+"://"+u.Host {
		return errors.New("is not of the form https://host or https://host:port; an origin has no path and no trailing slash")
	}
	return nil
}

// allows reports whether pages of this origin may call the remote.
func (c *cors) allows(origin string) bool {
	if len(origin) > maxOriginBytes {
		return false
	}
	if c.origins[origin] {
		return true
	}
	host, ok := strings.CutPrefix(origin, "https://")
	if !ok {
		return false
	}
	for _, end := range siteHosts {
		if label, ok := strings.CutSuffix(host, end); ok && isLabel(label) {
			return true
		}
	}
	return false
}

// isPreflight reports whether r is a CORS preflight, which has no token.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// answer sets the headers that let a page of this allowed origin read the response.
func (c *cors) answer(h http.Header, origin string) {
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", c.exposed)
}

// preflight answers a preflight of an allowed origin, or returns errLargePreflight.
func (c *cors) preflight(w http.ResponseWriter, r *http.Request, origin string) error {
	allowed := c.allowed
	if allowed == "" {
		names, ok := askedHeaders(r.Header.Values("Access-Control-Request-Headers"))
		if !ok {
			return errLargePreflight
		}
		allowed = strings.Join(names, ", ")
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Methods", corsMethods)
	h.Set("Access-Control-Allow-Headers", allowed)
	h.Set("Access-Control-Max-Age", corsMaxAge)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// askedHeaders returns the headers that a preflight asks for, and false if they exceed the limits.
func askedHeaders(lines []string) (names []string, ok bool) {
	size := 0
	for _, line := range lines {
		if size += len(line) + 1; size > maxCORSBytes {
			return nil, false
		}
	}
	names = baseHeaders()
	for _, line := range lines {
		if names = addHeaders(names, strings.Split(line, ",")); len(names) > maxCORSHeaders+len(baseHeaders()) {
			return nil, false
		}
	}
	return names, true
}

// baseHeaders returns the headers that are always allowed. Authorization must be listed by name, because no wildcard covers
// it.
func baseHeaders() []string { return []string{"authorization", "content-type"} }

// addHeaders appends the valid names that are not in list yet, in lower case.
func addHeaders(list, names []string) []string {
	for _, name := range names {
		name = strings.ToLower(strings.Trim(name, " \t"))
		if isHeaderName(name) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// requestHeaderProblem returns why no page can send this header, or "" if pages can.
//
// Source: https://fetch.spec.whatwg.org/#forbidden-request-header
func requestHeaderProblem(name string) string {
	if !isHeaderName(name) {
		return "is not the name of a header"
	}
	if fetchspec.IsForbiddenRequestHeader(name, "") {
		return "cannot be set by pages: browsers forbid it"
	}
	return ""
}

// responseHeaderProblem returns why no page can read this header, or "" if pages can.
//
// Source: https://fetch.spec.whatwg.org/#forbidden-response-header-name
func responseHeaderProblem(name string) string {
	switch {
	case !isHeaderName(name):
		return "is not the name of a header"
	case fetchspec.IsForbiddenResponseHeader(name):
		return "cannot be read by pages: browsers forbid it"
	}
	return ""
}

// isHeaderName reports whether s can be the name of a header. It does not accept "*", which is a wildcard for browsers.
func isHeaderName(s string) bool { return s != "*" && fetchspec.IsToken(s) }
