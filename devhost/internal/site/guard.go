package site

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// GuardHost refuses requests whose Host header is not one of the site's hosts. A website can make its own name resolve to
// 127.0.0.1, but the browser then sends that name.
func (s *Site) GuardHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.answersTo(r.Host) {
			refuse(w, fmt.Sprintf("This is forgego's local host at %s. The request was for the host %q, which is not one of its names.", s.Origin, r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// GuardSite refuses resources that pages of other origins include or fetch. Any website can guess the port and load a
// script from it, and can observe what the script does. Only the product's page may load resources of another origin: the
// app's icons.
//
// A website may navigate a window or a frame to the site: it cannot read the page, and frame-ancestors in the page's policy
// decides who may show it. Programs that are not browsers send none of these header fields, so their requests pass. So do
// the requests of old browsers, which then obey Cross-Origin-Resource-Policy.
//
// GuardSite refuses requests of a frame in a sandbox without allow-same-origin, even if the frame is in the app's own page:
// its requests equal those of such a frame in any website.
//
// Source: https://www.w3.org/TR/fetch-metadata/
func GuardSite(product string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		policy, refused := "same-origin", false
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case site == "same-origin" || site == "none":
		case weburl.OriginOf(r.Referer()) == product || r.Header.Get("Origin") == product:
			policy = "same-site"
		case site == "" || r.Header.Get("Sec-Fetch-Mode") == "navigate":
		default:
			refused = true
		}
		w.Header().Set("Cross-Origin-Resource-Policy", policy)
		if refused {
			refuse(w, "This is forgego's local host. Only its own pages may load this, and the browser says that the request comes from a page of another origin. "+
				"A frame in a sandbox without allow-same-origin has another origin, too.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// GuardOrigin refuses requests from pages of other origins, including the app's own iframe: the app makes its requests over
// the bridge. A request that changes or reveals something must have the site's origin.
func (s *Site) GuardOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origins := r.Header.Values("Origin")
		reading := r.Method == http.MethodGet || r.Method == http.MethodHead
		if reading && len(origins) == 0 || slices.Equal(origins, []string{s.Origin}) {
			next.ServeHTTP(w, r)
			return
		}
		s.refuseOrigin(w, origins)
	})
}

// GuardPages refuses requests whose Origin header names another origin, and allows those without one. Browsers send no
// Sec-Fetch-Site with web sockets, and GuardSite allows forms, because they navigate.
func (s *Site) GuardPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, origin := range r.Header.Values("Origin") {
			if host, ok := strings.CutPrefix(origin, "http://"); !ok || !s.answersTo(host) {
				s.refuseOrigin(w, r.Header.Values("Origin"))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// RequireOrigin refuses requests without an Origin header, in addition to those that GuardOrigin refuses.
func (s *Site) RequireOrigin(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if origins := r.Header.Values("Origin"); !slices.Equal(origins, []string{s.Origin}) {
			s.refuseOrigin(w, origins)
			return
		}
		next(w, r)
	}
}

func (s *Site) refuseOrigin(w http.ResponseWriter, origins []string) {
	from := "a program that names no origin"
	if len(origins) > 0 {
		from = fmt.Sprintf("%q", strings.Join(origins, ", "))
	}
	refuse(w, fmt.Sprintf("Only the page at %s may make this request to forgego's local host. The request came from %s.", s.Origin, from))
}

func refuse(w http.ResponseWriter, text string) { Refuse(w, http.StatusForbidden, text) }

// Refuse writes a text with an error status. The response must not be stored: the next request may be served.
func Refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, status)
}
