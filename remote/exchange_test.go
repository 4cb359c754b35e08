package remote

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

const testBase = "https://tasks.example.com/api"

var testExchangeKey = []byte("Qk3v9Zt1LxWn7Rb5Ye0Ps8Hd2Jf6Mg4C")

// newExchange returns an exchange that issues tokens for tasks-api, at testNow.
func newExchange(t testing.TB, opts ...ExchangeOption) *Exchange {
	t.Helper()
	return exchangeOf(t, newVerifier(t), opts...)
}

func exchangeOf(t testing.TB, v *Verifier, opts ...ExchangeOption) *Exchange {
	t.Helper()
	x, err := NewExchange(v, map[string]string{"tasks-api": testBase}, append([]ExchangeOption{WithExchangeKey(testExchangeKey)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// exchange sends a request for a token to the handler.
func exchange(handler http.Handler, token, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader(body))
	r.Header = authorized(token)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Del(header[i])
		if header[i+1] != "" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

const askForTasks = `{"remoteKey":"tasks-api"}`

type exchangeAnswer struct{ JWT, ExpiresAt, BaseURL string }

// exchanged returns the answer for a FIT.
func exchanged(t testing.TB, x *Exchange, fit string) exchangeAnswer {
	t.Helper()
	w := exchange(x.Handler(x), fit, askForTasks)
	var answer exchangeAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK || answer.JWT == "" {
		t.Fatalf("status %d, body %s; want a token", w.Code, w.Body)
	}
	return answer
}

func TestExchange(t *testing.T) {
	x := newExchange(t)
	w := exchange(x.verifier.Handler(x), fit(nil), askForTasks)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, header %v; want 200, JSON and no-store", w.Code, w.Header())
	}
	var answer map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("body %s: %v", w.Body, err)
	}
	if want := testNow.Add(5 * time.Minute).UnixMilli(); len(answer) != 3 || answer["expiresAt"] != strconv.FormatInt(want, 10) || answer["baseUrl"] != testBase {
		t.Errorf("body %s; want expiresAt %d and baseUrl %s", w.Body, want, testBase)
	}
	claims, err := x.Verify(t.Context(), answer["jwt"])
	if err != nil {
		t.Fatal(err)
	}
	if !claims.Exchanged || !claims.IssuedAt.Equal(testNow) || !claims.ExpiresAt.Equal(testNow.Add(5*time.Minute)) {
		t.Errorf("Exchanged %v, IssuedAt %v, ExpiresAt %v; want a token that is valid for 5 minutes", claims.Exchanged, claims.IssuedAt, claims.ExpiresAt)
	}
	if claims.InstallationID() != testInstallation || claims.App.ID != testApp || claims.App.Module.Key != "tasks-endpoint" ||
		claims.CloudID() != "cloud-1" || claims.AccountID() != "655362:aaaa" || claims.Context.Extension.Type != "jira:issuePanel" {
		t.Errorf("the claims differ from those of the FIT: %+v", claims)
	}
}

// Claims that do not describe the token itself must be as in the FIT.
func TestExchangeKeepsClaims(t *testing.T) {
	license := object{"active": true, "type": "COMMERCIAL", "trialEndDate": "2027-01-02T03:04:05Z", "modes": []string{"USER_ACCESS"}}
	for _, tt := range []struct {
		name    string
		changes object
	}{
		{"all claims", nil},
		{"no principal and no context", object{"principal": nil, "context": nil}},
		{"a label", object{"icLabel": "orange-1"}},
		{"a license", object{"app": fitApp(object{"license": license})}},
		{"a license with a date that cannot be read", object{"app": fitApp(object{"license": object{"active": true, "trialEndDate": "soon"}})}},
		{"only the newer installation id", object{"app": fitApp(object{"installationId": nil})}},
		{"an extension with characters that HTML escapes", object{"context": object{"extension": object{"type": "macro", "title": "<b>&é\u2028"}}}},
		{"an extension without a type", object{"context": object{"extension": object{"x": 1}}}},
		{"no extension", object{"context": object{"accountId": "a"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := exchangeOf(t, newVerifier(t, WithIsolatedClouds("https://keys.example.com/{IC_LABEL}/jwks.json")))
			token := fit(tt.changes)
			want, err := x.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			got, err := x.Verify(t.Context(), exchanged(t, x, token).JWT)
			if err != nil {
				t.Fatal(err)
			}
			if want.Exchanged || !got.Exchanged || got.ID == want.ID || got.ID == "" {
				t.Errorf("FIT: Exchanged %v, ID %q; token: Exchanged %v, ID %q; want false, then true, and different IDs", want.Exchanged, want.ID, got.Exchanged, got.ID)
			}
			for _, c := range []*Claims{want, got} {
				if c.Context != nil {
					c.Context.Extension.Raw = normal(t, c.Context.Extension.Raw)
				}
				*c = Claims{App: c.App, Context: c.Context, Principal: c.Principal, ICLabel: c.ICLabel}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// A FIT of the greatest accepted length can be exchanged, whatever it contains.
func TestExchangeLongestFIT(t *testing.T) {
	x := newExchange(t)
	payload := toJSON(fitClaims(object{"principal": "long"}))
	token := func(n int) string {
		return sign(testKey(), toJSON(fitHeader(nil)), strings.Replace(payload, `"long"`, `"`+strings.Repeat("<", n)+`"`, 1))
	}
	n := (maxTokenBytes - len(token(0))) * 3 / 4
	if claims, err := x.Verify(t.Context(), exchanged(t, x, token(n)).JWT); err != nil || claims.Principal != strings.Repeat("<", n) {
		t.Error(err)
	}
	if _, err := x.Verify(t.Context(), token(n+2)); err == nil {
		t.Error("a longer FIT was accepted, so the first one was not the longest")
	}
}

// normal rewrites JSON in a canonical form.
func normal(t *testing.T, raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage(`{"type":""}`)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return json.RawMessage(toJSON(v))
}

func TestExchangeRefuses(t *testing.T) {
	good := fit(nil)
	x := newExchange(t)
	own := exchanged(t, x, good).JWT
	for _, tt := range []struct {
		name    string
		handler http.Handler
		token   string
		body    string
		header  []string
		status  int
		text    string
	}{
		{"no content type", nil, good, askForTasks, []string{"Content-Type", ""}, 200, ""},
		{"a content type with a charset", nil, good, askForTasks, []string{"Content-Type", "application/json; charset=utf-8"}, 200, ""},
		{"a byte order mark", nil, good, "\uFEFF" + askForTasks, nil, 200, ""},
		{"spaces", nil, good, " { \"remoteKey\" : \"tasks-api\" } \n", nil, 200, ""},

		{"an exchanged token", nil, own, askForTasks, nil, 403, "only for a Forge Invocation Token"},
		{"an exchanged token and an invalid body", nil, own, "x", nil, 403, "only for a Forge Invocation Token"},
		{"an exchanged token where only a FIT is accepted", x.verifier.Handler(x), own, askForTasks, nil, 401, "not valid"},
		{"an expired FIT", nil, fit(object{"exp": 1}), askForTasks, nil, 401, "The token is not valid"},
		{"no token", nil, "", askForTasks, nil, 401, "or a token issued for one"},

		{"unknown remote", nil, good, `{"remoteKey":"other"}`, nil, 404, "that remote"},
		{"empty remote", nil, good, `{"remoteKey":""}`, nil, 404, "that remote"},
		{"remote in upper case", nil, good, `{"remoteKey":"TASKS-API"}`, nil, 404, "that remote"},

		{"no body", nil, good, "", nil, 400, "remoteKey"},
		{"null", nil, good, "null", nil, 400, "remoteKey"},
		{"a list", nil, good, `["tasks-api"]`, nil, 400, "remoteKey"},
		{"empty object", nil, good, `{}`, nil, 400, "remoteKey"},
		{"name in upper case", nil, good, `{"REMOTEKEY":"tasks-api"}`, nil, 400, "remoteKey"},
		{"remoteKey null", nil, good, `{"remoteKey":null}`, nil, 400, "remoteKey"},
		{"remoteKey a number", nil, good, `{"remoteKey":1}`, nil, 400, "remoteKey"},
		{"remoteKey twice", nil, good, `{"remoteKey":"other","remoteKey":"tasks-api"}`, nil, 400, "remoteKey"},
		{"another member", nil, good, `{"remoteKey":"tasks-api","lifetime":9}`, nil, 400, "remoteKey"},
		{"trailing data", nil, good, askForTasks + askForTasks, nil, 400, "remoteKey"},
		{"nested deep", nil, good, strings.Repeat("[", 4000), nil, 400, "remoteKey"},
		{"two byte order marks", nil, good, "\uFEFF\uFEFF" + askForTasks, nil, 400, "remoteKey"},
		{"remoteKey in two cases", nil, good, `{"remoteKey":"tasks-api","RemoteKey":"other"}`, nil, 400, "remoteKey"},
		{"remoteKey twice, once escaped", nil, good, `{"remoteKey":"tasks-api","remote\u004bey":"other"}`, nil, 400, "remoteKey"},
		{"a content type of a megabyte", nil, good, askForTasks, []string{"Content-Type", "application/json" + strings.Repeat(";a=b", 1<<18)}, 415, "application/json"},
		{"another content type", nil, good, askForTasks, []string{"Content-Type", "text/plain"}, 415, "application/json"},
		{"an invalid content type", nil, good, askForTasks, []string{"Content-Type", ";"}, 415, "application/json"},
		{"too large", nil, good, `{"remoteKey":"` + strings.Repeat("x", maxExchangeBody) + `"}`, nil, 413, "4 KB"},

		{"no verifier in front", x, good, askForTasks, nil, 500, "not set up"},
		{"another app's claims", withClaims(x, &Claims{App: App{ID: otherApp, InstallationID: "i"}}), good, askForTasks, nil, 500, "not set up"},
		{"claims without an installation", withClaims(x, &Claims{App: App{ID: testApp}}), good, askForTasks, nil, 500, "not set up"},
		{"claims that are too long", withClaims(x, &Claims{App: App{ID: testApp, InstallationID: "i"}, Principal: strings.Repeat("x", maxTokenBytes)}), good, askForTasks, nil, 500, "could not be made"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			handler := tt.handler
			if handler == nil {
				handler = x.Handler(x)
			}
			w := exchange(handler, tt.token, tt.body, tt.header...)
			if w.Code != tt.status {
				t.Fatalf("status %d, body %s; want status %d", w.Code, w.Body, tt.status)
			}
			if tt.status == http.StatusOK {
				return
			}
			assertJSONError(t, w.Result(), w.Body.Bytes(), tt.text)
			assertNoToken(t, w.Body.String(), tt.token)
			if strings.Contains(w.Body.String(), "jwt") || strings.Contains(w.Body.String(), testBase) {
				t.Errorf("the refusal contains a token or a base URL: %s", w.Body)
			}
			if got := w.Header().Get("WWW-Authenticate"); (got != "") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate = %q with status %d", got, tt.status)
			}
		})
	}
}

func withClaims(next http.Handler, claims *Claims) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), claims)))
	})
}

