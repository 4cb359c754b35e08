//go:build !tinygo

package bridge_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
)

// jwt returns a token that lives for life by the clock of its issuer, which is wrong by skew.
func jwt(n int, life, skew time.Duration) bridge.Token {
	iat := time.Now().Add(skew).Unix()
	claims := fmt.Sprintf(`{"n":%d,"iat":%d,"exp":%d}`, n, iat, iat+int64(life/time.Second))
	return bridge.Token{
		Value:     secret.New("e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"),
		ExpiresAt: time.Unix(iat, 0).Add(life),
		BaseURL:   "https://tasks.example.com",
	}
}

// minter is a source that numbers its tokens.
type minter struct {
	mints atomic.Int64
	// mint makes the nth token, starting with 1. If it is nil, tokens live for 25 s.
	mint func(ctx context.Context, n int) (bridge.Token, error)
}

func (m *minter) Token(ctx context.Context, _ string) (bridge.Token, error) {
	n := int(m.mints.Add(1))
	if m.mint != nil {
		return m.mint(ctx, n)
	}
	return jwt(n, 25*time.Second, 0), nil
}

func mustToken(t *testing.T, source bridge.TokenSource, key string) bridge.Token {
	t.Helper()
	token, err := source.Token(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokenCacheStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{}
		cache := bridge.NewTokenCache(source)
		first := mustToken(t, cache, "a")

		time.Sleep(19 * time.Second) // of 25 s: fresh, even with the most jitter of a stale time of 5 s
		if got := mustToken(t, cache, "a"); got != first {
			t.Error("a fresh token was replaced")
		}
		synctest.Wait()
		if n := source.mints.Load(); n != 1 {
			t.Errorf("a fresh token was renewed: %d mints", n)
		}

		time.Sleep(time.Second) // stale
		if got := mustToken(t, cache, "a"); got != first {
			t.Error("a stale token was not returned at once")
		}
		synctest.Wait()
		second := mustToken(t, cache, "a")
		if n := source.mints.Load(); n != 2 || second == first {
			t.Errorf("a stale token was not renewed: %d mints", n)
		}

		time.Sleep(26 * time.Second) // expired
		if got := mustToken(t, cache, "a"); got == first || got == second {
			t.Error("an expired token was returned")
		}
		want := bridge.TokenStats{Hits: 3, Waits: 2, Mints: 3, Renewals: 1}
		if got := cache.Stats(); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
	})
}

func TestTokenCacheStaleTime(t *testing.T) {
	// The times are without jitter and with the most jitter.
	tests := map[string]struct{ life, earliest, latest time.Duration }{
		"a fifth":               {25 * time.Second, 19500 * time.Millisecond, 20 * time.Second},
		"at least 2 s":          {5 * time.Second, 2800 * time.Millisecond, 3 * time.Second},
		"at most 60 s":          {time.Hour, time.Hour - 66*time.Second, time.Hour - 60*time.Second},
		"not in the first half": {2 * time.Second, time.Second, time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			staleAfter := func(t *testing.T, after time.Duration) (stale bool) {
				synctest.Test(t, func(t *testing.T) {
					source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) { return jwt(n, tt.life, 0), nil }}
					cache := bridge.NewTokenCache(source)
					mustToken(t, cache, "a")
					time.Sleep(after)
					mustToken(t, cache, "a")
					synctest.Wait()
					stale = source.mints.Load() == 2
				})
				return stale
			}
			jittered := false
			for range 50 {
				if tt.earliest > 0 && staleAfter(t, tt.earliest-time.Millisecond) {
					t.Fatal("stale too early")
				}
				if !staleAfter(t, tt.latest) {
					t.Fatal("stale too late")
				}
				jittered = jittered || staleAfter(t, (tt.earliest+tt.latest)/2)
			}
			if !jittered {
				t.Error("there is no jitter between the two times")
			}
		})
	}
}

