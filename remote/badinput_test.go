package remote

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hostileKeys serves a key set that the test case chooses. It counts the requests, and the bytes that are read.
type hostileKeys struct {
	answer         func(r *http.Request) (io.Reader, error)
	requests, read atomic.Int64
}

func (h *hostileKeys) RoundTrip(r *http.Request) (*http.Response, error) {
	h.requests.Add(1)
	body, err := h.answer(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(io.TeeReader(body, h))}, nil
}

func (h *hostileKeys) Write(p []byte) (int, error) {
	h.read.Add(int64(len(p)))
	return len(p), nil
}

// spaces is an endless reader of spaces.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// The cases are bad input from strangers, and bad key sets. The test sends each one repeatedly for half a minute.
// It must never be accepted and never cause a panic. The key set must be requested at most once. Neither the answer nor
// the log may contain what was sent.
func TestBadInput(t *testing.T) {
	der, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})

	lasting := object{"exp": testNow.Unix() + 3600}
	claims := func(changes object) string { return toJSON(changed(fitClaims(lasting), changes)) }
	payload := claims(nil)
	with := func(header object) string { return sign(testKey(), toJSON(fitHeader(header)), payload) }
	saying := func(changes object) string { return sign(testKey(), toJSON(fitHeader(nil)), claims(changes)) }
	good := with(nil)
	parts := strings.Split(good, ".")
	keys := func(body string) func(*http.Request) (io.Reader, error) {
		return func(*http.Request) (io.Reader, error) { return strings.NewReader(body), nil }
	}
	goodKeys := jwks(jwk(testKID, testKey(), nil))
	clouds := WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json")

	for _, tt := range []struct {
		name   string
		token  string
		header http.Header // replaces the header with the token
		keys   func(*http.Request) (io.Reader, error)
		opt    Option
		status int   // 401 if zero
		want   error // the error of Verify; nil if the token is good and something else is bad
	}{
		{name: "alg none", token: b64(toJSON(object{"alg": "none", "kid": testKID})) + "." + parts[1] + "." + parts[2], want: ErrAlgorithm},
		{name: "alg none without a signature", token: b64(`{"alg":"none"}`) + "." + parts[1] + ".", want: ErrMalformed},
		{name: "HS256 signed with the public key", token: signHMAC(publicPEM, toJSON(fitHeader(object{"alg": "HS256"})), payload), want: ErrAlgorithm},
		{name: "HS256 signed with the public key, under alg RS256", token: signHMAC(der, toJSON(fitHeader(nil)), payload), want: ErrSignature},
		{name: "RS256 by another key under the right kid", token: sign(otherKey(), toJSON(fitHeader(nil)), payload), want: ErrSignature},

		{name: "kid missing", token: with(object{"kid": nil}), want: ErrMalformed},
		{name: "kid huge", token: with(object{"kid": strings.Repeat("HOSTILE", 1500)}), want: ErrMalformed},
		{name: "kid with a path in it", token: with(object{"kid": "../../../../etc/HOSTILE"}), want: ErrKey},
		{name: "kid with a line break and a log line", token: with(object{"kid": "a\n2026 level=INFO msg=HOSTILE"}), want: ErrKey},
		{name: "jku", token: with(object{"jku": "https://HOSTILE.example.com/jwks.json"}), want: ErrMalformed},
		{name: "jku with a line break", token: with(object{"jku": "x\nlevel=INFO msg=HOSTILE"}), want: ErrMalformed},
		{name: "x5u", token: with(object{"x5u": "https://HOSTILE.example.com/x.pem"}), want: ErrMalformed},
		{name: "jwk with the key that signed", token: sign(otherKey(), toJSON(fitHeader(object{"jwk": jwk(testKID, otherKey(), nil)})), payload), want: ErrMalformed},
		{name: "crit", token: with(object{"crit": []string{"HOSTILE"}, "HOSTILE": true}), want: ErrMalformed},
		{name: "header escaped", token: sign(testKey(), `{"\u0061lg":"none","alg":"RS256","kid":"`+testKID+`"}`, payload), want: ErrMalformed},

		{name: "two dots missing", token: strings.ReplaceAll(good, ".", ""), want: ErrMalformed},
		{name: "one dot missing", token: parts[0] + "." + parts[1] + parts[2], want: ErrMalformed},
		{name: "one dot added", token: good + ".", want: ErrMalformed},
		{name: "base64 with padding", token: good + "==", want: ErrMalformed},
		{name: "base64 with junk", token: "!" + good, want: ErrMalformed},
		{name: "base64 with junk in the payload", token: strings.Replace(good, ".", ".!", 1), want: ErrSignature},
		{name: "base64 of the other alphabet", token: parts[0] + "." + parts[1] + "." + strings.Repeat("+/", 171), want: ErrMalformed},

		{name: "claims as an array", token: sign(testKey(), toJSON(fitHeader(nil)), "["+payload+"]"), want: ErrMalformed},
		{name: "app as an array", token: saying(object{"app": []any{fitApp(nil)}}), want: ErrMalformed},
		{name: "numbers as strings", token: saying(object{"exp": "1800003600"}), want: ErrMalformed},
		{name: "strings as numbers", token: saying(object{"principal": 1}), want: ErrMalformed},
		{name: "aud as a list with another app", token: saying(object{"aud": []string{testApp, otherApp}}), want: ErrAudience},
		{name: "aud as a list of another app", token: saying(object{"aud": []string{otherApp}}), want: ErrAudience},
		{name: "aud as an object", token: saying(object{"aud": object{"app": testApp}}), want: ErrMalformed},
		{name: "exp missing", token: saying(object{"exp": nil}), want: ErrMalformed},
		{name: "exp null", token: sign(testKey(), toJSON(fitHeader(nil)), strings.Replace(payload, `"exp":1800003600`, `"exp":null`, 1)), want: ErrMalformed},
		{name: "exp in milliseconds", token: saying(object{"exp": (testNow.Unix() + 25) * 1000}), want: ErrMalformed},
		{name: "exp negative", token: saying(object{"exp": -1}), want: ErrMalformed},
		{name: "exp 2^63", token: saying(object{"exp": uint64(1) << 63}), want: ErrMalformed},
		{name: "exp with an exponent", token: sign(testKey(), toJSON(fitHeader(nil)), strings.Replace(payload, `"exp":1800003600`, `"exp":1e400`, 1)), want: ErrMalformed},
		{name: "a megabyte", token: strings.Repeat("A", 1<<20), want: ErrMalformed},
		{name: "a megabyte in three parts", token: parts[0] + "." + strings.Repeat("A", 1<<20) + "." + parts[2], want: ErrMalformed},

		{name: "several Authorization headers", header: http.Header{"Authorization": {"Bearer " + good, "Bearer " + good}}},
		{name: "several tokens in one header", token: good + ", Bearer " + good, want: ErrMalformed},
		{name: "another scheme", header: http.Header{"Authorization": {"Basic " + good}}},
		{name: "another scheme with the prefix Bearer", header: http.Header{"Authorization": {"BearerX " + good}}},
		{name: "no scheme", header: http.Header{"Authorization": {good}}},

		{name: "a FIT of another app", token: saying(object{"aud": otherApp, "app": fitApp(object{"id": otherApp})}), want: ErrAudience},
		{name: "a FIT of another app in app.id only", token: saying(object{"app": fitApp(object{"id": otherApp})}), want: ErrAudience},
		{name: "a FIT of another environment", token: good, opt: WithEnvironments(Production), want: ErrEnvironment},
		{name: "a FIT from staging", token: sign(otherKey(), toJSON(fitHeader(object{"kid": "forge/invocation-token/stg"})),
			claims(object{"app": fitApp(object{"apiBaseUrl": "https://api.stg.atlassian.com/ex/jira/HOSTILE"})})), want: ErrKey},
		{name: "icLabel with ../", token: saying(object{"icLabel": "../HOSTILE"}), want: ErrMalformed},
		{name: "icLabel with ../, clouds on", token: saying(object{"icLabel": "../HOSTILE"}), opt: clouds, want: ErrMalformed},
		{name: "icLabel with a host, clouds on", token: saying(object{"icLabel": "hostile.example.com/"}), opt: clouds, want: ErrMalformed},
		{name: "icLabel of 51 characters, clouds on", token: saying(object{"icLabel": strings.Repeat("a", 51)}), opt: clouds, want: ErrMalformed},
		{name: "icLabel with a line break, clouds on", token: saying(object{"icLabel": "orange\n"}), opt: clouds, want: ErrMalformed},
		{name: "icLabel, clouds off", token: saying(object{"icLabel": "orange"}), want: ErrIsolatedCloud},
		{name: "icLabel that is not listed", token: saying(object{"icLabel": "hostile"}),
			opt: WithIsolatedClouds("https://keys.{IC_LABEL}.net/jwks.json", "orange"), want: ErrIsolatedCloud},

		{name: "a key set that is slow", token: good, status: 503, want: ErrUnavailable, keys: func(r *http.Request) (io.Reader, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}},
		{name: "a key set of 100 MB", token: good, status: 503, want: ErrUnavailable, keys: func(*http.Request) (io.Reader, error) {
			return io.MultiReader(strings.NewReader(goodKeys), io.LimitReader(spaces{}, 100<<20)), nil
		}},
		{name: "a key set that is not JSON", token: good, status: 503, want: ErrUnavailable, keys: keys("<!doctype html>")},
		{name: "a key set that is empty", token: good, status: 503, want: ErrUnavailable, keys: keys(jwks())},
		{name: "a key set with an empty body", token: good, status: 503, want: ErrUnavailable, keys: keys("")},
		{name: "a key set with weak keys", token: sign(weakKey(), toJSON(fitHeader(nil)), payload), status: 503, want: ErrUnavailable, keys: keys(jwks(jwk(testKID, weakKey(), nil)))},
		{name: "a weak key beside a good one", token: sign(weakKey(), toJSON(fitHeader(object{"kid": "weak"})), payload), want: ErrKey,
			keys: keys(jwks(jwk(testKID, testKey(), nil), jwk("weak", weakKey(), nil)))},
		{name: "a shared secret in the key set", token: signHMAC([]byte("s"), toJSON(fitHeader(object{"alg": "HS256"})), payload), want: ErrAlgorithm,
			keys: keys(`{"keys":[{"kty":"oct","alg":"HS256","kid":"` + testKID + `","k":"cw"}]}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &hostileKeys{answer: tt.keys}
				if tt.keys == nil {
					server.answer = keys(goodKeys)
				}
				start := time.Now()
				var log bytes.Buffer
				opts := []Option{
					WithHTTPClient(&http.Client{Transport: server}),
					WithClock(func() time.Time { return testNow.Add(time.Since(start)) }),
					WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
				}
				if tt.opt != nil {
					opts = append(opts, tt.opt)
				}
				v := newVerifier(t, opts...)
				handler := v.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Error("the request reached the next handler") }))

				header, status := tt.header, tt.status
				if header == nil {
					header = authorized(tt.token)
				}
				if status == 0 {
					status = http.StatusUnauthorized
				}
				for time.Since(start) < 29*time.Second { // not refetchAfter: the documentation promises half a minute
					r := httptest.NewRequest(http.MethodPost, "/tasks", nil)
					r.Header = header.Clone()
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, r)
					if w.Code != status {
						t.Fatalf("status %d; want %d; %s", w.Code, status, log.String())
					}
					assertJSONError(t, w.Result(), w.Body.Bytes(), "")
					assertNoToken(t, w.Body.String()+log.String(), tt.token)
					if strings.Contains(strings.ToUpper(w.Body.String()+log.String()), "HOSTILE") {
						t.Errorf("the response or the log contains text of the request: %s%s", w.Body, log.String())
					}
					if lines := strings.Count(log.String(), "\n"); lines > 2 || log.Len() > 800*lines {
						t.Errorf("the log has %d lines in %d bytes; want at most 2 lines of 800 bytes: %s", lines, log.Len(), log.String())
					}
					log.Reset()
					if tt.want != nil {
						claims, err := v.Verify(t.Context(), tt.token)
						if claims != nil || !errors.Is(err, tt.want) {
							t.Fatalf("Verify = %v, %v; want %v", claims, err, tt.want)
						}
					}
					time.Sleep(5 * time.Second)
				}
				if n := server.requests.Load(); n > 1 {
					t.Errorf("%d requests for the key set in %v; want at most 1", n, time.Since(start))
				}
				if n := server.read.Load(); n > 2*maxJWKSBytes {
					t.Errorf("%d bytes of the key set were read; want at most %d", n, 2*maxJWKSBytes)
				}
			})
		})
	}
}

// TestBadInput changes this token in one place per case. Without the change it must be accepted.
func TestGoodInputIsAccepted(t *testing.T) {
	handler := newVerifier(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	r := httptest.NewRequest(http.MethodPost, "/tasks", nil)
	r.Header = authorized(fit(object{"exp": testNow.Unix() + 3600}))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusNoContent {
		t.Errorf("status %d, body %s; want 204", w.Code, w.Body)
	}
}