func TestExchangeRefusesOtherMethods(t *testing.T) {
	x := newExchange(t)
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"} {
		r := httptest.NewRequest(method, "/token", strings.NewReader(askForTasks))
		r.Header = authorized(fit(nil))
		w := httptest.NewRecorder()
		x.Handler(x).ServeHTTP(w, r)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
			t.Errorf("%s: status %d, Allow %q; want 405 and POST", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

// A handler can read the claims of both kinds of token. The log contains neither token.
func TestExchangeHandler(t *testing.T) {
	var log bytes.Buffer
	x := exchangeOf(t, newVerifier(t, WithAllowedOrigins("https://app.example.com"), WithLogger(slog.New(slog.NewTextHandler(&log, nil)))))
	own := exchanged(t, x, fit(nil)).JWT
	handler := x.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := FromContext(r.Context())
		io.WriteString(w, claims.InstallationID()+" "+strconv.FormatBool(claims.Exchanged))
	}))
	for _, tt := range []struct {
		name, token, origin string
		status              int
		body                string
	}{
		{"FIT", fit(nil), "", 200, testInstallation + " false"},
		{"exchanged", own, "", 200, testInstallation + " true"},
		{"exchanged from the app's page", own, "https://app.example.com", 200, testInstallation + " true"},
		{"exchanged from a foreign page", own, "https://foreign.example.com", 403, "origin"},
		{"exchanged and changed", own[:strings.LastIndexByte(own, '.')+1] + b64(strings.Repeat("s", 32)), "", 401, "The token is not valid."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/tasks", nil)
			r.Header = authorized(tt.token)
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) {
				t.Errorf("status %d, body %s; want status %d, body with %q", w.Code, w.Body, tt.status, tt.body)
			}
			if cors := w.Header().Get("Access-Control-Allow-Origin"); tt.status == 200 && cors != tt.origin || tt.status == 403 && cors != "" {
				t.Errorf("Access-Control-Allow-Origin is %q", cors)
			}
			assertNoToken(t, log.String(), tt.token)
		})
	}
}

