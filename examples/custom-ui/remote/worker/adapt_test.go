package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestAdaptedHeaders(t *testing.T) {
	var got http.Header
	handler := adapted(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	r := httptest.NewRequest("POST", "/tasks", nil)
	// The package workers splits "a, b", "Bearer x, Bearer y" and a date in this way.
	r.Header = http.Header{"Idempotency-Key": {"a", " b"}, "Authorization": {"Bearer x", " Bearer y"},
		"If-Modified-Since": {"Sat", " 21 Nov 2026 00:00:00 GMT"}, "Origin": {"https://x.atlassian.net"}}
	handler.ServeHTTP(httptest.NewRecorder(), r)
	for name, want := range map[string]string{"Idempotency-Key": "a, b", "Authorization": "Bearer x, Bearer y",
		"If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT", "Origin": "https://x.atlassian.net"} {
		if !slices.Equal(got[name], []string{want}) {
			t.Errorf("%s is %q; want %q", name, got[name], want)
		}
	}
}

func TestAdaptedHead(t *testing.T) {
	handler := adapted(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		w.Header().Set("ETag", `"x"`)
		io.WriteString(w, "data")
	}))
	for method, want := range map[string][2]string{"GET": {"4", "data"}, "HEAD": {"", ""}} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if length := w.Header().Get("Content-Length"); length != want[0] || w.Body.String() != want[1] || w.Header().Get("ETag") != `"x"` {
			t.Errorf("%s: Content-Length %q, body %q, %v", method, length, w.Body, w.Header())
		}
	}
}
