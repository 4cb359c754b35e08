package bridgehttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgehttp"
)

// ways are all ways to a remote.
var ways = []string{byHost, byInvoke, byDirect}

// TestRequestIsNotModified checks that a transport reads and closes the body, and changes nothing else.
func TestRequestIsNotModified(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			h := newHost(t, object(200))
			body := &bodyOf{Reader: strings.NewReader(jsonBody)}
			r, err := http.NewRequestWithContext(t.Context(), "POST", baseURL+"/a%2Fb?x=1#y", body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = http.Header{"Content-Type": {jsonType}, "X-Two": {"1", "2"}, "x-lower": {" 1 "}, "Connection": {"close"}, "Content-Length": {"7"}, "X-Nil": nil}
			before, header, address := *r, maps.Clone(r.Header), *r.URL
			values := r.Header["X-Two"]
			resp, err := transportOf(h, way).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if !reflect.DeepEqual(*r, before) || !reflect.DeepEqual(r.Header, header) || *r.URL != address || &values[0] != &r.Header["X-Two"][0] {
				t.Errorf("the request is now %+v", r)
			}
			if resp.Request != r {
				t.Error("Response.Request is not the request")
			}
			if n := body.closed.Load(); n != 1 {
				t.Errorf("the body was closed %d times, want once", n)
			}
		})
	}
}

// TestRequestFields checks which fields a remote gets.
func TestRequestFields(t *testing.T) {
	sent := http.Header{
		"Accept-Encoding": {"gzip"}, "Connection": {"keep-alive"}, "Content-Length": {"99"}, "Expect": {"100-continue"}, "Host": {"evil.example"}, "Keep-Alive": {"1"},
		"Te": {"trailers"}, "Trailer": {"X-Sum"}, "Transfer-Encoding": {"chunked"}, "User-Agent": {"generated/1"}, "X-Nil": nil, "X-Own": {"1"},
	}
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			var got http.Header
			h := newHost(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header; object(200)(w, r) }))
			r, err := http.NewRequestWithContext(t.Context(), "GET", "/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = sent
			if _, err := transportOf(h, way).RoundTrip(r); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got.Get("Authorization"), "Bearer ") {
				t.Error("the remote got no token")
			}
			got.Del("Authorization")
			want := http.Header{"X-Own": {"1"}, "Accept": {"*/*"}, "Accept-Encoding": {"gzip"}} // the browser's own
			if way == byInvoke {
				want = http.Header{"X-Own": {"1"}, "User-Agent": {"generated/1"}}
				got.Del("X-B3-Traceid")
				got.Del("X-B3-Spanid")
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the remote got %v, want %v", got, want)
			}
			if way == byInvoke && !bytes.Contains(h.Calls()[0].Payload, []byte(`"headers":{"User-Agent":"generated/1","X-Own":"1"}`)) {
				t.Errorf("the host got %s", h.Calls()[0].Payload)
			}
		})
	}
}

