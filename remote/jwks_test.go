package remote

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keyServer serves a key set that can change, and counts its requests.
type keyServer struct {
	requests atomic.Int32
	status   atomic.Int32
	body     atomic.Value
}

func newKeyServer(body string) *keyServer {
	s := &keyServer{}
	s.status.Store(http.StatusOK)
	s.body.Store(body)
	return s
}

func (s *keyServer) RoundTrip(*http.Request) (*http.Response, error) {
	s.requests.Add(1)
	return jsonResponse(int(s.status.Load()), s.body.Load().(string)), nil
}

func (s *keyServer) client() Option { return WithHTTPClient(&http.Client{Transport: s}) }

func (s *keyServer) want(t *testing.T, n int32) {
	t.Helper()
	if got := s.requests.Load(); got != n {
		t.Errorf("%d requests for the key set; want %d", got, n)
	}
}

// longFIT returns a token with this kid, signed by testKey and valid for a week, so that a test can move the clock.
func longFIT(kid string) string {
	return sign(testKey(), toJSON(fitHeader(object{"kid": kid})), toJSON(fitClaims(object{"exp": testNow.Add(7 * 24 * time.Hour).Unix()})))
}

func TestKeySetIsFetchedOnceAndLazily(t *testing.T) {
	s := newKeyServer(jwks(jwk(testKID, testKey(), nil)))
	v := newVerifier(t, s.client())
	s.want(t, 0)
	if _, err := v.Verify(t.Context(), "not a token"); !errors.Is(err, ErrMalformed) {
		t.Fatal(err)
	}
	s.want(t, 0)
	for range 3 {
		if _, err := v.Verify(t.Context(), fit(nil)); err != nil {
			t.Fatal(err)
		}
	}
	s.want(t, 1)
}

func TestUnknownKeysAreLookedUpAtMostOnceIn30Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newKeyServer(jwks(jwk(testKID, testKey(), nil)))
		v := newVerifier(t, s.client())
		ask := func(kid string) {
			t.Helper()
			_, err := v.Verify(t.Context(), longFIT(kid))
			assertErrors(t, err, ErrKey)
		}
		for _, kid := range []string{"a", "b", "c", "a"} {
			ask(kid)
		}
		s.want(t, 1)
		time.Sleep(refetchAfter - time.Second)
		ask("d")
		s.want(t, 1)
		time.Sleep(time.Second)
		ask("d")
		ask("e")
		s.want(t, 2)

		// A key that Atlassian has added later is found.
		s.body.Store(jwks(jwk(testKID, testKey(), nil), jwk("f", testKey(), nil)))
		time.Sleep(refetchAfter)
		if _, err := v.Verify(t.Context(), longFIT("f")); err != nil {
			t.Error(err)
		}
		s.want(t, 3)
	})
}

// The local host makes a new key at each start. Its user can also revoke the key.
func TestLocalKeysAreFetchedAgainAfterASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newKeyServer(jwks(jwk(testKID, testKey(), nil)))
		v := newVerifier(t, WithJWKSURL("http://127.0.0.1:8080/jwks.json"), s.client())
		verify := func(kid string, want ...error) {
			t.Helper()
			if _, err := v.Verify(t.Context(), longFIT(kid)); want == nil && err != nil || want != nil && !errors.Is(err, want[0]) {
				t.Errorf("a token with the kid %s: %v; want %v", kid, err, want)
			}
		}
		verify(testKID)
		verify(testKID)
		s.want(t, 1)
		s.body.Store(jwks(jwk("new", testKey(), nil)))
		verify("new", ErrKey)
		s.want(t, 1)
		time.Sleep(localRefetchAfter)
		verify(testKID, ErrKey)
		verify("new")
		s.want(t, 2)

		// While the local host restarts, its keys are kept.
		s.status.Store(http.StatusInternalServerError)
		time.Sleep(localRefetchAfter)
		verify("new")
		verify(testKID, ErrUnavailable)
		s.want(t, 3)
	})
}

func TestOldKeysAreKeptWhenAFetchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newKeyServer(jwks(jwk(testKID, testKey(), nil)))
		v := newVerifier(t, s.client())
		if _, err := v.Verify(t.Context(), longFIT(testKID)); err != nil {
			t.Fatal(err)
		}
		s.status.Store(http.StatusInternalServerError)
		time.Sleep(refetchAfter)
		for range 2 {
			_, err := v.Verify(t.Context(), longFIT("new"))
			assertErrors(t, err, ErrUnavailable)
		}
		s.want(t, 2)
		if _, err := v.Verify(t.Context(), longFIT(testKID)); err != nil {
			t.Errorf("a token with the known key was refused: %v", err)
		}
	})
}