// The expiry in the response is that of the token, rounded down to a second. After it, the token is refused.
func TestExchangedTokenExpires(t *testing.T) {
	c := &clock{now: testNow.Add(700 * time.Millisecond)}
	x := exchangeOf(t, newVerifier(t, WithClock(c.Now), WithLeeway(0)), WithExchangeLifetime(3500*time.Millisecond))
	answer := exchanged(t, x, fit(nil))
	if want := testNow.Add(3 * time.Second).UnixMilli(); answer.ExpiresAt != strconv.FormatInt(want, 10) {
		t.Errorf("expiresAt is %s; want %d", answer.ExpiresAt, want)
	}
	c.Add(2 * time.Second)
	if _, err := x.Verify(t.Context(), answer.JWT); err != nil {
		t.Error(err)
	}
	c.Add(300 * time.Millisecond)
	_, err := x.Verify(t.Context(), answer.JWT)
	assertErrors(t, err, ErrExpired)
}

// The handler waits until the client has read each line, so a line must arrive before the handler ends.
func TestExchangeHandlerStreams(t *testing.T) {
	x := newExchange(t)
	read := make(chan bool)
	server := httptest.NewServer(x.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 3 {
			io.WriteString(w, "line\n")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			select {
			case <-read:
			case <-r.Context().Done():
			}
		}
	})))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = authorized(exchanged(t, x, fit(nil)).JWT)
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for range 3 {
		if !lines.Scan() || lines.Text() != "line" {
			t.Fatal(lines.Err(), lines.Text())
		}
		read <- true
	}
}
