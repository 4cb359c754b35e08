package devhost

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost/internal/backend"
)

// guardHost refuses requests that name another host than the listener. A page on the internet can point a name of its
// own at 127.0.0.1, but the browser then sends that name.
func (s *site) guardHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.answersTo(r.Host) {
			refuse(w, fmt.Sprintf("This is forgego's local host at %s. The request was for the host %q, which it does not answer to.", s.origin, r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// guardSite refuses what pages of other origins include or fetch. Any website can guess the port and load a script from
// it, and what a script does can be read. Only the product's page may load what is on another origin than its own: the
// app's icons.
//
// A website may lead a window or a frame here: it cannot read that, and frame-ancestors in the pages' policies decides
// who may show them. A program that is not a browser sends none of these header fields and is let through. So is an old
// browser, which then obeys Cross-Origin-Resource-Policy.
//
// What a frame in a sandbox without allow-same-origin loads is refused, even in the app's own page: its requests are the
// same, to the byte, as those of such a frame in any website.
// Source: https://www.w3.org/TR/fetch-metadata/
func guardSite(product string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		policy, refused := "same-origin", false
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case site == "same-origin" || site == "none":
		case backend.Origin(r.Referer()) == product || r.Header.Get("Origin") == product:
			policy = "same-site"
		case site == "" || r.Header.Get("Sec-Fetch-Mode") == "navigate":
		default:
			refused = true
		}
		w.Header().Set("Cross-Origin-Resource-Policy", policy)
		if refused {
			refuse(w, "This is forgego's local host. Only its own pages may load this, and the browser says that a page of another origin has asked. "+
				"A frame in a sandbox without allow-same-origin has another origin, too.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// guardOrigin refuses requests that a page of another origin has made, the app's own iframe included: what the app
// needs, it asks for over the bridge. A request that changes or reveals something has to carry the origin.
func (s *site) guardOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origins := r.Header.Values("Origin")
		reading := r.Method == http.MethodGet || r.Method == http.MethodHead
		if reading && len(origins) == 0 || slices.Equal(origins, []string{s.origin}) {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, fmt.Sprintf("Only the page at %s may ask this of forgego's local host. The request came from %s.", s.origin, describeOrigin(origins)))
	})
}

func describeOrigin(origins []string) string {
	if len(origins) == 0 {
		return "a program that names no origin"
	}
	return fmt.Sprintf("%q", strings.Join(origins, ", "))
}

func refuse(w http.ResponseWriter, text string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, http.StatusForbidden)
}
