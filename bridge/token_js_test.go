//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
	"github.com/forgego/forgego/wasm"
)

// setPageClock moves the page's wall clock by this many hours until the test ends. It does not change the monotonic
// clock, performance.now.
func setPageClock(t *testing.T, hours int) {
	t.Helper()
	js.Global().Call("eval", `(hours) => {
		const real = Date;
		globalThis.realDate = real;
		globalThis.Date = class extends real {
			constructor(...args) { args.length ? super(...args) : super(real.now() + hours * 3600_000); }
			static now() { return real.now() + hours * 3600_000; }
		};
	}`).Invoke(hours)
	t.Cleanup(func() { js.Global().Call("eval", `Date = realDate`) })
}

// If the page's clock is set back after a failed mint, the source must be asked again within seconds.
func TestPageClockSetBackAfterAFailedMint(t *testing.T) {
	mints := 0
	cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		mints++
		if mints == 1 {
			return bridge.Token{}, errors.New("down")
		}
		return bridge.Token{Value: secret.New("x"), ExpiresAt: time.Now().Add(time.Minute)}, nil
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := cache.Token(ctx, "a"); err == nil {
		t.Fatal("the first mint has not failed")
	}
	before := time.Now()
	setPageClock(t, -1)
	if passed := time.Now().Round(0).Sub(before.Round(0)); passed > -50*time.Minute {
		t.Fatalf("the wall clock advanced by %v: the test cannot work", passed)
	}
	for {
		_, err := cache.Token(ctx, "a")
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("20 s later the error is still %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A laptop has slept: the wall clock is eight hours later, and the monotonic clock is not.
func TestPageAfterSleep(t *testing.T) {
	mints := 0
	cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		mints++
		return bridge.Token{Value: secret.New("x"), ExpiresAt: time.Now().Add(time.Hour)}, nil
	}))
	mustToken(t, cache, "a")
	setPageClock(t, 8)
	mustToken(t, cache, "a")
	if mints != 2 {
		t.Errorf("%d mints, want another one after the sleep", mints)
	}
}

// A TokenSource that panics must not end the program: the callers that wait get the panic as an error, the page shows
// it, and the next call works.
func TestPageTokenSourcePanics(t *testing.T) {
	t.Cleanup(func() { js.Global().Call("eval", `document.querySelector(".forgego-notice")?.remove()`) })
	mints := 0
	cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		mints++
		if mints == 1 {
			panic("no session")
		}
		return bridge.Token{Value: secret.New("x"), ExpiresAt: time.Now().Add(time.Hour)}, nil
	}))
	got := make(chan error, 1)
	wasm.Go(t.Context(), func(ctx context.Context) error {
		_, err := cache.Token(ctx, "a")
		got <- err
		return err
	})
	err := <-got
	if p, ok := errors.AsType[*wasm.PanicError](err); !ok || p.Value != "no session" || !strings.Contains(string(p.Stack), "token_js_test.go") {
		t.Errorf("got %v", err)
	}
	if box := js.Global().Get("document").Call("querySelector", ".forgego-notice"); box.IsNull() || !strings.Contains(box.Get("textContent").String(), "Something went wrong in the app.") {
		t.Error("the page does not show the panic")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, err := cache.Token(ctx, "a")
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("20 s later the error is still %v", err)
		}
		time.Sleep(10 * time.Millisecond) // until the cache asks the source again
	}
}