func TestTokenCacheSharesMint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
			time.Sleep(time.Second)
			return jwt(n, 25*time.Second, 0), nil
		}}
		cache := bridge.NewTokenCache(source)
		var wg sync.WaitGroup
		for range 10_000 {
			wg.Go(func() {
				if _, err := cache.Token(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := source.mints.Load(); n != 1 {
			t.Errorf("%d mints for 10,000 calls on a cold cache, want 1", n)
		}
		mustToken(t, cache, "b")
		if n := source.mints.Load(); n != 2 {
			t.Errorf("%d mints for two remotes, want 2", n)
		}
	})
}

func TestTokenCacheCallerCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		source := &minter{mint: func(ctx context.Context, n int) (bridge.Token, error) {
			select {
			case <-time.After(time.Second):
				return jwt(n, 25*time.Second, 0), nil
			case <-ctx.Done():
				return bridge.Token{}, context.Cause(ctx)
			}
		}}
		cache := bridge.NewTokenCache(source)
		ctx, cancel := context.WithCancelCause(t.Context())
		first := make(chan error, 1)
		go func() {
			_, err := cache.Token(ctx, "a")
			first <- err
		}()
		synctest.Wait()
		second := make(chan error, 1)
		go func() {
			_, err := cache.Token(t.Context(), "a")
			second <- err
		}()
		synctest.Wait()
		cancel(cause)
		synctest.Wait() // no time passes: the first leaves at once
		select {
		case err := <-first:
			if err != cause {
				t.Errorf("the canceled call got %v, want its cause", err)
			}
		default:
			t.Error("the canceled call still waits")
		}
		if err := <-second; err != nil {
			t.Errorf("the other call got %v", err)
		}
		if n := source.mints.Load(); n != 1 {
			t.Errorf("%d mints, want 1", n)
		}
		if _, err := cache.Token(ctx, "a"); err != cause {
			t.Errorf("a canceled call got %v", err)
		}
	})
}

func TestTokenCacheWrongClock(t *testing.T) {
	for _, skew := range []time.Duration{-time.Hour, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) { return jwt(n, 25*time.Second, skew), nil }}
			cache := bridge.NewTokenCache(source)
			first := mustToken(t, cache, "a")
			time.Sleep(19 * time.Second)
			if mustToken(t, cache, "a") != first {
				t.Errorf("skew %v: a fresh token was replaced", skew)
			}
			time.Sleep(7 * time.Second)
			if mustToken(t, cache, "a") == first {
				t.Errorf("skew %v: an expired token was returned", skew)
			}
		})
	}
}

func TestTokenCacheOtherTokens(t *testing.T) {
	// A token that is not a JWT, or has invalid dates, lives as long as ExpiresAt says.
	for name, value := range map[string]string{
		"opaque": "opaque", "no dates": "e30.e30.c2ln", "not base64": "e30.!!.c2ln", "backwards": jwt(1, -time.Hour, 0).Value.Reveal(),
		"in milliseconds": "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"iat":0,"exp":1900000000000}`)) + ".c2ln",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &minter{mint: func(context.Context, int) (bridge.Token, error) {
					return bridge.Token{Value: secret.New(value), ExpiresAt: time.Now().Add(time.Minute)}, nil
				}}
				cache := bridge.NewTokenCache(source)
				mustToken(t, cache, "a")
				time.Sleep(40 * time.Second)
				mustToken(t, cache, "a")
				synctest.Wait()
				if n := source.mints.Load(); n != 1 {
					t.Errorf("%d mints after 40 of 60 s, want 1", n)
				}
				time.Sleep(21 * time.Second)
				mustToken(t, cache, "a")
				if n := source.mints.Load(); n != 2 {
					t.Errorf("%d mints after 61 s, want 2", n)
				}
			})
		})
	}
}

func TestTokenWithoutExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(context.Context, int) (bridge.Token, error) {
			return bridge.Token{Value: secret.New("opaque")}, nil
		}}
		cache := bridge.NewTokenCache(source)
		first := mustToken(t, cache, "a")
		time.Sleep(365 * 24 * time.Hour)
		mustToken(t, cache, "a")
		synctest.Wait()
		if n := source.mints.Load(); n != 1 {
			t.Errorf("%d mints in a year, want 1", n)
		}
		cache.Reject("a", first)
		mustToken(t, cache, "a")
		if n := source.mints.Load(); n != 2 {
			t.Errorf("%d mints after the remote refused it, want 2", n)
		}
	})
}

