//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
)

func TestTokenCacheReject(t *testing.T) {
	source := &minter{}
	cache := bridge.NewTokenCache(source)
	first := mustToken(t, cache, "a")
	cache.Reject("a", first)
	second := mustToken(t, cache, "a")
	if second == first {
		t.Error("the refused token was returned again")
	}
	cache.Reject("a", first)
	if got := mustToken(t, cache, "a"); got != second {
		t.Error("a newer token was dropped with the refused one")
	}
	cache.Reject("b", first) // unknown remote
}

func TestTokenCacheForget(t *testing.T) {
	cache := bridge.NewTokenCache(&minter{})
	first := mustToken(t, cache, "a")
	if _, ok := cache.ExpiresAt("a"); !ok {
		t.Error("the token was not kept")
	}
	cache.Forget("a")
	if _, ok := cache.ExpiresAt("a"); ok {
		t.Error("the token is kept")
	}
	if mustToken(t, cache, "a") == first {
		t.Error("the forgotten token was returned")
	}
	cache.Forget("b") // unknown remote
}

// A call that one user began must not run with another user's token, and vice versa.
func TestForgetWhileATokenIsPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		user := "Ada"
		var stopped error
		source := &minter{mint: func(ctx context.Context, n int) (bridge.Token, error) {
			token := bridge.Token{Value: secret.New(user), ExpiresAt: time.Now().Add(time.Minute)}
			if n == 1 {
				<-ctx.Done()
				stopped = context.Cause(ctx)
			}
			return token, nil
		}}
		cache := bridge.NewTokenCache(source)
		waiting := make(chan error, 2)
		for range cap(waiting) {
			go func() {
				_, err := cache.Token(t.Context(), "a")
				waiting <- err
			}()
		}
		synctest.Wait()
		user = "Bob"
		cache.Forget("a")
		for range cap(waiting) {
			if err := <-waiting; !errors.Is(err, bridge.ErrForgotten) {
				t.Errorf("the waiting call got %v, want ErrForgotten", err)
			}
		}
		for range 2 { // the second time from memory, after the first mint has ended
			if got := mustToken(t, cache, "a").Value.Reveal(); got != "Bob" {
				t.Errorf("the next call got the token of %s", got)
			}
			synctest.Wait()
		}
		if stopped != bridge.ErrForgotten {
			t.Errorf("the source's context ended with %v", stopped)
		}
		want := bridge.TokenStats{Hits: 1, Waits: 3, Mints: 2}
		if got := cache.Stats(); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
	})
}
