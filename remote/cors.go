package remote

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	corsMethods = "GET, HEAD, POST, PUT, PATCH, DELETE"
	// corsMaxAge is in seconds: two hours, the most that Chromium keeps a preflight's answer.
	corsMaxAge = "7200"
	// maxCORSHeaders is how many request headers a preflight may ask for.
	maxCORSHeaders = 100
)

// siteHosts are the ends of the hosts on which Atlassian's products show an app. One label stands before them.
var siteHosts = []string{".atlassian.net", ".jira.com"}

// exposedHeaders are what pages can read unless the user adds more. A list and no wildcard: what a handler or a proxy in
// front of it sets for other eyes stays hidden.
var exposedHeaders = []string{"Content-Disposition", "Content-Length", "ETag", "Link", "Location", "Retry-After", "X-Request-Id"}

// cors decides which pages may call the remote, and tells their browsers.
type cors struct {
	origins map[string]bool // beside the product's sites
	allowed []string        // request headers; nil allows what is asked for
	exposed string          // response headers
}

func newCORS(origins, allowed, exposed []string) (*cors, error) {
	c := &cors{origins: make(map[string]bool)}
	for _, origin := range origins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
		c.origins[origin] = true
	}
	for _, name := range slices.Concat(allowed, exposed) {
		if !isHeaderName(name) {
			return nil, fmt.Errorf("%q is not the name of a header", name)
		}
	}
	if allowed != nil {
		c.allowed = addHeaders(baseHeaders(), allowed)
	}
	c.exposed = strings.Join(slices.Concat(exposedHeaders, exposed), ", ")
	return c, nil
}

// checkOrigin reports what is wrong with an origin that is to be allowed. It must look exactly as browsers send it, or
// it would silently never match.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || origin != u.Scheme+"://"+u.Host || origin != strings.ToLower(origin) || strings.Contains(origin, "*") {
		return fmt.Errorf("origin %q is not of the form https://host or https://host:port, in lower case", origin)
	}
	if port := u.Port(); u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		return fmt.Errorf("origin %q: leave out the port %s, as browsers do", origin, port)
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("origin %q must be https, or http on a loopback address", origin)
}

// allows reports whether pages of this origin may call the remote.
func (c *cors) allows(origin string) bool {
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

// isPreflight reports whether a browser asks what it may send. Such a request has no token.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// answer writes the headers that let a page of this allowed origin read the response.
func (c *cors) answer(h http.Header, origin string) {
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", c.exposed)
}

// preflight answers a preflight of an allowed origin.
func (c *cors) preflight(w http.ResponseWriter, r *http.Request, origin string) {
	allowed := c.allowed
	if allowed == nil {
		asked := strings.Split(strings.Join(r.Header.Values("Access-Control-Request-Headers"), ","), ",")
		allowed = addHeaders(baseHeaders(), asked)
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Methods", corsMethods)
	h.Set("Access-Control-Allow-Headers", strings.Join(allowed, ", "))
	h.Set("Access-Control-Max-Age", corsMaxAge)
	w.WriteHeader(http.StatusNoContent)
}

// baseHeaders are always allowed. Authorization must stand there by name: no wildcard covers it.
func baseHeaders() []string { return []string{"authorization", "content-type"} }

// addHeaders adds the names that are valid and not there yet, in lower case.
func addHeaders(list, names []string) []string {
	for _, name := range names {
		name = strings.ToLower(strings.Trim(name, " \t"))
		if isHeaderName(name) && !slices.Contains(list, name) && len(list) < maxCORSHeaders {
			list = append(list, name)
		}
	}
	return list
}

// isHeaderName reports whether s can be the name of a header (RFC 9110, section 5.6.2). To a browser "*" is none.
func isHeaderName(s string) bool {
	return s != "" && s != "*" && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlnum(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// isLabel reports whether s can be one label of a host, in lower case as browsers write it.
func isLabel(s string) bool {
	return len(s) >= 1 && len(s) <= 63 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (!isAlnum(r) || r >= 'A' && r <= 'Z')
	})
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
