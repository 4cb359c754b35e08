//go:build !js

package bridge_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
)

// httpFetcher sends the requests of WithDirect by net/http, as the browser's fetch would.
type httpFetcher struct{}

func (httpFetcher) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, strings.NewReader(string(r.Body)))
	if err != nil {
		return bridge.FetchResponse{}, err
	}
	request.Header = http.Header(r.Header)
	response, err := http.DefaultTransport.RoundTrip(request)
	if ctx.Err() != nil {
		return bridge.FetchResponse{}, context.Cause(ctx)
	}
	if err != nil {
		return bridge.FetchResponse{}, bridge.ErrNetwork
	}
	return bridge.FetchResponse{Status: response.StatusCode, Header: bridge.Header(response.Header), URL: r.URL, Body: response.Body}, nil
}

// directClient returns a client that sends its requests to the handler, with the tokens "1", "2" and so on.
func directClient(t *testing.T, handler http.HandlerFunc) (*bridge.Client, *bridge.TokenCache) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	var mints atomic.Int64
	cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		n := strconv.FormatInt(mints.Add(1), 10)
		return bridge.Token{Value: secret.New(n), ExpiresAt: time.Now().Add(time.Hour), BaseURL: server.URL}, nil
	}))
	return bridge.New(nil, bridge.WithDirect(cache), bridge.WithFetcher(httpFetcher{})), cache
}

func TestDirectRequest(t *testing.T) {
	form := new(bridge.FormData)
	form.Field("fileless", "a\r\nb")
	form.Field("fileless", "again")
	form.File("image", "na\"me\n.bin", "", []byte{0, 255, '\r', '\n'})
	form.File("image", "ä.txt", "text/plain", []byte("--forgego"))
	tests := map[string]struct {
		body        bridge.Body
		contentType string
		check       func(t *testing.T, r *http.Request)
	}{
		"none":   {nil, "", wantBody("")},
		"text":   {bridge.Text("Grüße"), "text/plain;charset=UTF-8", wantBody("Grüße")},
		"JSON":   {bridge.JSON([]int{1}), "application/json", wantBody("[1]")},
		"bytes":  {bridge.Bytes([]byte{0, 255, 128}), "", wantBody("\x00\xff\x80")},
		"stream": {bridge.Reader(strings.NewReader("\xffstream")), "", wantBody("\xffstream")},
		"form":   {bridge.Form(url.Values{"a": {"1 2"}}), "application/x-www-form-urlencoded;charset=UTF-8", wantBody("a=1+2")},
		"form data": {form, "multipart/form-data; boundary=", func(t *testing.T, r *http.Request) {
			if err := r.ParseMultipartForm(1 << 20); err != nil {
				t.Error(err)
				return
			}
			if got := strings.Join(r.MultipartForm.Value["fileless"], "|"); got != "a\r\nb|again" {
				t.Errorf("field %q", got)
			}
			for i, want := range []struct{ name, contentType, content string }{{"na%22me%0A.bin", "application/octet-stream", "\x00\xff\r\n"}, {"ä.txt", "text/plain", "--forgego"}} {
				file := r.MultipartForm.File["image"][i]
				f, err := file.Open()
				if err != nil {
					t.Error(err)
					continue
				}
				content, _ := io.ReadAll(f)
				if file.Filename != want.name || file.Header.Get("Content-Type") != want.contentType || string(content) != want.content {
					t.Errorf("file %q of %q: %q", file.Filename, file.Header.Get("Content-Type"), content)
				}
			}
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := directClient(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer 1" || r.Header.Get("X-Source") != "ui" || r.Method != "POST" || r.URL.RequestURI() != "/tasks?a=b" {
					t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
				}
				if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, tt.contentType) || tt.contentType == "" && got != "" {
					t.Errorf("Content-Type %q, want %q", got, tt.contentType)
				}
				tt.check(t, r)
				w.Header().Add("X-Two", "1")
				w.Header().Add("X-Two", "2")
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, "\xffanswer")
			})
			r, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{
				Method: "post", Path: "/tasks?a=b", Body: tt.body,
				Header: bridge.Header{"X-Source": {"ui"}, "Authorization": {"mine"}, "Cookie": {"no"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			data, err := r.Bytes()
			if r.Status != 201 || string(data) != "\xffanswer" || err != nil || len(r.Header["X-Two"]) != 2 || !strings.HasSuffix(r.URL, "/tasks?a=b") {
				t.Errorf("got %d %q %v %q (%v)", r.Status, data, r.Header, r.URL, err)
			}
		})
	}
}

