package remote

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// replaysFunc implements Replays by a function.
type replaysFunc func(id string, expires time.Time) (bool, error)

func (f replaysFunc) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	return f(id, expires)
}

func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		now := func() time.Time { return testNow.Add(time.Since(start)) }
		v := newVerifier(t, WithClock(now), WithApps(otherApp))
		passed := 0
		handler := v.Handler(v.Once(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { passed++ })))
		send := func(method, token string) int {
			r := httptest.NewRequest(method, "/tasks", nil)
			r.Header = authorized(token)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				assertJSONError(t, w.Result(), w.Body.Bytes(), "")
				assertNoToken(t, w.Body.String(), token)
			}
			return w.Code
		}
		a, b := fit(object{"jti": "a"}), fit(object{"jti": "b"})
		for _, step := range []struct {
			name, method, token string
			status              int
		}{
			{"GET", "GET", a, 200},
			{"HEAD with the same token", "HEAD", a, 200},
			{"the first POST", "POST", a, 200},
			{"the second POST with the same token", "POST", a, 401},
			{"another method", "DELETE", a, 401},
			{"an unknown method", "get", a, 401},
			{"GET after the first use", "GET", a, 200},
			{"another token", "PUT", b, 200},
			{"the same id of another app", "PUT", fit(object{"jti": "a", "aud": otherApp, "app": fitApp(object{"id": otherApp})}), 200},
			{"no jti", "POST", fit(object{"jti": nil}), 401},
			{"GET without a jti", "GET", fit(object{"jti": nil}), 200},
		} {
			if got := send(step.method, step.token); got != step.status {
				t.Errorf("%s: status %d; want %d", step.name, got, step.status)
			}
		}
		if passed != 7 {
			t.Errorf("%d calls passed; want 7", passed)
		}

		// The store remembers a token as long as the token is accepted, including the leeway.
		time.Sleep(25*time.Second + DefaultLeeway - time.Millisecond)
		if got := send("POST", a); got != 401 {
			t.Errorf("just before the token expires: status %d; want 401", got)
		}
		_, err := v.Verify(t.Context(), a)
		if err != nil {
			t.Errorf("the token has expired too early: %v", err)
		}
		time.Sleep(time.Minute)
		fresh := fit(object{"jti": "c", "exp": now().Unix() + 25})
		if got := send("POST", fresh); got != 200 {
			t.Errorf("a new token after the expiry: status %d; want 200", got)
		}
		if n := len(v.replays.(*memory).used); n != 1 {
			t.Errorf("%d tokens are remembered; want 1, the last", n)
		}
	})
}

func TestOnceRefuses(t *testing.T) {
	full := replaysFunc(func(string, time.Time) (bool, error) { return false, ErrReplaysFull })
	broken := replaysFunc(func(string, time.Time) (bool, error) { return true, errors.New("the table is gone") })
	for _, tt := range []struct {
		name   string
		opt    Option
		claims *Claims
		status int
	}{
		{"no verifier in front", WithReplays(nil), nil, 401},
		{"an exchanged token", WithReplays(nil), &Claims{ID: "x", Exchanged: true}, 401},
		{"a store that is full", WithReplays(full), &Claims{ID: "x"}, 503},
		{"a store that is broken", WithReplays(broken), &Claims{ID: "x"}, 503},
	} {
		t.Run(tt.name, func(t *testing.T) {
			handler := newVerifier(t, tt.opt).Once(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request reached the next handler") }))
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r.WithContext(NewContext(r.Context(), tt.claims)))
			if w.Code != tt.status {
				t.Errorf("status %d, body %s; want status %d", w.Code, w.Body, tt.status)
			}
		})
	}
}

func TestWithReplays(t *testing.T) {
	type use struct {
		id      string
		expires time.Time
	}
	var uses []use
	v := newVerifier(t, WithReplays(replaysFunc(func(id string, expires time.Time) (bool, error) {
		uses = append(uses, use{id, expires})
		return len(uses) == 1, nil
	})))
	for _, want := range []error{nil, ErrReplayed} {
		claims, err := v.Verify(t.Context(), fit(nil))
		if err != nil {
			t.Fatal(err)
		}
		if err := v.use(NewContext(t.Context(), claims)); !errors.Is(err, want) {
			t.Errorf("error %v; want %v", err, want)
		}
	}
	if len(uses) != 2 || uses[0] != uses[1] || len(uses[0].id) != 64 || !uses[0].expires.Equal(testNow.Add(25*time.Second+DefaultLeeway)) {
		t.Errorf("Use was called with %v; want two equal calls with a hash and the expiry", uses)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		now := func() time.Time { return testNow.Add(time.Since(start)) }
		m := newMemory(10, now)
		use := func(id string) error {
			first, err := m.Use(t.Context(), id, now().Add(30*time.Second))
			if err == nil && !first {
				t.Errorf("Use(%s) = false; want true, because it is the first use", id)
			}
			return err
		}
		for i := range 10 {
			if err := use(strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := use("more"); !errors.Is(err, ErrReplaysFull) {
			t.Errorf("error %v; want %v", err, ErrReplaysFull)
		}
		if first, err := m.Use(t.Context(), "3", now()); first || err != nil {
			t.Errorf("Use of a used token in a full store = %v, %v; want false, nil", first, err)
		}
		time.Sleep(30 * time.Second)
		if err := use("more"); err != nil {
			t.Errorf("Use after all tokens have expired: %v", err)
		}
	})
}

// If many requests use the same token at once, exactly one of them is accepted.
func TestOnceConcurrent(t *testing.T) {
	v := newVerifier(t)
	claims, err := v.Verify(t.Context(), fit(nil))
	if err != nil {
		t.Fatal(err)
	}
	var passed atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if v.use(NewContext(t.Context(), claims)) == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if n := passed.Load(); n != 1 {
		t.Errorf("%d calls were accepted; want 1", n)
	}
}