func TestTokenCacheFailures(t *testing.T) {
	down := errors.New("down")
	t.Run("a failed renewal keeps the token", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
				if n > 1 {
					return bridge.Token{}, down
				}
				return jwt(n, 25*time.Second, 0), nil
			}}
			cache := bridge.NewTokenCache(source)
			first := mustToken(t, cache, "a")
			time.Sleep(21 * time.Second)
			for range 30 {
				if got := mustToken(t, cache, "a"); got != first {
					t.Fatal("the token was renewed")
				}
				time.Sleep(100 * time.Millisecond)
			}
			if n := source.mints.Load(); n < 3 || n > 7 {
				t.Errorf("%d mints in 3 s of failures, want 3 to 7 by the back-off", n)
			}
			time.Sleep(5 * time.Second)
			if _, err := cache.Token(t.Context(), "a"); !errors.Is(err, down) {
				t.Errorf("after the token expired: got %v, want the source's error", err)
			}
		})
	})
	t.Run("back-off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &minter{mint: func(context.Context, int) (bridge.Token, error) { return bridge.Token{}, down }}
			cache := bridge.NewTokenCache(source)
			start := time.Now()
			for range 10 * 60 * 100 { // ten minutes, one call per 10 ms
				if _, err := cache.Token(t.Context(), "a"); !errors.Is(err, down) {
					t.Fatalf("got %v", err)
				}
				time.Sleep(10 * time.Millisecond)
			}
			// 250 ms, 500 ms … 16 s are 7 steps in at most 32 s. Then there is one per 15 to 30 s.
			if n := source.mints.Load(); n < 7+18 || n > 9+40 {
				t.Errorf("%d mints in %v", n, time.Since(start))
			}
		})
	})
	t.Run("no such remote", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &minter{mint: func(context.Context, int) (bridge.Token, error) {
				return bridge.Token{}, fmt.Errorf("%w: a", bridge.ErrUnknownRemote)
			}}
			cache := bridge.NewTokenCache(source)
			for range 14 {
				if _, err := cache.Token(t.Context(), "a"); !errors.Is(err, bridge.ErrUnknownRemote) {
					t.Fatalf("got %v", err)
				}
				time.Sleep(time.Second)
			}
			if n := source.mints.Load(); n != 1 {
				t.Errorf("%d mints in 14 s, want 1", n)
			}
		})
	})
	t.Run("an empty token", func(t *testing.T) {
		cache := bridge.NewTokenCache(bridge.StaticToken(bridge.Token{}))
		if _, err := cache.Token(t.Context(), "a"); !errors.Is(err, bridge.ErrInvalidResponse) {
			t.Errorf("got %v, want ErrInvalidResponse", err)
		}
	})
	t.Run("a source that hangs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &minter{mint: func(ctx context.Context, _ int) (bridge.Token, error) {
				<-ctx.Done()
				return bridge.Token{}, ctx.Err()
			}}
			_, err := bridge.NewTokenCache(source).Token(t.Context(), "a")
			if !errors.Is(err, bridge.ErrTimeout) {
				t.Errorf("got %v, want ErrTimeout", err)
			}
		})
	})
}

// Steady calls for five minutes, with tokens of 3 s from a source that fails each fifth time.
func TestTokenCacheSteadyCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
			time.Sleep(50 * time.Millisecond)
			if n%5 == 0 {
				return bridge.Token{}, errors.New("every fifth")
			}
			return jwt(n, 3*time.Second, 0), nil
		}}
		cache := bridge.NewTokenCache(source)
		failed := 0
		for range 5 * 60 * 50 {
			if _, err := cache.Token(t.Context(), "a"); err != nil {
				failed++
			}
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second) // a renewal may be pending
		stats := cache.Stats()
		if failed != 0 || stats.Waits != 1 || stats.Renewals < 100 || stats.Failures < 20 {
			t.Errorf("%d failed calls; %+v", failed, stats)
		}
	})
}

func TestTokenCacheIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) { return jwt(n, time.Hour, 0), nil }}
		cache := bridge.NewTokenCache(source)
		kept := mustToken(t, cache, "kept")
		for i := range 200 {
			time.Sleep(time.Millisecond)
			mustToken(t, cache, fmt.Sprint("other", i))
			if mustToken(t, cache, "kept") != kept {
				t.Fatal("the remote that is used most was dropped")
			}
		}
		before := source.mints.Load()
		for i := range 200 {
			if _, ok := cache.ExpiresAt(fmt.Sprint("other", i)); ok != (i >= 200-63) {
				t.Errorf("other%d: kept %v", i, ok)
			}
		}
		if source.mints.Load() != before {
			t.Error("ExpiresAt minted")
		}
	})
}