// TestErrors checks that the cause can be found behind the url.Error of an http.Client.
func TestErrors(t *testing.T) {
	refusing := func(err error) *bridge.Client {
		return bridge.New(hostFunc(func() (bridge.Answer, error) { return bridge.Answer{}, err }))
	}
	tests := map[string]struct {
		transport http.RoundTripper
		want      error
		timeout   bool
	}{
		"no bridge":            {must(bridgehttp.NewTransport("tasks-api")), bridge.ErrNoBridge, false},
		"no bridge, invoke":    {must(bridgehttp.NewInvokeTransport()), bridge.ErrNoBridge, false},
		"unknown remote":       {by(newHost(t, never(t)).client(), must(bridgehttp.NewTransport("x"))), bridge.ErrUnknownRemote, false},
		"network":              {by(refusing(&bridge.HostError{Name: "TypeError", Message: "Failed to fetch"}), must(bridgehttp.NewTransport("x"))), bridge.ErrNetwork, false},
		"the platform's limit": {by(refusing(&bridge.HostError{Message: "Remote invocation timed out after 25 seconds"}), must(bridgehttp.NewInvokeTransport())), bridge.ErrTimeout, true},
		"401":                  {by(newHost(t, text(401, "")).client(), must(bridgehttp.NewInvokeTransport())), bridge.ErrUnauthorized, false},
		"404 without JSON":     {by(newHost(t, http.NotFoundHandler()).client(), must(bridgehttp.NewInvokeTransport())), bridge.ErrInvalidResponse, false},
		"a status of 101":      {by(bridge.New(hostFunc(func() (bridge.Answer, error) { return bridge.Answer{Payload: []byte(`{"status":101}`)}, nil })), must(bridgehttp.NewTransport("x"))), bridge.ErrInvalidResponse, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := (&http.Client{Transport: tt.transport}).Get("/tasks?secret")
			var outer *url.Error
			var e *bridge.Error
			if !errors.As(err, &outer) || !errors.As(err, &e) || !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want a url.Error with a bridge.Error of %v", err, tt.want)
			}
			if outer.Timeout() != tt.timeout {
				t.Errorf("Timeout() is %v", outer.Timeout())
			}
			if strings.Count(err.Error(), "secret") != 1 || strings.Count(err.Error(), "bridge: ") != 1 {
				t.Errorf("the error repeats a part of its text: %v", err)
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	// Do not use tokens, because signing is slow in a page.
	host := bridge.New(hostFunc(func() (bridge.Answer, error) {
		return bridge.Answer{Payload: []byte(`{"success":true,"payload":{"status":204}}`)}, nil
	}))
	client := &http.Client{Transport: by(host, must(bridgehttp.NewInvokeTransport()))}
	for range 500 {
		if _, err := client.Get("/"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := client.Get("/")
	var limit *bridge.RateLimitError
	if !errors.As(err, &limit) || limit.RetryAfter <= 0 {
		t.Errorf("got %v, want a RateLimitError", err)
	}
}

// TestRedirects: through the host the page follows redirects, with invokeRemote the client does, and direct requests
// do not.
func TestRedirects(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		switch r.URL.Path {
		case "/api/old":
			w.Header().Set("Location", "/api/new")
			text(302, `{}`)(w, r)
		case "/api/away":
			w.Header().Set("Location", "https://evil.example/")
			text(307, `{}`)(w, r)
		default:
			_ = json.NewEncoder(w).Encode(map[string]string{"at": r.Method + " " + r.URL.Path})
		}
	})
	for way, address := range map[string]string{byHost: "/api/old", byInvoke: "/api/new"} {
		t.Run(way, func(t *testing.T) {
			h := newHost(t, handler)
			resp, err := clientOf(h, way).Post(baseURL+"/old", jsonType, strings.NewReader(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if want := `{"at":"GET /api/new"}` + "\n"; err != nil && string(body) != want || resp.Request.URL.Path != address {
				t.Errorf("got %s (%v) of %s, want %s of %s", body, err, resp.Request.URL.Path, want, address)
			}
			if want := map[string]int{byHost: 1, byInvoke: 2}[way]; h.count() != want {
				t.Errorf("%d calls, want %d", h.count(), want)
			}
		})
	}
	for _, path := range []string{"/old", "/away"} {
		if _, err := clientOf(newHost(t, handler), byDirect).Get(baseURL + path); !errors.Is(err, bridge.ErrInvalidResponse) {
			t.Errorf("%s, directly: got %v", path, err)
		}
	}
	h := newHost(t, handler)
	if _, err := clientOf(h, byInvoke).Get(baseURL + "/away"); !errors.Is(err, bridge.ErrInvalidRequest) || h.count() != 1 {
		t.Errorf("/away, by invokeRemote: got %v in %d calls", err, h.count())
	}
	client := clientOf(newHost(t, handler), byInvoke)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if resp, err := client.Get(baseURL + "/away"); err != nil || resp.StatusCode != 307 {
		t.Errorf("the redirect itself: got %v, %v", resp, err)
	}
}

// TestCookies: invokeRemote carries cookies in both directions.
func TestCookies(t *testing.T) {
	h := newHost(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1", Path: "/"})
		w.Header().Add("Set-Cookie", "b=2; Expires=Wed, 21 Oct 2037 07:28:00 GMT")
		w.Header().Set("X-Got", r.Header.Get("Cookie"))
	}))
	r, err := http.NewRequestWithContext(t.Context(), "GET", baseURL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "x", Value: "1"})
	r.AddCookie(&http.Cookie{Name: "y", Value: "2"})
	resp, err := clientOf(h, byInvoke).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	cookies := resp.Cookies()
	if len(cookies) != 2 || cookies[1].Name != "b" || cookies[1].Expires.Year() != 2037 {
		t.Errorf("got the cookies %v", cookies)
	}
	if got := resp.Header.Get("X-Got"); got != "x=1; y=2" {
		t.Errorf("the remote got %q", got)
	}
}

// TestConcurrentRequests sends many requests at once with one transport.
func TestConcurrentRequests(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			client := clientOf(newHost(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(w, r.Body)
			})), way)
			var wg sync.WaitGroup
			for i := range 50 {
				wg.Go(func() {
					want := `{"n":"` + strings.Repeat("x", i) + `"}`
					resp, err := client.Post(baseURL+"/", jsonType, strings.NewReader(want))
					if err != nil {
						t.Error(err)
						return
					}
					defer resp.Body.Close()
					if got, err := io.ReadAll(resp.Body); err != nil || string(got) != want {
						t.Errorf("got %s, %v; want %s", got, err, want)
					}
				})
			}
			wg.Wait()
		})
	}
}

// hostFunc is a host that answers all calls in the same way.
type hostFunc func() (bridge.Answer, error)

func (f hostFunc) Call(context.Context, bridge.Call) (bridge.Answer, error) { return f() }

// allBytes returns every byte, in an order that is not UTF-8.
func allBytes() []byte {
	b := bytes.Repeat([]byte{0}, 256)
	for i := range b {
		b[i] = byte(255 - i)
	}
	return b
}