func wantBody(want string) func(*testing.T, *http.Request) {
	return func(t *testing.T, r *http.Request) {
		if got, _ := io.ReadAll(r.Body); string(got) != want {
			t.Errorf("the remote got %q, want %q", got, want)
		}
	}
}

func TestDirectUnauthorized(t *testing.T) {
	tests := map[string]struct {
		refuse   map[string]bool // tokens
		body     bridge.Body
		status   int
		requests int
		mints    int
	}{
		"one token":          {map[string]bool{"1": true}, bridge.Text("x"), 200, 2, 2},
		"every token":        {map[string]bool{"1": true, "2": true, "3": true}, bridge.Text("x"), 401, 2, 2},
		"a body sent once":   {map[string]bool{"1": true}, bridge.Reader(strings.NewReader("x")), 401, 1, 1},
		"none":               {nil, bridge.Text("x"), 200, 1, 1},
		"no body, one token": {map[string]bool{"1": true}, nil, 200, 2, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			requests := 0
			client, cache := directClient(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
				if got, _ := io.ReadAll(r.Body); tt.body != nil && string(got) != "x" {
					t.Errorf("request %d has the body %q", requests, got)
				}
				if tt.refuse[token] {
					w.WriteHeader(http.StatusUnauthorized)
				}
			})
			r, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: tt.body})
			if err != nil {
				t.Fatal(err)
			}
			if mints := cache.Stats().Mints; r.Status != tt.status || requests != tt.requests || mints != tt.mints {
				t.Errorf("status %d after %d requests with %d mints; want %d, %d, %d", r.Status, requests, mints, tt.status, tt.requests, tt.mints)
			}
			if _, err := r.Text(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDirectManyUnauthorizedAtOnce(t *testing.T) {
	client, cache := directClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer 1" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			r, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
			if err != nil || r.Status != 200 {
				t.Errorf("got %v, %v", r, err)
			}
		})
	}
	wg.Wait()
	if mints := cache.Stats().Mints; mints != 2 {
		t.Errorf("%d mints, want 2: one token was refused, by many", mints)
	}
}

func TestDirectCancel(t *testing.T) {
	cause := errors.New("enough")
	check := func(t *testing.T, err error) {
		t.Helper()
		if !errors.Is(err, cause) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the cause and context.Canceled", err)
		}
	}
	t.Run("before", func(t *testing.T) {
		client, _ := directClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		_, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "tasks-api", bridge.Request{Path: "/"})
		check(t, err)
	})
	t.Run("waiting for the header", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		gone := make(chan bool)
		client, _ := directClient(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel(cause)
			<-r.Context().Done()
			close(gone)
		})
		_, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "tasks-api", bridge.Request{Path: "/"})
		check(t, err)
		<-gone
	})
}

func TestDirectInvalid(t *testing.T) {
	client, _ := directClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, request := range map[string]bridge.Request{
		"Path":      {Path: "//evil.example"},
		"Path ":     {Path: "/a/../b"},
		"Method":    {Method: "TRACE", Path: "/"},
		"Body":      {Path: "/", Body: bridge.Text("x")},
		"Header X":  {Path: "/", Header: bridge.Header{"X": {"a\nb"}}},
		"Body ":     {Method: "POST", Path: "/", Body: bridge.JSON(func() {})},
		"Body: it ": {Method: "POST", Path: "/", Body: bridge.Reader(brokenReader{})},
	} {
		_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", request)
		if !errors.Is(err, bridge.ErrInvalidRequest) || !containsText(err, strings.TrimSpace(name)) {
			t.Errorf("%s: got %v, want ErrInvalidRequest", name, err)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken") }

func TestDirectBlockedNamesTheRemote(t *testing.T) {
	source := bridge.StaticToken(bridge.Token{Value: secret.New("t"), ExpiresAt: time.Now().Add(time.Hour), BaseURL: "https://tasks.example.com"})
	client := bridge.New(nil, bridge.WithDirect(source), bridge.WithFetcher(fetchFunc(func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
		return bridge.FetchResponse{}, bridge.ErrBlocked
	})))
	_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	if !errors.Is(err, bridge.ErrBlocked) || !containsText(err, `"- remote: tasks-api" under permissions.external.fetch.client`) {
		t.Errorf("got %v", err)
	}
}

type fetchFunc func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error)

func (f fetchFunc) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	return f(ctx, r)
}

func TestDirectOutsideAPage(t *testing.T) {
	client := bridge.New(nil, bridge.WithDirect(bridge.HostTokens()))
	if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("got %v, want ErrNoBridge", err)
	}
}

