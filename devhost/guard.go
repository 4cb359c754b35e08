package devhost

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
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
// it, and what a script does can be read. The pages at the origins own may load what they like. Among them are frames in
// a sandbox of their own, whose origin is opaque: the browser calls their requests cross-site, but the referrer names the
// origin of their address, and no website can choose that.
//
// A website may lead a window or a frame here: it cannot read that, and frame-ancestors in the pages' policies decides
// who may show them. A program that is not a browser sends none of these header fields and is let through. So is an old
// browser, which then obeys Cross-Origin-Resource-Policy.
//
// Source: https://www.w3.org/TR/fetch-metadata/
func guardSite(own []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		policy := "same-origin"
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case site == "same-origin" || site == "none":
		case slices.Contains(own, originOf(r.Referer())) || slices.Contains(own, r.Header.Get("Origin")):
			if policy = "same-site"; site == "cross-site" {
				policy = "cross-origin"
			}
		case site == "" || r.Header.Get("Sec-Fetch-Mode") == "navigate":
		default:
			refuse(w, fmt.Sprintf("This is forgego's local host. Only its own pages may load this, and the browser says that another page has asked (Sec-Fetch-Site: %s).", shorten(site, 40)))
			return
		}
		w.Header().Set("Cross-Origin-Resource-Policy", policy)
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
