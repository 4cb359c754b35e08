package remote

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// jumps are changes of a machine's clock: a user sets it, or a laptop wakes with a wrong time.
var jumps = map[string]time.Duration{
	"back by an hour":     -time.Hour,
	"forward by an hour":  time.Hour,
	"back by a century":   -100 * 365 * 24 * time.Hour,
	"forward by a month":  30 * 24 * time.Hour,
	"no jump":             0,
	"back by half a wait": -refetchAfter / 2,
}

// timeless returns a FIT with this kid that is valid at any time.
func timeless(kid string, changes object) string {
	always := object{"iat": nil, "nbf": nil, "exp": int64(maxDate)}
	return sign(testKey(), toJSON(fitHeader(object{"kid": kid})), toJSON(changed(fitClaims(always), changes)))
}

// After a failed fetch, the next one follows 30 seconds later, even if the clock was changed meanwhile.
func TestClockJumpDoesNotDelayKeySet(t *testing.T) {
	for name, jump := range jumps {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, c := newKeyServer(jwks(jwk(testKID, testKey(), nil))), &clock{now: testNow}
				s.status.Store(http.StatusBadGateway)
				v := newVerifier(t, s.client(), WithClock(c.Now))
				_, err := v.Verify(t.Context(), timeless(testKID, nil))
				assertErrors(t, err, ErrUnavailable)
				s.status.Store(http.StatusOK)
				c.Add(jump)

				time.Sleep(refetchAfter - time.Nanosecond)
				_, err = v.Verify(t.Context(), timeless(testKID, nil))
				assertErrors(t, err, ErrUnavailable)
				s.want(t, 1)
				time.Sleep(time.Nanosecond)
				if _, err := v.Verify(t.Context(), timeless(testKID, nil)); err != nil {
					t.Errorf("after %v: %v", refetchAfter, err)
				}
				s.want(t, 2)
			})
		})
	}
}

// A key that was removed is refused after an hour, even if the clock was changed meanwhile.
func TestClockJumpDoesNotKeepOldKeys(t *testing.T) {
	for name, jump := range jumps {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, c := newKeyServer(jwks(jwk(testKID, testKey(), nil))), &clock{now: testNow}
				v := newVerifier(t, s.client(), WithClock(c.Now))
				if _, err := v.Verify(t.Context(), timeless(testKID, nil)); err != nil {
					t.Fatal(err)
				}
				s.body.Store(jwks(jwk("next", testKey(), nil)))
				c.Add(jump)
				time.Sleep(refreshAfter - time.Nanosecond)
				if _, err := v.Verify(t.Context(), timeless(testKID, nil)); err != nil {
					t.Fatal(err)
				}
				s.want(t, 1)
				time.Sleep(time.Nanosecond)
				v.Verify(t.Context(), timeless(testKID, nil)) // starts a refresh in the background
				synctest.Wait()
				_, err := v.Verify(t.Context(), timeless(testKID, nil))
				assertErrors(t, err, ErrKey)
			})
		})
	}
}

// A new isolated cloud is tried after 30 seconds, even if the clock was changed meanwhile.
func TestClockJumpDoesNotDelayClouds(t *testing.T) {
	for name, jump := range jumps {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &cloudKeys{sets: map[string]string{"keys.orange.example.com": jwks(jwk(testKID, testKey(), nil))}}
				c := &clock{now: testNow}
				v := newVerifier(t, WithHTTPClient(&http.Client{Transport: server}), WithClock(c.Now),
					WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"))
				_, err := v.Verify(t.Context(), timeless(testKID, object{"icLabel": "invented"}))
				assertErrors(t, err, ErrUnavailable)
				c.Add(jump)
				time.Sleep(refetchAfter - time.Nanosecond)
				_, err = v.Verify(t.Context(), timeless(testKID, object{"icLabel": "orange"}))
				assertErrors(t, err, ErrIsolatedCloud)
				time.Sleep(time.Nanosecond)
				if _, err := v.Verify(t.Context(), timeless(testKID, object{"icLabel": "orange"})); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Expired used tokens are removed from memory, even if the clock was changed meanwhile.
func TestClockJumpDoesNotFillMemory(t *testing.T) {
	for name, jump := range jumps {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				c := &clock{now: testNow}
				now := func() time.Time { return c.Now().Add(time.Since(start)) }
				const most = 40
				m := newMemory(most, now)
				use := func(id string) {
					t.Helper()
					if first, err := m.Use(t.Context(), id, now().Add(30*time.Second)); !first || err != nil {
						t.Fatalf("token %s: %v, %v", id, first, err)
					}
				}
				use("before")
				c.Add(jump)
				// There is one token per second. The store keeps those of the last 30 seconds and of one sweepAfter.
				for i := range 10 * most {
					use(strconv.Itoa(i))
					time.Sleep(time.Second)
				}
			})
		})
	}
}

// If the clock is wrong for a moment and is then corrected, used tokens are still refused.
func TestClockJumpDoesNotForgetUsedTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clock{now: testNow}
		v := newVerifier(t, WithClock(c.Now))
		handler := v.Handler(v.Once(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
		send := func(token string) int {
			r := httptest.NewRequest(http.MethodPost, "/tasks", nil)
			r.Header = authorized(token)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			return w.Code
		}
		token := fit(object{"jti": "a"})
		if got := send(token); got != http.StatusOK {
			t.Fatalf("the first use of the token got status %d; want 200", got)
		}
		c.Add(time.Hour)
		time.Sleep(sweepAfter)
		if got := send(fit(object{"jti": "b", "exp": c.Now().Unix() + 25})); got != http.StatusOK {
			t.Fatalf("another token, while the clock is wrong, got status %d; want 200", got)
		}
		c.Add(-time.Hour)
		if got := send(token); got != http.StatusUnauthorized {
			t.Errorf("the second use of the token got status %d; want 401", got)
		}
	})
}

// A clock that panics must not leave a lock held. The clock of a test that has ended panics, for example.
func TestClockPanicReleasesLocks(t *testing.T) {
	broken := true
	now := func() time.Time {
		if broken {
			panic("no time")
		}
		return testNow
	}
	v := newVerifier(t, WithClock(now), WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"))
	attempt := func(f func() error) (err error) {
		defer func() {
			if recover() != nil {
				err = errors.New("panicked")
			}
		}()
		return f()
	}
	token := fit(object{"icLabel": "orange"})
	uses := 0
	both := []func() error{
		func() error { _, err := v.Verify(t.Context(), token); return err },
		func() error {
			uses++
			_, err := v.replays.Use(t.Context(), strconv.Itoa(uses), testNow.Add(time.Minute))
			return err
		},
	}
	for _, f := range both {
		if attempt(f) == nil {
			t.Error("the call succeeded, so the broken clock was not called")
		}
	}
	broken = false
	for _, f := range both {
		if err := attempt(f); err != nil {
			t.Error(err)
		}
	}
}
