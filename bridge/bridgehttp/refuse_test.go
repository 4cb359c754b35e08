package bridgehttp_test

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgehttp"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// bodyOf is a request's body that counts how often it was closed.
type bodyOf struct {
	io.Reader
	closed   atomic.Int32
	closeErr error
}

func (b *bodyOf) Close() error {
	b.closed.Add(1)
	return b.closeErr
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

var errOwn = errors.New("the file is gone")

// gone is a reader whose Read does not return: end panics or ends the goroutine.
type gone struct{ end func() }

func (g gone) Read([]byte) (int, error) {
	g.end()
	return 0, io.EOF
}

// TestBodyPanicsOrExits checks that a body's reader that panics or ends its goroutine neither ends the program
// nor blocks the request.
func TestBodyPanicsOrExits(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func()
		text string
	}{
		"panics":       {func() { panic("no such row") }, "panic: no such row"},
		"calls Goexit": {runtime.Goexit, "runtime.Goexit"},
	} {
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", never(t))
		for way, transport := range map[string]http.RoundTripper{
			"requestRemote": by(host.Client(), must(bridgehttp.NewTransport("tasks-api"))),
			"invokeRemote":  by(host.Client(), must(bridgehttp.NewInvokeTransport())),
			"direct":        by(host.Client(bridge.WithDirect(bridge.HostTokens())), must(bridgehttp.NewTransport("tasks-api"))),
		} {
			t.Run(way+" "+name, func(t *testing.T) {
				body := &bodyOf{Reader: gone{tt.end}}
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", body)
				if err != nil {
					t.Fatal(err)
				}
				_, err = transport.RoundTrip(request)
				if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.text) || body.closed.Load() != 1 {
					t.Errorf("got %v; the body was closed %d times", err, body.closed.Load())
				}
			})
		}
	}
}

// never is a handler that must not be called.
func never(t *testing.T) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s %s was sent", r.Method, r.URL) })
}

// TestRefuses checks that a request that a way cannot carry is an error, that nothing is sent, and that the body is
// closed.
func TestRefuses(t *testing.T) {
	tests := map[string]struct {
		ways   string
		method string
		url    string
		body   io.Reader
		change func(*http.Request)
		text   string
		cause  error
	}{
		"another host":           {url: "https://evil.example/", text: "must be the remote's base URL"},
		"a method with a space":  {change: func(r *http.Request) { r.Method = "GET /x" }, text: "not an HTTP method"},
		"CONNECT":                {ways: notInvoke, method: "CONNECT", text: "CONNECT"},
		"TRACE":                  {ways: notInvoke, method: "TRACE", text: "TRACE"},
		"HEAD by invokeRemote":   {ways: byInvoke, method: "HEAD", text: "InvokeRemote takes GET"},
		"OPTIONS, the same":      {ways: byInvoke, method: "OPTIONS", text: "InvokeRemote takes GET"},
		"get, in small letters":  {ways: byInvoke, change: func(r *http.Request) { r.Method = "get" }, text: "in capitals"},
		"GET with a body":        {method: "GET", body: strings.NewReader(`{}`), text: "a GET request has no body"},
		"HEAD with a body":       {ways: notInvoke, method: "HEAD", body: strings.NewReader(`{}`), text: "a HEAD request has no body"},
		"trailers":               {change: func(r *http.Request) { r.Trailer = http.Header{"X-Sum": nil} }, text: "trailers"},
		"a field's name":         {change: func(r *http.Request) { r.Header["X Y"] = []string{"1"} }, text: "Header"},
		"a line break":           {change: func(r *http.Request) { r.Header["X-A"] = []string{"1\r\nX-B: 2"} }, text: "control character"},
		"a line break at an end": {change: func(r *http.Request) { r.Header["X-A"] = []string{"1\n"} }, text: "control character"},
		"a NUL":                  {change: func(r *http.Request) { r.Header["X-A"] = []string{"\x00"} }, text: "control character"},
		"not ASCII":              {ways: byInvoke, change: func(r *http.Request) { r.Header["X-A"] = []string{"ä"} }, text: "not ASCII"},
		"a cookie":               {ways: notInvoke, change: func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "a", Value: "1"}) }, text: "Cookie"},
		"an upgrade":             {change: func(r *http.Request) { r.Header.Set("Upgrade", "websocket") }, text: "Upgrade"},
		"bytes by the host":      {ways: byHost, method: "POST", body: strings.NewReader("\xFF\xFE"), text: "not UTF-8"},
		"text by invokeRemote":   {ways: byInvoke, method: "POST", body: strings.NewReader("text"), text: "JSON object"},
		"a list, the same":       {ways: byInvoke, method: "POST", body: strings.NewReader("[]"), text: "JSON object"},
		"too large for it":       {ways: byInvoke, method: "POST", body: strings.NewReader(`{"x":"` + strings.Repeat("x", 500<<10) + `"}`), text: "500 KB"},
		"a body that fails":      {method: "POST", body: io.MultiReader(strings.NewReader("{"), failing{errOwn}), text: errOwn.Error(), cause: errOwn},
		"a shorter body":         {method: "POST", body: strings.NewReader(`{}`), change: func(r *http.Request) { r.ContentLength = 3 }, text: "it is 3, but the body has 2 bytes"},
		"a longer body":          {method: "POST", body: strings.NewReader(`{}`), change: func(r *http.Request) { r.ContentLength = 1 }, text: "it is 1, but the body has more bytes"},
		"a length and no body":   {method: "POST", change: func(r *http.Request) { r.ContentLength = 1 }, text: "there is no body"},
		"a body that won't close": {method: "POST", body: strings.NewReader(`{}`), text: errOwn.Error(), cause: errOwn,
			change: func(r *http.Request) { r.Body.(*bodyOf).closeErr = errOwn }},
	}
	for name, tt := range tests {
		for _, way := range ways {
			if tt.ways != "" && !strings.Contains(tt.ways, way) {
				continue
			}
			t.Run(name+"/"+way, func(t *testing.T) {
				address := tt.url
				if address == "" {
					address = baseURL + "/"
				}
				content, _ := tt.body.(*strings.Reader)
				if content != nil {
					_, _ = content.Seek(0, io.SeekStart)
				}
				r, err := http.NewRequestWithContext(t.Context(), tt.method, address, nil)
				if err != nil {
					t.Fatal(err)
				}
				var body *bodyOf
				if tt.body != nil {
					body = &bodyOf{Reader: tt.body}
					r.Body = body
				}
				if tt.change != nil {
					tt.change(r)
				}
				h := newHost(t, never(t))
				resp, err := transportOf(h, way).RoundTrip(r)
				if resp != nil || !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.text) {
					t.Fatalf("got %v, %v; want ErrInvalidRequest with %q", resp, err, tt.text)
				}
				if tt.cause != nil && !errors.Is(err, tt.cause) {
					t.Errorf("%v is not %v", err, tt.cause)
				}
				var e *bridge.Error
				if wantOp := map[bool]string{true: "invokeRemote", false: "requestRemote"}[way == byInvoke]; !errors.As(err, &e) || e.Op != wantOp {
					t.Errorf("no bridge.Error of %s: %#v", wantOp, err)
				}
				if h.count() != 0 {
					t.Errorf("%d calls reached the host", h.count())
				}
				if body != nil && body.closed.Load() != 1 {
					t.Errorf("the body was closed %d times, want once", body.closed.Load())
				}
			})
		}
	}
}
