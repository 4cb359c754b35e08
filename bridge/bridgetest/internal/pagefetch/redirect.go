package pagefetch

import (
	"errors"
	"net/http"
	"slices"

	"github.com/forgego/forgego/internal/platform"
)

// maxRedirects is how many redirects fetch follows.
const maxRedirects = 20

// ErrRedirect means that a redirect is not followed.
var ErrRedirect = errors.New("a redirect that is not followed")

// Follow sends the request and handles redirects as fetch does, according to its redirect option. The Request of the response
// is the last one that was sent. See "HTTP-redirect fetch" in https://fetch.spec.whatwg.org/#http-redirect-fetch
func Follow(way http.RoundTripper, r *http.Request, option string) (*http.Response, error) {
	for range maxRedirects + 1 {
		response, err := way.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		location := response.Header.Get("Location")
		if location == "" || !slices.Contains([]int{301, 302, 303, 307, 308}, response.StatusCode) {
			return response, nil
		}
		_ = response.Body.Close()
		if option != "follow" {
			// With "manual" the page gets an answer without a status, which the host does not pass to the app.
			return nil, ErrRedirect
		}
		if r, err = redirected(r, response, location); err != nil {
			return nil, err
		}
	}
	return nil, ErrRedirect
}

// redirected returns the request that a redirect asks for.
func redirected(r *http.Request, response *http.Response, location string) (*http.Request, error) {
	from := platform.URLOf(r)
	to, err := from.Parse(location)
	if err != nil {
		return nil, err
	}
	next := r.Clone(r.Context())
	next.URL, next.Host, next.Response = platform.RequestURL(to), to.Host, response
	if to.Origin() != from.Origin() {
		next.Header.Del("Authorization")
	}
	switch status := response.StatusCode; {
	case r.Method == http.MethodPost && (status == 301 || status == 302),
		status == 303 && r.Method != http.MethodGet && r.Method != http.MethodHead:
		next.Method, next.Body, next.GetBody, next.ContentLength = http.MethodGet, nil, nil, 0
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"} {
			next.Header.Del(name)
		}
	case r.GetBody != nil:
		if next.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	return next, nil
}
