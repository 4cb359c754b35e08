package platform

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestInvokeServiceRequest(t *testing.T) {
	var got *http.Request
	var had []byte
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		had, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "{}")
	}))
	defer service.Close()
	in := Invocation{Path: "/tasks?a=b%2F", Method: "POST", Body: json.RawMessage(` [1, "ü"]`), Header: map[string]string{
		"X-Own": " a ", "Authorization": "mine", "X-B3-TraceId": "mine", "x-forge-invocation-id": "mine"}}
	if _, err := (&Proxy{}).InvokeService(t.Context(), service.URL+"/base", in); err != nil {
		t.Fatal(err)
	}
	// It is appended, unlike the path of invokeRemote.
	if got.Method != "POST" || got.RequestURI != "/base/tasks?a=b%2F" || string(had) != `[1, "ü"]` {
		t.Errorf("got %s %s with %s", got.Method, got.RequestURI, had)
	}
	h := got.Header
	if h.Get("X-Own") != "a" || h.Get("Content-Type") != "application/json" || h.Values("Authorization") != nil || h.Get("X-Forge-Oauth-User") != "" {
		t.Errorf("got %v", h)
	}
	for name, form := range map[string]string{"X-B3-Traceid": "^[0-9a-f]{32}$", "X-B3-Spanid": "^[0-9a-f]{16}$", "X-Forge-Invocation-Id": "^[0-9a-f]{40}$"} {
		if values := h.Values(name); len(values) != 1 || !regexp.MustCompile(form).MatchString(values[0]) {
			t.Errorf("%s is %q", name, values)
		}
	}
	attributes, err := base64.StdEncoding.DecodeString(h.Get("X-Forge-Invocation-Log-Attributes"))
	if err != nil || !json.Valid(attributes) {
		t.Errorf("the log attributes are %q, %v", attributes, err)
	}
}

func TestInvokeServiceAnswers(t *testing.T) {
	const kind = "application/json"
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		name       string
		status     int
		kind, body string
		want       *ServiceAnswer
		code       Code
		message    string
	}{
		{name: "JSON", status: 200, kind: kind, body: `{"a":1}`, want: &ServiceAnswer{Body: json.RawMessage(`{"a":1}`)}},
		{name: "byte order mark", status: 200, kind: kind, body: "\uFEFF{}", want: &ServiceAnswer{Body: json.RawMessage(`{}`)}},
		{name: "byte order mark, 400", status: 400, kind: kind, body: "\uFEFFno", want: &ServiceAnswer{Error: text("no")}},
		{name: "JSON with a charset", status: 201, kind: kind + "; charset=utf-8", body: `[1]`, want: &ServiceAnswer{Body: json.RawMessage(`[1]`)}},
		{name: "a redirect with JSON", status: 302, kind: kind, body: `{}`, want: &ServiceAnswer{Body: json.RawMessage(`{}`)}},
		{name: "text", status: 200, kind: "text/plain", body: `{}`, code: InvalidResponse,
			message: "Invalid response from remote - content-type header must be set to application/json and is currently: text/plain. Status: 200."},
		{name: "no type", status: 204, code: InvalidResponse,
			message: "Invalid response from remote - content-type header must be set to application/json and is currently: . Status: 204."},
		{name: "JSON in name only", status: 200, kind: kind, body: `{`, code: InvalidResponse, message: "Invalid response from remote - cannot parse body as JSON. Status: 200."},
		{name: "JSON without a body", status: 200, kind: kind, code: InvalidResponse, message: "Invalid response from remote - cannot parse body as JSON. Status: 200."},
		{name: "400 with JSON", status: 400, kind: kind, body: `{"no":"name"}`, want: &ServiceAnswer{Error: text(`{"no":"name"}`)}},
		{name: "401", status: 401, kind: "text/plain", body: `no`, want: &ServiceAnswer{Error: text(`no`)}},
		{name: "503 without a body", status: 503, want: &ServiceAnswer{Error: text("")}},
		{name: "too much", status: 200, kind: kind, body: `"` + strings.Repeat("x", MaxResponse-1) + `"`, code: ResponseTooLarge, message: "An unexpected error happened"},
		{name: "too much of an error", status: 500, body: strings.Repeat("x", MaxResponse+1), code: ResponseTooLarge, message: "An unexpected error happened"},
	} {
		t.Run(c.name, func(t *testing.T) {
			service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/followed" {
					t.Error("the redirect was followed")
				}
				w.Header()["Content-Type"], w.Header()["X-Own"] = nil, []string{"1", "2"}
				if c.kind != "" {
					w.Header().Set("Content-Type", c.kind)
				}
				w.Header().Set("Location", "/followed")
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			}))
			defer service.Close()
			answer, err := (&Proxy{}).InvokeService(t.Context(), service.URL, Invocation{Path: "/", Method: "GET"})
			if c.want == nil {
				wantError(t, err, c.code, c.message)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if answer.Status != c.status || !reflect.DeepEqual(answer.Header["X-Own"], []string{"1", "2"}) ||
				string(answer.Body) != string(c.want.Body) || !reflect.DeepEqual(answer.Error, c.want.Error) {
				t.Errorf("got %+v, want %+v", answer, c.want)
			}
		})
	}
}

func TestInvokeServiceRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in      Invocation
		message string
	}{
		"a method":        {Invocation{Path: "/", Method: "HEAD"}, `The method is "HEAD"; invokeService takes GET, POST, PUT, PATCH, DELETE.`},
		"a body of a GET": {Invocation{Path: "/", Method: "GET", Body: json.RawMessage(`{}`)}, "A GET request has no body."},
		"no JSON":         {Invocation{Path: "/", Method: "POST", Body: json.RawMessage(`{`)}, "The body must be JSON."},
		"another origin":  {Invocation{Path: ".evil.example/", Method: "GET"}, `The path ".evil.example/" does not lead to http://service.test; begin it with a slash.`},
		"a header":        {Invocation{Path: "/", Method: "GET", Header: map[string]string{"a b": "c"}}, `The header name "a b" is not one that HTTP allows.`},
	} {
		proxy := &Proxy{Transport: failingTransport{t}}
		_, err := proxy.InvokeService(t.Context(), "http://service.test", c.in)
		t.Run(name, func(t *testing.T) { wantError(t, err, InvalidRequest, c.message) })
	}
}

// failingTransport must not be used.
type failingTransport struct{ t *testing.T }

func (f failingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	f.t.Error("a request was sent")
	return nil, io.ErrUnexpectedEOF
}

type waitingTransport struct{}

func (waitingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestInvokeServiceTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := (&Proxy{Transport: waitingTransport{}}).InvokeService(t.Context(), "http://service.test", Invocation{Path: "/", Method: "GET"})
		wantError(t, err, TimedOut, "Remote invocation timed out after 25 seconds")
		if took := time.Since(start); took != 25*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestInvokeServiceUnreachable(t *testing.T) {
	service := httptest.NewServer(nil)
	service.Close()
	_, err := (&Proxy{}).InvokeService(t.Context(), service.URL, Invocation{Path: "/", Method: "GET"})
	wantError(t, err, NetworkError, "Invalid response from remote - remote network error")
}
