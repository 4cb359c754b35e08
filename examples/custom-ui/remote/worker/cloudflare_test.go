package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
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

// fakeCache is Cloudflare's cache. It ignores everything but max-age.
type fakeCache struct {
	kept map[string]*http.Response
	err  error
}

func (c *fakeCache) Match(r *http.Request) (*http.Response, error) {
	kept := c.kept[r.URL.String()]
	if kept == nil {
		return nil, errors.New("cache not found")
	}
	body, err := io.ReadAll(kept.Body)
	kept.Body = io.NopCloser(strings.NewReader(string(body)))
	again := *kept
	again.Body = io.NopCloser(strings.NewReader(string(body)))
	return &again, err
}

func (c *fakeCache) Put(r *http.Request, resp *http.Response) error {
	if c.err == nil {
		c.kept[r.URL.String()] = resp
	}
	return c.err
}

// origin is the server of the keys.
type origin struct {
	requests int
	answer   func() (*http.Response, error)
}

func (o *origin) RoundTrip(*http.Request) (*http.Response, error) {
	o.requests++
	return o.answer()
}

func says(status int, body string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		w := httptest.NewRecorder()
		w.WriteHeader(status)
		io.WriteString(w, body)
		return w.Result(), nil
	}
}

func get(t *testing.T, k *keys, url string) (status int, body string, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := k.RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data), nil
}

const keysURL = "https://keys.example.com/jwks.json"

func TestKeysAreCached(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	o := &origin{}
	k := &keys{next: o, cache: &fakeCache{kept: make(map[string]*http.Response)}, now: func() time.Time { return now }}
	down := func() (*http.Response, error) { return nil, errors.New("no network") }
	for _, tt := range []struct {
		name     string
		after    time.Duration
		answer   func() (*http.Response, error)
		status   int // 0 for an error
		body     string
		requests int
	}{
		{"unreachable at first", 0, down, 0, "", 1},
		{"failing at first", 0, says(500, "oops"), 500, "", 2},
		{"the first", 0, says(200, "one"), 200, "one", 3},
		{"fresh", keysFresh - time.Second, says(200, "two"), 200, "one", 3},
		{"old", time.Second, says(200, "two"), 200, "two", 4},
		{"old and unreachable", keysFresh, down, 200, "two", 5},
		{"old and failing", keysFresh, says(503, "oops"), 200, "two", 6},
		{"old and moved", keysFresh, says(302, ""), 200, "two", 7},
		{"too old", keysStale, down, 0, "", 8},
		{"renewed", 0, says(200, "three"), 200, "three", 9},
	} {
		now = now.Add(tt.after)
		o.answer = tt.answer
		status, body, err := get(t, k, keysURL)
		if status != tt.status || body != tt.body || (err != nil) != (tt.status == 0) {
			t.Errorf("%s: %d %q, %v; want %d %q", tt.name, status, body, err, tt.status, tt.body)
		}
		if o.requests != tt.requests {
			t.Errorf("%s: %d requests; want %d", tt.name, o.requests, tt.requests)
		}
	}
}

func TestKeysWithoutACache(t *testing.T) {
	for _, tt := range []struct {
		name, url string
		cache     *fakeCache
	}{
		{"a local host", "http://127.0.0.1:8765/.well-known/jwks.json", &fakeCache{kept: make(map[string]*http.Response)}},
		{"a cache that does not work", keysURL, &fakeCache{kept: make(map[string]*http.Response), err: errors.New("no cache here")}},
	} {
		o := &origin{answer: says(200, "keys")}
		k := &keys{next: o, cache: tt.cache, now: time.Now}
		for range 2 {
			if status, body, err := get(t, k, tt.url); status != 200 || body != "keys" || err != nil {
				t.Errorf("%s: %d %q, %v; want 200 and the keys", tt.name, status, body, err)
			}
		}
		if o.requests != 2 {
			t.Errorf("%s: %d requests; want 2", tt.name, o.requests)
		}
	}
}

func TestInvalidKeyAnswers(t *testing.T) {
	for name, answer := range map[string]func() (*http.Response, error){
		"a panic": func() (*http.Response, error) { panic("JavaScript error") },
		"no body": func() (*http.Response, error) { return &http.Response{StatusCode: 200}, nil },
	} {
		k := &keys{next: &origin{answer: answer}, cache: &fakeCache{}, now: time.Now}
		if _, _, err := get(t, k, keysURL); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	k := &keys{next: &origin{answer: says(200, strings.Repeat("x", maxKeys+1))}, cache: &fakeCache{kept: make(map[string]*http.Response)}, now: time.Now}
	if _, body, err := get(t, k, keysURL); len(body) != maxKeys || err != nil {
		t.Errorf("a long answer has %d bytes, %v; want it cut at %d", len(body), err, maxKeys)
	}
}

// Cloudflare's fetch does not support contexts.
func TestKeysEndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		defer close(hang)
		k := &keys{next: &origin{answer: func() (*http.Response, error) { <-hang; return nil, errors.New("late") }}, cache: &fakeCache{}, now: time.Now}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, "GET", keysURL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v; want that of the context", err)
		}
	})
}
