package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

func TestInvokeResponses(t *testing.T) {
	answerWith := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = nil
			if contentType != "" {
				w.Header().Set("Content-Type", contentType)
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	const json, notParsed = "application/json", "Invalid response from remote - cannot parse body as JSON. Status: %d."
	const badType = "Invalid response from remote - content-type header must be set to application/json and is currently: %s. Status: %d."
	for _, c := range []struct {
		name    string
		remote  http.HandlerFunc
		status  int
		body    string
		code    Code
		message string
	}{
		{name: "JSON", remote: answerWith(200, json, `{"a":1}`), status: 200, body: `{"a":1}`},
		{name: "JSON without a type", remote: answerWith(201, "", `[1]`), status: 201, body: `[1]`},
		{name: "JSON called text", remote: answerWith(200, "text/html", `1`), status: 200, body: `1`},
		{name: "large number", remote: answerWith(200, json, `12345678901234567890`), status: 200, body: `12345678901234567890`},
		{name: "byte order mark", remote: answerWith(200, json, "\uFEFF{}"), status: 200, body: `{}`},
		{name: "byte order mark, 4xx", remote: answerWith(404, json, "\uFEFF{}"), status: 404, body: `{}`},
		{name: "no content", remote: answerWith(204, "", ""), status: 204},
		{name: "2xx without a body", remote: answerWith(200, "", ""), status: 200},
		{name: "2xx that is not JSON", remote: answerWith(200, "text/html", "<p>"), code: InvalidResponse, message: fmt.Sprintf(notParsed, 200)},
		{name: "4xx JSON", remote: answerWith(400, json, `{"error":"x"}`), status: 400, body: `{"error":"x"}`},
		{name: "4xx JSON with a charset", remote: answerWith(400, json+"; charset=utf-8", `{}`), status: 400, body: `{}`},
		{name: "4xx JSON without a type", remote: answerWith(404, "", `{}`), status: 404, body: `{}`},
		{name: "problem", remote: answerWith(400, "application/problem+json", `{}`), code: InvalidResponse, message: fmt.Sprintf(badType, "application/problem+json", 400)},
		{name: "5xx page", remote: answerWith(502, "text/html", `<p>`), code: InvalidResponse, message: fmt.Sprintf(badType, "text/html", 502)},
		{name: "4xx that is not JSON", remote: answerWith(409, json, `no`), code: InvalidResponse, message: fmt.Sprintf(notParsed, 409)},
		{name: "4xx without a body", remote: answerWith(403, "", ""), code: InvalidResponse, message: fmt.Sprintf(notParsed, 403)},
		{name: "401", remote: answerWith(401, json, `{}`), code: Unauthorized, message: "Remote could not verify the Forge Invocation Token"},
		{name: "redirect", remote: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/followed" {
				t.Error("the redirect was followed")
			}
			w.Header().Set("Location", "/followed")
			w.WriteHeader(302)
		}, code: InvalidResponse, message: fmt.Sprintf(notParsed, 302)},
		{name: "5 MB", remote: answerWith(200, json, `"`+strings.Repeat("x", MaxResponse-2)+`"`), status: 200, body: `"` + strings.Repeat("x", MaxResponse-2) + `"`},
		{name: "5 MB and a byte", remote: answerWith(200, json, `"`+strings.Repeat("x", MaxResponse-1)+`"`), code: ResponseTooLarge, message: "An unexpected error happened"},
		{name: "connection cut", remote: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "{")
		}, code: NetworkError, message: "Invalid response from remote - remote network error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			remote := httptest.NewServer(c.remote)
			defer remote.Close()
			answer, err := (&Proxy{}).Invoke(t.Context(), remote.URL, Invocation{Path: "/", Method: "GET"}, Credentials{FIT: "fit"})
			if c.code != "" {
				wantError(t, err, c.code, c.message)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if answer.Status != c.status || string(answer.Body) != c.body {
				t.Errorf("got %d and %d bytes; want %d and %d bytes", answer.Status, len(answer.Body), c.status, len(c.body))
			}
		})
	}
}

func wantError(t *testing.T, err error, code Code, message string) {
	t.Helper()
	failed := (*Error)(nil)
	if !errors.As(err, &failed) || failed.Code != code || failed.Message != message {
		t.Fatalf("got %#v; want %s: %s", err, code, message)
	}
}

func TestInvokeUnreachable(t *testing.T) {
	remote := httptest.NewServer(nil)
	remote.Close()
	_, err := (&Proxy{}).Invoke(t.Context(), remote.URL, Invocation{Path: "/", Method: "GET"}, Credentials{})
	wantError(t, err, NetworkError, "Invalid response from remote - remote network error")
}

