//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/secret"
)

// setClock moves the wall clock by d until the test ends.
func setClock(t *testing.T, d time.Duration) {
	t.Helper()
	clock.Move(d)
	t.Cleanup(func() { clock.Move(-d) })
}

// If a laptop wakes with a wrong clock, calls must not return the same failure for an hour.
func TestClockSetBackAfterAFailedMint(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		most time.Duration
	}{
		"a failure":         {errors.New("down"), 250 * time.Millisecond},
		"no such remote":    {bridge.ErrUnknownRemote, 30 * time.Second},
		"an expired answer": {nil, 250 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
					if n == 1 && tt.err != nil {
						return bridge.Token{}, tt.err
					}
					if n == 1 {
						return bridge.Token{Value: secret.New("old"), ExpiresAt: time.Now()}, nil
					}
					return jwt(n, 25*time.Second, 0), nil
				}}
				cache := bridge.NewTokenCache(source)
				if _, err := cache.Token(t.Context(), "a"); err == nil {
					t.Fatal("the first mint has not failed")
				}
				setClock(t, -time.Hour)
				time.Sleep(tt.most)
				mustToken(t, cache, "a")
			})
		})
	}
}

// If the clock is set back, a token must not live longer, neither before its renewal nor after it.
func TestClockSetBackWithFreshToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{}
		cache := bridge.NewTokenCache(source)
		first := mustToken(t, cache, "a")
		setClock(t, -time.Hour)
		if end, ok := cache.ExpiresAt("a"); !ok || time.Until(end).Round(time.Second) != 25*time.Second-time.Hour {
			t.Errorf("ExpiresAt returned a time in %v by the old clock, %v", time.Until(end), ok)
		}
		time.Sleep(21 * time.Second)
		mustToken(t, cache, "a")
		synctest.Wait()
		if n := source.mints.Load(); n != 2 {
			t.Errorf("%d mints after 21 of 25 s, want a renewal", n)
		}
		if mustToken(t, cache, "a") == first {
			t.Error("the renewed token is not used")
		}
		time.Sleep(25 * time.Second)
		mustToken(t, cache, "a")
		if stats := cache.Stats(); stats.Waits != 2 {
			t.Errorf("after the token expired: %+v, want a second wait", stats)
		}
	})
}

// While a laptop sleeps, its monotonic clock may stop: only the wall clock moves on.
func TestCacheAfterSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{}
		cache := bridge.NewTokenCache(source)
		first := mustToken(t, cache, "a")
		setClock(t, 8*time.Hour)
		if mustToken(t, cache, "a") == first {
			t.Error("an expired token was used")
		}
	})
	synctest.Test(t, func(t *testing.T) { // while a mint is pending
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
			token := jwt(n, 25*time.Second, 0)
			if n == 1 {
				clock.Move(8 * time.Hour)
			}
			return token, nil
		}}
		t.Cleanup(func() { clock.Move(-8 * time.Hour) })
		cache := bridge.NewTokenCache(source)
		mustToken(t, cache, "a")
		if stats := cache.Stats(); stats.Mints != 2 || stats.Failures != 0 || source.mints.Load() != 2 {
			t.Errorf("a token that expired on its way: %+v, want 2 mints and no failure", stats)
		}
	})
	synctest.Test(t, func(t *testing.T) { // during the wait after a failure
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
			if n == 1 {
				return bridge.Token{}, bridge.ErrUnknownRemote
			}
			return jwt(n, 25*time.Second, 0), nil
		}}
		cache := bridge.NewTokenCache(source)
		if _, err := cache.Token(t.Context(), "a"); err == nil {
			t.Fatal("the first mint has not failed")
		}
		setClock(t, 8*time.Hour)
		mustToken(t, cache, "a")
	})
}

// On a page that is too busy, each token may expire on its way. The error must say so, and the source must not be asked
// without end.
func TestTokensExpireOnTheirWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
			token := jwt(n, 3*time.Second, 0)
			if n <= 2 {
				time.Sleep(4 * time.Second)
			}
			return token, nil
		}}
		cache := bridge.NewTokenCache(source)
		for range 100 {
			_, err := cache.Token(t.Context(), "a")
			if !errors.Is(err, bridge.ErrTimeout) || !strings.Contains(err.Error(), "needed 4s for a token that lives for 3s") {
				t.Fatalf("got %v", err)
			}
		}
		if n := source.mints.Load(); n != 2 {
			t.Errorf("%d mints, want 2", n)
		}
		time.Sleep(250 * time.Millisecond)
		mustToken(t, cache, "a")
	})
}

// A full cache drops the remote that was used longest ago, whatever the clock says.
func TestClockSetBackEviction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) { return jwt(n, 24*time.Hour, 0), nil }}
		cache := bridge.NewTokenCache(source)
		for i := range 64 {
			mustToken(t, cache, string(rune('A'+i)))
		}
		setClock(t, -time.Hour)
		mustToken(t, cache, "A")
		mustToken(t, cache, "another")
		if _, ok := cache.ExpiresAt("A"); !ok {
			t.Error("the remote that was used last was dropped")
		}
		if _, ok := cache.ExpiresAt("B"); ok {
			t.Error("the remote that was used longest ago is kept")
		}
	})
}
