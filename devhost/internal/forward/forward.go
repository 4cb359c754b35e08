// Package forward sends requests on to other servers, such as the developer's own Atlassian site.
package forward

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/forgego/forgego/internal/weburl"
)

const maxRedirects = 10

var (
	errRedirect  = errors.New("it redirects to an address that is neither https nor on this machine")
	errRedirects = errors.New("it redirects without an end")
)

// Client returns a client that follows redirects as the product's page does, because downloads of files need them. It
// refuses redirects to plain http on other machines, sends no credentials to another origin, and never a Referer.
func Client(transport http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport: transport,
		Timeout:   timeout,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			switch {
			case len(via) >= maxRedirects:
				return errRedirects
			case r.URL.Scheme != "https" && !weburl.IsLoopback(r.URL.Hostname()):
				return errRedirect
			}
			// Go sends the whole address that redirected, and its query may have secrets.
			r.Header.Del("Referer")
			if first := via[0].URL; r.URL.Host != first.Host || r.URL.Scheme != first.Scheme {
				r.Header.Del("Authorization")
			}
			return nil
		},
	}
}

// WithoutURL returns the cause of a client's error without the address. The address may have secrets in its query.
func WithoutURL(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}