// roundTrip is a remote without a network, so that the clock of a synctest bubble can advance.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestInvokeTimeout(t *testing.T) {
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	hangInBody := func(r *http.Request) (*http.Response, error) {
		reader, writer := io.Pipe()
		context.AfterFunc(r.Context(), func() { writer.CloseWithError(r.Context().Err()) })
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: reader}, nil
	}
	for _, c := range []struct {
		name    string
		remote  roundTrip
		timeout time.Duration
		message string
		after   time.Duration
	}{
		{"the platform's", hang, 0, "Remote invocation timed out after 25 seconds", 25 * time.Second},
		{"shorter", hang, 1500 * time.Millisecond, "Remote invocation timed out after 1.5 seconds", 1500 * time.Millisecond},
		{"in the body", hangInBody, 0, "Remote invocation timed out after 25 seconds", 25 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				proxy := &Proxy{Transport: c.remote, Timeout: c.timeout}
				_, err := proxy.Invoke(t.Context(), "http://x.example.com", Invocation{Path: "/", Method: "GET"}, Credentials{})
				wantError(t, err, TimedOut, c.message)
				if took := time.Since(started); took != c.after {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestInvokeCanceled(t *testing.T) {
	left := errors.New("the caller left")
	ctx, cancel := context.WithCancelCause(t.Context())
	remote := roundTrip(func(r *http.Request) (*http.Response, error) {
		cancel(left)
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	_, err := (&Proxy{Transport: remote}).Invoke(ctx, "http://x.example.com", Invocation{Path: "/", Method: "GET"}, Credentials{})
	if !errors.Is(err, left) {
		t.Errorf("got %v", err)
	}
}

func TestInvokeRequest(t *testing.T) {
	var got *http.Request
	var body []byte
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Add("X-Many", "a, b")
		w.Header().Add("X-Many", "c")
	}))
	defer remote.Close()
	in := Invocation{
		Path: "/tasks/?team=Forge", Method: "POST", Body: json.RawMessage(`{"name": "ü"}`),
		Header: map[string]string{
			"X-Source": "custom-ui", "authorization": "mine", "X-Forge-OAuth-System": "mine", "x-b3-traceid": "mine",
			"Host": "evil.example", "Connection": "close", "Proxy-Authorization": "mine", "Content-Length": "1",
		},
	}
	answer, err := (&Proxy{}).Invoke(t.Context(), remote.URL+"/api", in, Credentials{FIT: "fit", SystemToken: "system"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || got.RequestURI != "/tasks/?team=Forge" || string(body) != `{"name": "ü"}` {
		t.Errorf("got %s %s %s", got.Method, got.RequestURI, body)
	}
	for name, want := range map[string]string{
		"X-Source": "custom-ui", "Authorization": "Bearer fit", "Content-Type": "application/json",
		"X-Forge-Oauth-System": "system", "X-Forge-Oauth-User": "", "Proxy-Authorization": "",
	} {
		if values := strings.Join(got.Header.Values(name), "|"); values != want {
			t.Errorf("%s is %q; want %q", name, values, want)
		}
	}
	if "http://"+got.Host != remote.URL {
		t.Errorf("host is %s", got.Host)
	}
	for name, pattern := range map[string]string{"X-B3-Traceid": "^[0-9a-f]{32}$", "X-B3-Spanid": "^[0-9a-f]{16}$"} {
		if value := got.Header.Get(name); !regexp.MustCompile(pattern).MatchString(value) {
			t.Errorf("%s is %q", name, value)
		}
	}
	if want := []string{"a, b", "c"}; !reflect.DeepEqual(answer.Header["x-many"], want) {
		t.Errorf("x-many is %q; want %q", answer.Header["x-many"], want)
	}
}

func TestInvokeRefuses(t *testing.T) {
	unreached := roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Error("the request was sent")
		return nil, errors.New("not reached")
	})
	large := append(append([]byte(`{"a":"`), bytes.Repeat([]byte("x"), MaxRequest+1-len(`{"a":""}`))...), `"}`...)
	for _, c := range []struct {
		name string
		in   Invocation
		code Code
	}{
		{"HEAD", Invocation{Method: "HEAD"}, InvalidRequest},
		{"lower case", Invocation{Method: "get"}, InvalidRequest},
		{"GET with a body", Invocation{Method: "GET", Body: json.RawMessage(`{}`)}, InvalidRequest},
		{"array", Invocation{Method: "POST", Body: json.RawMessage(`[]`)}, InvalidRequest},
		{"string", Invocation{Method: "POST", Body: json.RawMessage(`"{}"`)}, InvalidRequest},
		{"not JSON", Invocation{Method: "POST", Body: json.RawMessage(`{"a"}`)}, InvalidRequest},
		{"500 KB and a byte", Invocation{Method: "POST", Body: large}, RequestTooLarge},
		{"header name", Invocation{Method: "POST", Header: map[string]string{"a b": "c"}}, InvalidRequest},
		{"header value", Invocation{Method: "POST", Header: map[string]string{"a": "b\r\nc: d"}}, InvalidRequest},
		{"path", Invocation{Method: "POST", Path: "//evil.example"}, InvalidRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := (&Proxy{Transport: unreached}).Invoke(t.Context(), "http://x.example.com", c.in, Credentials{FIT: "secret"})
			failed := (*Error)(nil)
			if !errors.As(err, &failed) || failed.Code != c.code {
				t.Fatalf("got %v; want %s", err, c.code)
			}
			if strings.Contains(failed.Message+failed.Detail, "secret") {
				t.Error("the error contains the token")
			}
		})
	}
}

func TestInvokeLargestRequest(t *testing.T) {
	body := append(append([]byte(`{"a":"`), bytes.Repeat([]byte("x"), MaxRequest-len(`{"a":""}`))...), `"}`...)
	remote := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
	})
	if _, err := (&Proxy{Transport: remote}).Invoke(t.Context(), "http://x.example.com", Invocation{Method: "POST", Body: body}, Credentials{}); err != nil {
		t.Errorf("%d bytes: %v", len(body), err)
	}
}