func TestHostTokens(t *testing.T) {
	const good = `{"jwt":"eyJ.secret.x","expiresAt":"1900000000000","baseUrl":"https://tasks.example.com"}`
	tests := map[string]struct {
		answer string
		want   error
	}{
		"good":         {good, nil},
		"number":       {strings.ReplaceAll(good, `"1900000000000"`, `1900000000000`), nil},
		"no jwt":       {`{"expiresAt":"1","baseUrl":"https://a.example"}`, bridge.ErrInvalidResponse},
		"no time":      {`{"jwt":"secret","baseUrl":"https://a.example"}`, bridge.ErrInvalidResponse},
		"no base":      {`{"jwt":"secret","expiresAt":"1"}`, bridge.ErrInvalidResponse},
		"base of http": {`{"jwt":"secret","expiresAt":"1","baseUrl":"http://a.example"}`, bridge.ErrInvalidResponse},
		"undefined":    {``, bridge.ErrInvalidResponse},
		"an array":     {`[]`, bridge.ErrInvalidResponse},
		"wrong types":  {`{"jwt":5,"expiresAt":{},"baseUrl":null}`, bridge.ErrInvalidResponse},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var call bridge.Call
			host := hostFunc(func(_ context.Context, c bridge.Call) (bridge.Answer, error) {
				call = c
				return bridge.Answer{Payload: []byte(tt.answer)}, nil
			})
			var sent bridge.FetchRequest
			client := bridge.New(host, bridge.WithDirect(bridge.HostTokens()), bridge.WithFetcher(fetchFunc(func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
				sent = r
				return bridge.FetchResponse{Status: 204, Header: bridge.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
			})))
			_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/tasks"})
			if !errors.Is(err, tt.want) || containsText(err, "secret") {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			sameJSON(t, call.Payload, `{"remoteKey":"tasks-api"}`)
			if call.Command != "signInvocationTokenForUI" {
				t.Errorf("got the command %q", call.Command)
			}
			if tt.want == nil && (sent.URL != "https://tasks.example.com/tasks" || sent.Origin != "https://tasks.example.com" || sent.Header.Get("Authorization") != "Bearer eyJ.secret.x") {
				t.Errorf("sent to %s", sent.URL)
			}
		})
	}
	t.Run("unknown remote", func(t *testing.T) {
		client := bridge.New(hostFunc(func(context.Context, bridge.Call) (bridge.Answer, error) {
			return bridge.Answer{}, &bridge.HostError{Message: "no", Code: "UNKNOWN_REMOTE"}
		}), bridge.WithDirect(bridge.HostTokens()), bridge.WithFetcher(httpFetcher{}))
		if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "nobody", bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrUnknownRemote) {
			t.Errorf("got %v, want ErrUnknownRemote", err)
		}
	})
}

func TestExchangeTokens(t *testing.T) {
	tests := map[string]struct {
		answer string
		want   error
	}{
		"good":           {`{"success":true,"payload":{"status":200,"body":{"jwt":"x","expiresAt":1900000000000,"baseUrl":"https://tasks.example.com"}}}`, nil},
		"unknown remote": {`{"success":true,"payload":{"status":404,"body":{"error":"no"}}}`, bridge.ErrUnknownRemote},
		"refused":        {`{"success":true,"payload":{"status":403,"body":{"error":"no"}}}`, &bridge.Error{}},
		"bad FIT":        {`{"success":false,"error":{"message":"Remote could not verify the Forge Invocation Token"}}`, bridge.ErrUnauthorized},
		"nonsense":       {`{"success":true,"payload":{"status":200,"body":[]}}`, bridge.ErrInvalidResponse},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var call bridge.Call
			client := bridge.New(hostFunc(func(_ context.Context, c bridge.Call) (bridge.Answer, error) {
				call = c
				return bridge.Answer{Payload: []byte(tt.answer)}, nil
			}), bridge.WithDirect(bridge.ExchangeTokens("/token")), bridge.WithFetcher(fetchFunc(func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
				return bridge.FetchResponse{Status: 204, Body: io.NopCloser(strings.NewReader(""))}, nil
			})))
			_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
			var e *bridge.Error
			if errors.As(tt.want, &e) {
				if !errors.As(err, &e) || e.Status != 403 {
					t.Errorf("got %v, want an *Error with 403", err)
				}
			} else if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			sameJSON(t, call.Payload, `{"path":"/token","method":"POST","body":{"remoteKey":"tasks-api"},"invokeType":"ui-remote-fetch"}`)
		})
	}
}