func TestKeySetErrors(t *testing.T) {
	good := jwk(testKID, testKey(), nil)
	for _, tt := range []struct {
		name   string
		status int
		body   string
	}{
		{"not found", 404, jwks(good)},
		{"no content", 204, ""},
		{"server error", 503, jwks(good)},
		{"not JSON", 200, "<!doctype html>"},
		{"keys under another case", 200, strings.Replace(jwks(good), "keys", "KEYS", 1)},
		{"keys twice", 200, `{"keys":[],` + jwks(good)[1:]},
		{"a name twice in a key", 200, strings.Replace(jwks(good), `"kty"`, `"kty":"RSA","kty"`, 1)},
		{"a name twice beside the keys", 200, `{"x":{"a":1,"a":2},` + jwks(good)[1:]},
		{"a key's names in another case", 200, strings.Replace(jwks(good), `"kty"`, `"KTY"`, 1)},
		{"nested deep", 200, strings.Repeat("[", 9000) + strings.Repeat("]", 9000)},
		{"a key nested deep", 200, `{"keys":[` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `]}`},
		{"keys under a second byte order mark", 200, "\uFEFF\uFEFF" + jwks(good)},
		{"JSON of another shape", 200, `[]`},
		{"keys of another shape", 200, `{"keys":7}`},
		{"no keys", 200, `{}`},
		{"empty", 200, jwks()},
		{"empty body", 200, ""},
		{"huge", 200, jwks(good) + strings.Repeat(" ", maxJWKSBytes)},
		{"only a weak key", 200, jwks(jwk(testKID, weakKey(), nil))},
		{"only a key that makes verifying slow", 200, jwks(jwk(testKID, testKey(), object{"n": strings.Repeat("_", 1600)}))},
		{"only an encryption key", 200, jwks(jwk(testKID, testKey(), object{"use": "enc"}))},
		{"only a key with the exponent 1", 200, jwks(jwk(testKID, testKey(), object{"e": "AQ"}))},
		{"only a key with the exponent 3", 200, jwks(jwk(testKID, testKey(), object{"e": "Aw"}))},
		{"only a key with an even exponent", 200, jwks(jwk(testKID, testKey(), object{"e": "AQAC"}))},
		{"only a key of another algorithm", 200, jwks(jwk(testKID, testKey(), object{"alg": "RS512"}))},
		{"only a key without kid", 200, jwks(jwk(testKID, testKey(), object{"kid": nil}))},
		{"only a shared secret", 200, `{"keys":[{"kty":"oct","kid":"` + testKID + `","k":"AAAA"}]}`},
		{"only a private key", 200, `{"keys":[` + privateJWK() + `]}`},
		{"only a key of an unknown kind", 200, `{"keys":[{"kty":"LATTICE","kid":"` + testKID + `"},7,null]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newKeyServer(tt.body)
				s.status.Store(int32(tt.status))
				v := newVerifier(t, s.client())
				for range 2 {
					_, err := v.Verify(t.Context(), longFIT(testKID))
					assertErrors(t, err, ErrUnavailable)
				}
				s.want(t, 1)

				s.status.Store(200)
				s.body.Store(jwks(good))
				time.Sleep(refetchAfter - time.Second)
				_, err := v.Verify(t.Context(), longFIT(testKID))
				assertErrors(t, err, ErrUnavailable)
				s.want(t, 1)
				time.Sleep(time.Second)
				if _, err := v.Verify(t.Context(), longFIT(testKID)); err != nil {
					t.Errorf("after the key set was repaired: %v", err)
				}
				s.want(t, 2)
			})
		})
	}
}

func privateJWK() string {
	data, err := jose.JSONWebKey{Key: testKey(), KeyID: testKID, Use: "sig", Algorithm: "RS256"}.MarshalJSON()
	if err != nil {
		panic(err)
	}
	return string(data)
}

func TestKeySetWithGoodAndBadKeys(t *testing.T) {
	body := `{"keys":[7,{"kty":"oct","kid":"o","k":"AAAA"},` +
		toJSON(jwk("weak", weakKey(), nil)) + "," + toJSON(jwk(testKID, testKey(), object{"use": nil, "alg": nil})) + "," + toJSON(jwk(testKID, otherKey(), nil)) + `]}`
	v := newVerifier(t, serving(body))
	if _, err := v.Verify(t.Context(), fit(nil)); err != nil {
		t.Errorf("a token with the good key: %v", err)
	}
	weak := sign(weakKey(), toJSON(fitHeader(object{"kid": "weak"})), toJSON(fitClaims(nil)))
	_, err := v.Verify(t.Context(), weak)
	assertErrors(t, err, ErrKey)
	second := sign(otherKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(nil)))
	_, err = v.Verify(t.Context(), second)
	assertErrors(t, err, ErrSignature)
}

// endless is a body that never ends. It counts the bytes that are read.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	clear(p)
	return len(p), nil
}

func TestEndlessKeySet(t *testing.T) {
	body := &endless{}
	v := newVerifier(t, WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body)}, nil
	})}))
	_, err := v.Verify(t.Context(), fit(nil))
	assertErrors(t, err, ErrUnavailable)
	if body.read > 2*maxJWKSBytes {
		t.Errorf("%d bytes were read; want about %d", body.read, maxJWKSBytes)
	}
}

func TestUnreachableKeySet(t *testing.T) {
	client := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") })}
	_, err := newVerifier(t, WithHTTPClient(client)).Verify(t.Context(), fit(nil))
	assertErrors(t, err, ErrUnavailable)
}

// heldKeys serves a key set. Its answers wait until the test releases them.
type heldKeys struct {
	requests atomic.Int32
	release  chan string
}

func (h *heldKeys) RoundTrip(r *http.Request) (*http.Response, error) {
	h.requests.Add(1)
	select {
	case body := <-h.release:
		return jsonResponse(http.StatusOK, body), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func TestConcurrentCallersShareFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := &heldKeys{release: make(chan string)}
		v := newVerifier(t, WithHTTPClient(&http.Client{Transport: held}))
		token := fit(nil)
		left := errors.New("the caller has left")
		first, leave := context.WithCancelCause(t.Context())

		firstErr := make(chan error, 1)
		go func() {
			_, err := v.Verify(first, token)
			firstErr <- err
		}()
		synctest.Wait()
		var waiters sync.WaitGroup
		for range 20 {
			waiters.Go(func() {
				if _, err := v.Verify(t.Context(), token); err != nil {
					t.Errorf("a waiting call: %v", err)
				}
			})
		}
		synctest.Wait()

		// The caller that began the fetch leaves at once. The other callers still get their keys.
		leave(left)
		synctest.Wait()
		select {
		case err := <-firstErr:
			if !errors.Is(err, left) {
				t.Errorf("error %v; want the context's cause", err)
			}
		default:
			t.Error("the first call did not return when its context ended")
		}
		held.release <- jwks(jwk(testKID, testKey(), nil))
		waiters.Wait()
		if n := held.requests.Load(); n != 1 {
			t.Errorf("%d requests for the key set; want 1", n)
		}
	})
}

func TestSlowKeySet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := &heldKeys{release: make(chan string)}
		v := newVerifier(t, WithHTTPClient(&http.Client{Transport: held}))
		start := time.Now()
		_, err := v.Verify(t.Context(), fit(nil))
		assertErrors(t, err, ErrUnavailable)
		if took := time.Since(start); took != fetchTimeout {
			t.Errorf("Verify returned after %v; want %v", took, fetchTimeout)
		}
	})
}

func TestKnownKeysAreRefreshedInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := &heldKeys{release: make(chan string)}
		v := newVerifier(t, WithHTTPClient(&http.Client{Transport: held}))
		go func() { held.release <- jwks(jwk(testKID, testKey(), nil)) }()
		verify := func() error {
			_, err := v.Verify(t.Context(), longFIT(testKID))
			return err
		}
		if err := verify(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(refreshAfter)
		for range 3 {
			if err := verify(); err != nil { // must not wait for the server, which holds its answer
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if n := held.requests.Load(); n != 2 {
			t.Errorf("%d requests for the key set; want 2", n)
		}

		// A key that was removed from the key set is refused.
		held.release <- jwks(jwk("next", testKey(), nil))
		synctest.Wait()
		assertErrors(t, verify(), ErrKey)
	})
}
