package main

import (
	"net/http"
	"strings"
)

// adapted corrects differences between workers and net/http's server:
//
//   - workers splits headers at every comma, also in a date, a quoted parameter or an Idempotency-Key. next gets each header
//     as one value, as Cloudflare has it.
//   - For a HEAD request workers expects as many bytes as Content-Length says, and fails without them. So such an answer has
//     no body and no Content-Length.
func adapted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			r.Header[name] = []string{strings.Join(values, ",")}
		}
		if r.Method == http.MethodHead {
			next.ServeHTTP(headWriter{w}, r)
			w.Header().Del("Content-Length")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headWriter takes no body.
type headWriter struct{ http.ResponseWriter }

func (w headWriter) Write(data []byte) (int, error) { return len(data), nil }
