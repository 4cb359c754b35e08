package main

import (
	"net/http"
	"strings"
)

// adapted evens out how workers differs from net/http's server:
//
//   - It cuts headers at every comma, and there are commas that part nothing: in a date, a quoted parameter, an
//     Idempotency-Key. next gets each as Cloudflare has it, one text.
//   - To a HEAD request it promises as many bytes as Content-Length says, and fails when none come. So such an answer has
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
