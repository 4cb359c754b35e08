package diagnosis

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/weburl"
)

const page = "http://127.0.0.1:8765"

// server starts a server and returns its address and the requests that it gets.
func server(t *testing.T, secure bool, h http.HandlerFunc) (url string, got chan *http.Request) {
	t.Helper()
	got = make(chan *http.Request, 10)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r
		h(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL, got
}

func parse(t *testing.T, text string) weburl.URL {
	t.Helper()
	u, err := weburl.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func allow(headers string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", page)
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Access-Control-Allow-Headers", headers)
		w.WriteHeader(http.StatusNoContent)
	}
}

func TestAsk(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := "http://" + closed.Addr().String()
	closed.Close()
	silent, _ := server(t, false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	lax, _ := server(t, false, allow("authorization, x-a"))
	strict, _ := server(t, false, allow("x-a"))
	panics, _ := server(t, false, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	moved, _ := server(t, false, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		http.Redirect(w, r, lax, http.StatusFound)
	})
	secure, _ := server(t, true, allow("authorization, x-a"))
	for _, c := range []struct{ name, url, want string }{
		{"nothing listens", down, "the remote is down: nothing listens at " + down + "."},
		{"a remote without CORS", silent, "the remote does not allow " + page + " to send this request: its answer to the browser's preflight request has no Access-Control-Allow-Origin. Add " + page + " to the origins that it allows."},
		{"a header field that is not allowed", strict, "the header field authorization"},
		{"a remote that allows the request", lax, "the remote allows the request in its answer to the browser's preflight request"},
		{"a panic", panics, "closed the connection without an answer. A panic in a Go handler does that"},
		{"a redirect", moved, "with status 302, not 2xx"},
		{"a certificate that is not trusted", secure, "the certificate of " + secure + " is not valid here: "},
		{"http where https is expected", "https" + strings.TrimPrefix(lax, "http"), "does not answer in TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			transport := http.DefaultTransport.(*http.Transport).Clone()
			defer transport.CloseIdleConnections()
			got, err := Ask(t.Context(), transport, Request{Method: "PUT", URL: parse(t, c.url+"/tasks?q=words"), Headers: []string{"X-A", "authorization"}, Origin: page})
			if err != nil || !strings.Contains(got, c.want) {
				t.Errorf("got %q (%v), want a text that contains %q", got, err, c.want)
			}
		})
	}
}

// What is sent is what the browser sends, without the request itself.
func TestAskSendsOnlyThePreflightRequest(t *testing.T) {
	url, got := server(t, false, allow("authorization"))
	if _, err := Ask(t.Context(), http.DefaultTransport, Request{Method: "PUT", URL: parse(t, url+"/a?b=c"), Headers: []string{"X-B", "authorization", "x-b"}, Origin: page}); err != nil {
		t.Fatal(err)
	}
	r := <-got
	if r.Method != http.MethodOptions || r.RequestURI != "/a?b=c" || r.Header.Get("Origin") != page || r.Header.Get("Access-Control-Request-Method") != "PUT" ||
		r.Header.Get("Access-Control-Request-Headers") != "authorization,x-b" || r.Header.Get("Authorization") != "" {
		t.Errorf("got %s %s %v", r.Method, r.RequestURI, r.Header)
	}
	if len(got) > 0 {
		t.Errorf("a second request followed: %s", (<-got).Method)
	}
}

func TestAskRefusesWhatNoBrowserSends(t *testing.T) {
	url, got := server(t, false, allow("authorization"))
	for name, r := range map[string]Request{
		"a method with a line break":    {Method: "GET\r\nX: y"},
		"no method":                     {},
		"a header field that is no one": {Method: "GET", Headers: []string{"a b"}},
		"too many header fields":        {Method: "GET", Headers: make([]string, maxHeaders+1)},
	} {
		r.URL, r.Origin = parse(t, url), page
		if text, err := Ask(t.Context(), http.DefaultTransport, r); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: got %q (%v)", name, text, err)
		}
	}
	if len(got) > 0 {
		t.Error("a request was sent")
	}
}

// The reasons of errors that a test cannot cause.
func TestUnreachable(t *testing.T) {
	u := parse(t, "https://tasks.example/x")
	for want, err := range map[string]error{
		"the host name tasks.example cannot be resolved. Check the address, and the network of this machine.": &net.OpError{Op: "dial", Err: &net.DNSError{Name: "tasks.example", IsNotFound: true}},
		"https://tasks.example does not answer in time.":                                                      &net.OpError{Op: "dial", Err: timeout{}},
		"connecting to https://tasks.example failed: odd \\u001b.":                                            errors.New("odd \x1b"),
		"the certificate of https://tasks.example is not valid here: too old.":                                &tls.CertificateVerificationError{Err: errors.New("too old")},
	} {
		if got := Unreachable("remote", u, err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

type timeout struct{}

func (timeout) Error() string   { return "timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }
