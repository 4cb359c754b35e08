package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const site = "https://acme.atlassian.net"

// call sends a request through v to a handler that answers 200 with the installation id.
func call(v *Verifier, method string, header http.Header) *http.Response {
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, ok := FromContext(r.Context())
		if !ok {
			panic("the handler got no claims")
		}
		io.WriteString(w, claims.InstallationID())
	})
	r := httptest.NewRequest(method, "/tasks?secret=1", nil)
	r.Header = header
	w := httptest.NewRecorder()
	v.Handler(next).ServeHTTP(w, r)
	return w.Result()
}

func authorized(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

func TestHandler(t *testing.T) {
	good := fit(nil)
	broken := serving("not a key set")
	from := func(origin string) http.Header {
		h := authorized(good)
		h.Set("Origin", origin)
		return h
	}
	for _, tt := range []struct {
		name   string
		header http.Header
		opt    Option
		status int
		origin string // the wanted Access-Control-Allow-Origin
		text   string // part of the error; empty if the next handler answers
	}{
		{"good FIT from the platform", authorized(good), nil, 200, "", ""},
		{"good FIT from the product's page", from(site), nil, 200, site, ""},
		{"good FIT from an added origin", from("http://127.0.0.1:9000"), WithAllowedOrigins("http://127.0.0.1:9000"), 200, "http://127.0.0.1:9000", ""},
		{"scheme in another case", http.Header{"Authorization": {"bEARER " + good}}, nil, 200, "", ""},
		{"several spaces", http.Header{"Authorization": {"Bearer   " + good}}, nil, 200, "", ""},

		{"foreign origin", from("https://foreign.example.com"), nil, 403, "", "origin"},
		{"origin null", from("null"), nil, 403, "", "origin"},
		{"empty origin", from(""), nil, 403, "", "origin"},
		{"two origins", http.Header{"Origin": {site, site}, "Authorization": {"Bearer " + good}}, nil, 403, "", "origin"},

		{"no token", http.Header{}, nil, 401, "", "needs a Forge Invocation Token"},
		{"no token from the product's page", http.Header{"Origin": {site}}, nil, 401, site, "needs a Forge Invocation Token"},
		{"another scheme", http.Header{"Authorization": {"Basic " + good}}, nil, 401, "", "needs a Forge Invocation Token"},
		{"no scheme", http.Header{"Authorization": {good}}, nil, 401, "", "needs a Forge Invocation Token"},
		{"scheme only", http.Header{"Authorization": {"Bearer "}}, nil, 401, "", "needs a Forge Invocation Token"},
		{"token in the query only", http.Header{}, nil, 401, "", "needs a Forge Invocation Token"},
		{"several headers", http.Header{"Authorization": {"Bearer " + good, "Bearer " + good}}, nil, 401, "", "not valid"},
		{"two tokens in one header", authorized(good + ", Bearer " + good), nil, 401, "", "not valid"},
		{"junk", authorized("junk"), nil, 401, "", "not valid"},
		{"a token of a megabyte", authorized(strings.Repeat("A", 1<<20)), nil, 401, "", "not valid"},
		{"expired", authorized(fit(object{"exp": 1})), nil, 401, "", "not valid"},
		{"another app", authorized(fit(object{"aud": otherApp})), nil, 401, "", "not valid"},

		{"key set down", authorized(good), broken, 503, "", "Try again"},
		{"key set down, from the product's page", from(site), broken, 503, site, "Try again"},
		{"key set down and a malformed token", authorized("junk"), broken, 401, "", "not valid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			opts := []Option{WithLogger(slog.New(slog.NewTextHandler(&log, nil)))}
			if tt.opt != nil {
				opts = append(opts, tt.opt)
			}
			resp := call(newVerifier(t, opts...), http.MethodGet, tt.header)
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != tt.status {
				t.Errorf("status %d; want %d; body %s", resp.StatusCode, tt.status, body)
			}
			if got := resp.Header.Get("Access-Control-Allow-Origin"); got != tt.origin {
				t.Errorf("Access-Control-Allow-Origin = %q; want %q", got, tt.origin)
			}
			if got := resp.Header.Get("Access-Control-Expose-Headers"); strings.Contains(got, "ETag") != (tt.origin != "") || strings.Contains(got, "*") {
				t.Errorf("Access-Control-Expose-Headers = %q", got)
			}
			if got := resp.Header.Values("Vary"); len(got) != 1 || got[0] != "Origin" {
				t.Errorf("Vary = %q; want Origin", got)
			}
			if got := resp.Header.Get("WWW-Authenticate"); (got == "Bearer") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate = %q with status %d", got, tt.status)
			}
			if got := resp.Header.Get("Retry-After"); (got != "") != (tt.status == 503) {
				t.Errorf("Retry-After = %q with status %d", got, tt.status)
			}
			if tt.text == "" {
				if string(body) != testInstallation {
					t.Errorf("body %q; want that of the next handler", body)
				}
				return
			}
			assertJSONError(t, resp, body, tt.text)
			for _, line := range []string{log.String(), string(body)} {
				assertNoToken(t, line, good)
				if strings.Contains(line, "secret") {
					t.Errorf("%q contains the query", line)
				}
			}
			if !strings.Contains(log.String(), "reason=") {
				t.Errorf("log %q does not contain the reason", log.String())
			}
		})
	}
}

func assertJSONError(t *testing.T, resp *http.Response, body []byte, want string) {
	t.Helper()
	if got := resp.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type = %q; want application/json", got)
	}
	var answer struct{ Error string }
	if err := json.Unmarshal(body, &answer); err != nil || !strings.Contains(answer.Error, want) {
		t.Errorf("body %s; want a JSON error that contains %q", body, want)
	}
}

// The response must not say why a token is bad. Otherwise an attacker could repair the token step by step.
func TestBadTokensGetSameResponse(t *testing.T) {
	answers := map[string]bool{}
	for _, token := range []string{"junk", fit(object{"exp": 1}), fit(object{"aud": otherApp}), sign(otherKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(nil)))} {
		body, _ := io.ReadAll(call(newVerifier(t), http.MethodGet, authorized(token)).Body)
		answers[string(body)] = true
	}
	if len(answers) != 1 {
		t.Errorf("got %d different responses, want 1: %v", len(answers), answers)
	}
}

// If the caller cancels while the key set is fetched, the response is 503, not 401: the token may be valid.
func TestCallerCancelsDuringFetch(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	v := newVerifier(t, WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		cancel(errors.New("gone"))
		<-r.Context().Done()
		return nil, r.Context().Err()
	})}))
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.Header = authorized(fit(nil))
	w := httptest.NewRecorder()
	v.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d; want 503", w.Code)
	}
}

func TestPreflight(t *testing.T) {
	ask := func(origin string, headers ...string) http.Header {
		return http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": headers}
	}
	for _, tt := range []struct {
		name    string
		header  http.Header
		opt     Option
		status  int
		allowed string
	}{
		{"no headers", ask(site), nil, 204, "authorization, content-type"},
		{"the platform's headers", ask(site, "authorization,content-type"), nil, 204, "authorization, content-type"},
		{"custom headers", ask(site, "authorization,idempotency-key, X-Source"), nil, 204, "authorization, content-type, idempotency-key, x-source"},
		{"custom headers on two lines", ask(site, "a", "b"), nil, 204, "authorization, content-type, a, b"},
		{"invalid names", ask(site, "a b,\x00,*,,ä,x-ok,x-ok,a:b"), nil, 204, "authorization, content-type, x-ok"},
		{"only listed headers", ask(site, "x-source,x-other"), WithAllowedHeaders("X-Source"), 204, "authorization, content-type, x-source"},
		{"only the headers that are always allowed", ask(site, "x-source"), WithAllowedHeaders(), 204, "authorization, content-type"},
		{"added origin", ask("https://a.example.com"), WithAllowedOrigins("https://a.example.com"), 204, "authorization, content-type"},
		{"foreign origin", ask("https://foreign.example.com", "authorization"), nil, 403, ""},
		{"origin null", ask("null", "authorization"), nil, 403, ""},
		{"OPTIONS that is not a preflight", http.Header{"Origin": {site}}, nil, 401, ""},
		{"OPTIONS from the platform", http.Header{"Access-Control-Request-Method": {"PUT"}}, nil, 401, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := newVerifier(t)
			if tt.opt != nil {
				v = newVerifier(t, tt.opt)
			}
			resp := call(v, http.MethodOptions, tt.header)
			if resp.StatusCode != tt.status {
				t.Fatalf("status %d; want %d", resp.StatusCode, tt.status)
			}
			got := resp.Header
			if got.Get("Access-Control-Allow-Headers") != tt.allowed {
				t.Errorf("Access-Control-Allow-Headers = %q; want %q", got.Get("Access-Control-Allow-Headers"), tt.allowed)
			}
			if tt.status != 204 {
				if tt.status == 403 && got.Get("Access-Control-Allow-Origin") != "" {
					t.Error("the response to a refused origin has CORS headers")
				}
				return
			}
			body, _ := io.ReadAll(resp.Body)
			for _, want := range []struct{ name, got, want string }{
				{"body", string(body), ""},
				{"Access-Control-Allow-Origin", got.Get("Access-Control-Allow-Origin"), tt.header.Get("Origin")},
				{"Access-Control-Allow-Methods", got.Get("Access-Control-Allow-Methods"), "GET, HEAD, POST, PUT, PATCH, DELETE"},
				{"Access-Control-Max-Age", got.Get("Access-Control-Max-Age"), "7200"},
				{"Access-Control-Allow-Credentials", got.Get("Access-Control-Allow-Credentials"), ""},
				{"Vary", strings.Join(got.Values("Vary"), ", "), "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"},
			} {
				if want.got != want.want {
					t.Errorf("%s = %q; want %q", want.name, want.got, want.want)
				}
			}
		})
	}
}

// A preflight may ask for a limited number of headers. At the limit it is allowed. With one more it is refused, and the
// log says why.
func TestPreflightLimits(t *testing.T) {
	names := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = "x-" + strconv.Itoa(i)
		}
		return strings.Join(list, ",")
	}
	for _, tt := range []struct {
		name   string
		asked  []string
		opt    Option
		status int
	}{
		{"the maximum number of headers", []string{names(maxCORSHeaders)}, nil, 204},
		{"the same name repeated", []string{strings.Repeat("x,", maxCORSBytes/2-1)}, nil, 204},
		{"a name of the maximum length", []string{strings.Repeat("x", maxCORSBytes-1)}, nil, 204},
		{"the maximum number of lines", slices.Repeat([]string{""}, maxCORSBytes), nil, 204},
		{"one header too many", []string{names(maxCORSHeaders + 1)}, nil, 431},
		{"one header too many, on another line", []string{names(maxCORSHeaders), "more"}, nil, 431},
		{"a name that is too long", []string{strings.Repeat("x", maxCORSBytes)}, nil, 431},
		{"commas", []string{strings.Repeat(",", 1<<20)}, nil, 431},
		{"a name of a megabyte", []string{strings.Repeat("x", 1<<20)}, nil, 431},
		{"a megabyte of short lines", slices.Repeat([]string{"x"}, 1<<18), nil, 431},
		{"a megabyte of empty lines", slices.Repeat([]string{""}, 1<<18), nil, 431},
		{"commas where the headers are listed", []string{strings.Repeat(",", 1<<20)}, WithAllowedHeaders("x-a"), 204},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			opts := []Option{WithLogger(slog.New(slog.NewTextHandler(&log, nil)))}
			if tt.opt != nil {
				opts = append(opts, tt.opt)
			}
			resp := call(newVerifier(t, opts...), http.MethodOptions, http.Header{
				"Origin": {site}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": tt.asked,
			})
			if resp.StatusCode != tt.status {
				t.Fatalf("status %d; want %d", resp.StatusCode, tt.status)
			}
			if got := resp.Header.Get("Access-Control-Allow-Headers"); (got == "") != (tt.status == 431) || len(got) > 2*maxCORSBytes {
				t.Errorf("%d bytes of allowed headers with status %d", len(got), tt.status)
			}
			if tt.status == 431 {
				body, _ := io.ReadAll(resp.Body)
				assertJSONError(t, resp, body, "too many request headers")
				if !strings.Contains(log.String(), "100 headers") || log.Len() > 500 {
					t.Errorf("log %q", log.String())
				}
			}
		})
	}
}

func TestExposedHeaders(t *testing.T) {
	h := authorized(fit(nil))
	h.Set("Origin", site)
	resp := call(newVerifier(t, WithExposedHeaders("X-Total", "X-Other")), http.MethodGet, h)
	if got := resp.Header.Get("Access-Control-Expose-Headers"); got != strings.Join(exposedHeaders, ", ")+", X-Total, X-Other" {
		t.Errorf("Access-Control-Expose-Headers = %q", got)
	}
}

func TestFromContext(t *testing.T) {
	if claims, ok := FromContext(t.Context()); ok || claims != nil {
		t.Errorf("FromContext of a bare context = %v, %v", claims, ok)
	}
	if _, ok := FromContext(NewContext(t.Context(), nil)); ok {
		t.Error("FromContext returned true for nil claims")
	}
	want := &Claims{Principal: "p"}
	if claims, ok := FromContext(NewContext(t.Context(), want)); !ok || claims != want {
		t.Errorf("FromContext = %v, %v; want the claims that were passed to NewContext", claims, ok)
	}
}
