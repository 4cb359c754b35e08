//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
	"github.com/forgego/forgego/wasm"
)

// badError is an error whose own methods panic, as those of a nil pointer do.
type badError struct{ err error }

func (e *badError) Error() string { return e.err.Error() }
func (e *badError) Unwrap() error { return e.err }

// badSources are sources that do not return as they should, each with a text that the error must have.
var badSources = map[string]struct {
	mint func(ctx context.Context) (bridge.Token, error)
	want func(err error) bool
	text string
}{
	"panics": {
		func(context.Context) (bridge.Token, error) { panic("no session") },
		func(err error) bool {
			p, ok := errors.AsType[*wasm.PanicError](err)
			return ok && p.Value == "no session" && strings.Contains(string(p.Stack), "tokenfault_test.go")
		},
		"the token source failed: panic: no session",
	},
	"panics with an error": {
		func(context.Context) (bridge.Token, error) { panic(bridge.ErrNetwork) },
		func(err error) bool { return errors.Is(err, bridge.ErrNetwork) },
		"panic: the remote could not be reached",
	},
	"returns an error that panics": {
		func(context.Context) (bridge.Token, error) { return bridge.Token{}, (*badError)(nil) },
		func(err error) bool { _, ok := errors.AsType[*wasm.PanicError](err); return ok },
		"nil pointer dereference",
	},
	"calls Goexit": {
		func(context.Context) (bridge.Token, error) { runtime.Goexit(); return bridge.Token{}, nil },
		func(error) bool { return true },
		"the token source failed: it ended its goroutine by runtime.Goexit",
	},
	"ignores its context": {
		func(context.Context) (bridge.Token, error) {
			time.Sleep(time.Hour)
			return jwt(1, 25*time.Second, 0), nil
		},
		func(err error) bool { return errors.Is(err, bridge.ErrTimeout) },
		"did not return within 30s",
	},
}

func TestTokenSourceFails(t *testing.T) {
	for name, tt := range badSources {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &minter{mint: func(ctx context.Context, n int) (bridge.Token, error) {
					if n == 1 {
						time.Sleep(time.Second) // until both wait
						return tt.mint(ctx)
					}
					return jwt(n, 25*time.Second, 0), nil
				}}
				cache := bridge.NewTokenCache(source)
				waiting := make(chan error, 2)
				for range cap(waiting) {
					go func() {
						_, err := cache.Token(t.Context(), "a")
						waiting <- err
					}()
				}
				for range cap(waiting) {
					if err := <-waiting; err == nil || !tt.want(err) || !strings.Contains(err.Error(), tt.text) {
						t.Errorf("the waiting call got %v", err)
					}
				}
				time.Sleep(250 * time.Millisecond)
				first := mustToken(t, cache, "a")
				time.Sleep(time.Hour) // a late token is not used
				synctest.Wait()
				if mustToken(t, cache, "a") == first {
					t.Error("the token is not renewed")
				}
				want := bridge.TokenStats{Waits: 4, Mints: 3, Failures: 1}
				if got := cache.Stats(); got != want {
					t.Errorf("counts %+v, want %+v", got, want)
				}
			})
		})
	}
}

// The same in a renewal: the old token is used until it ends, and the cache tries to renew it again.
func TestRenewalFails(t *testing.T) {
	for name, tt := range badSources {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &minter{mint: func(ctx context.Context, n int) (bridge.Token, error) {
					if n == 2 {
						return tt.mint(ctx)
					}
					return jwt(n, 10*time.Minute, 0), nil
				}}
				cache := bridge.NewTokenCache(source)
				first := mustToken(t, cache, "a")
				time.Sleep(9 * time.Minute)
				for range 2 { // a mint takes at most 30 s, and the next one starts after 250 ms
					if mustToken(t, cache, "a") != first {
						t.Fatal("the old token was not used")
					}
					time.Sleep(30*time.Second - 100*time.Millisecond)
				}
				time.Sleep(200 * time.Millisecond)
				mustToken(t, cache, "a")
				time.Sleep(250 * time.Millisecond)
				mustToken(t, cache, "a")
				synctest.Wait()
				if mustToken(t, cache, "a") == first {
					t.Error("the token was not renewed")
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

// A source that returns only useless tokens must not be asked at each call.
func TestTokenSourceReturnsExpiredTokens(t *testing.T) {
	for name, tt := range map[string]struct {
		life time.Duration
		text string
	}{
		"an hour ago": {-time.Hour, "a token that ended 1h0m0s ago by this machine's clock"},
		"now":         {0, "a token that ended 0s ago"},
		"at once":     {time.Millisecond, "a token that ends in 1ms: it must live for at least 250ms"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &minter{mint: func(context.Context, int) (bridge.Token, error) {
					return bridge.Token{Value: secret.New("opaque"), ExpiresAt: time.Now().Add(tt.life)}, nil
				}}
				cache := bridge.NewTokenCache(source)
				for range 2000 {
					_, err := cache.Token(t.Context(), "a")
					if !errors.Is(err, bridge.ErrInvalidResponse) || !strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), "opaque") {
						t.Fatalf("got %v", err)
					}
				}
				if n := source.mints.Load(); n != 1 {
					t.Errorf("%d mints for 2,000 calls at once, want 1", n)
				}
				for range 10 * 60 * 10 { // ten minutes, one call per 100 ms
					_, _ = cache.Token(t.Context(), "a")
					time.Sleep(100 * time.Millisecond)
				}
				if n := source.mints.Load(); n > 50 {
					t.Errorf("%d mints in ten minutes, want at most 50", n)
				}
			})
		})
	}
}

// Tokens with a very short life are stale at once. They must not be renewed at each call.
func TestTokenSourceReturnsShortLivedTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) { return jwt(n, 2*time.Second, 0), nil }}
		cache := bridge.NewTokenCache(source)
		for range 1000 {
			mustToken(t, cache, "a")
			time.Sleep(10 * time.Millisecond)
		}
		synctest.Wait()
		if n := source.mints.Load(); n < 5 || n > 11 {
			t.Errorf("%d mints in 10 s for tokens of 2 s, want 5 to 11", n)
		}
	})
}

// answers is a fetcher that always answers with this status, and counts the requests.
type answers struct {
	status   func(token string) int
	requests int
}

func (a *answers) Fetch(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	a.requests++
	status := a.status(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	return bridge.FetchResponse{Status: status, Header: bridge.Header{}, Body: noBody{}}, nil
}

type noBody struct{}

func (noBody) Read([]byte) (int, error) { return 0, errors.New("this body must not be read") }
func (noBody) Close() error             { return nil }

// A remote that refuses all tokens causes few new ones, and calls return its 401.
func TestRemoteAlwaysAnswers401(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		remote := &answers{status: func(string) int { return 401 }}
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) {
			token := jwt(n, time.Hour, 0)
			token.BaseURL = "https://tasks.example.com"
			return token, nil
		}}
		client := bridge.New(nil, bridge.WithDirect(source), bridge.WithFetcher(remote))
		get := func() {
			t.Helper()
			response, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
			if err != nil {
				t.Fatal(err)
			}
			if !errors.Is(response.Err(), bridge.ErrUnauthorized) {
				t.Fatalf("got %v, want ErrUnauthorized", response.Err())
			}
		}
		get()
		if n := source.mints.Load(); n != 2 || remote.requests != 2 {
			t.Errorf("the first request: %d mints and %d requests, want 2 and 2", n, remote.requests)
		}
		for range 2000 {
			get()
		}
		if n := source.mints.Load(); n != 2 || remote.requests != 2002 {
			t.Errorf("2,000 more at once: %d mints and %d requests, want 2 and 2,002", n, remote.requests)
		}
		for range 10 * 60 * 10 { // ten minutes, one request per 100 ms
			get()
			time.Sleep(100 * time.Millisecond)
		}
		if n := source.mints.Load(); n < 10 || n > 50 {
			t.Errorf("%d mints in ten minutes, want 10 to 50", n)
		}
		// Later, a revoked token is replaced at once.
		time.Sleep(2 * time.Minute)
		before := source.mints.Load()
		get()
		if n := source.mints.Load() - before; n != 1 {
			t.Errorf("%d mints after a later refusal, want 1", n)
		}
		time.Sleep(250 * time.Millisecond) // the waits start from 250 ms again, too
		get()
		if n := source.mints.Load() - before; n != 2 {
			t.Errorf("%d mints after two later refusals, want 2", n)
		}
	})
}

// A revoked token is replaced at once, and accepted tokens are kept.
func TestRemoteRevokesTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		revoked := map[string]bool{}
		remote := &answers{status: func(token string) int {
			if revoked[token] {
				return 401
			}
			return 200
		}}
		source := &minter{mint: func(_ context.Context, n int) (bridge.Token, error) { return jwt(n, time.Hour, 0), nil }}
		cache := bridge.NewTokenCache(source)
		client := bridge.New(nil, bridge.WithDirect(cache), bridge.WithFetcher(remote))
		for round := range 5 {
			for range 100 {
				if response, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"}); err != nil || !response.OK() {
					t.Fatalf("round %d: %v, %v", round, response, err)
				}
			}
			revoked[mustToken(t, cache, "tasks-api").Value.Reveal()] = true
			time.Sleep(30 * time.Second)
		}
		if n := source.mints.Load(); n != 5 {
			t.Errorf("%d mints, want 5", n)
		}
	})
}

// The reader of a body must not end the program, or run longer than the call.
func TestReaderFails(t *testing.T) {
	for name, tt := range map[string]struct {
		read func() error
		want func(err error) bool
	}{
		"panics": {func() error { panic("no such row") }, func(err error) bool {
			p, ok := errors.AsType[*wasm.PanicError](err)
			return ok && p.Value == "no such row" && errors.Is(err, bridge.ErrInvalidRequest)
		}},
		"calls Goexit":  {func() error { runtime.Goexit(); return nil }, func(err error) bool { return errors.Is(err, bridge.ErrInvalidRequest) }},
		"never returns": {func() error { time.Sleep(time.Hour); return io.EOF }, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		"an error": {func() error { return bridge.ErrNetwork }, func(err error) bool {
			return errors.Is(err, bridge.ErrNetwork) && errors.Is(err, bridge.ErrInvalidRequest)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				remote := &answers{}
				client := bridge.New(nil, bridge.WithDirect(&minter{}), bridge.WithFetcher(remote))
				_, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.Reader(readerFunc(tt.read))})
				if err == nil || !tt.want(err) || remote.requests != 0 {
					t.Errorf("got %v, %d requests", err, remote.requests)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

type readerFunc func() error

func (f readerFunc) Read([]byte) (int, error) { return 0, f() }

// clientHost is a host that answers token requests and exchanges. The token is the host's name.
type clientHost string

func (h clientHost) Call(_ context.Context, call bridge.Call) (bridge.Answer, error) {
	token := `{"jwt":"` + string(h) + `","expiresAt":"4102444800000","baseUrl":"https://tasks.example.com"}`
	if call.Command == "invoke" {
		token = `{"success":true,"payload":{"status":200,"headers":{},"body":` + token + `}}`
	}
	return bridge.Answer{Payload: []byte(token)}, nil
}

// A source uses the client of the call, even through a cache of the app.
func TestTokenSourcesUseTheirClient(t *testing.T) {
	ask := bridge.TokenFunc(func(ctx context.Context, key string) (bridge.Token, error) {
		return bridge.ExchangeTokens("/token").Token(ctx, key)
	})
	for name, source := range map[string]bridge.TokenSource{
		"HostTokens": bridge.HostTokens(), "ExchangeTokens": bridge.ExchangeTokens("/token"), "a function with package functions": ask,
	} {
		for _, cached := range []bool{false, true} {
			for _, who := range []string{"one", "two"} {
				given := source
				if cached {
					given = bridge.NewTokenCache(source)
				}
				sent := ""
				remote := &answers{status: func(token string) int { sent = token; return 200 }}
				client := bridge.New(clientHost(who), bridge.WithDirect(given), bridge.WithFetcher(remote))
				if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"}); err != nil || sent != who {
					t.Errorf("%s, a cache of the app's own: %v: %q was sent, want %q (%v)", name, cached, sent, who, err)
				}
				token, err := given.Token(bridge.NewContext(t.Context(), client), "another")
				if err != nil || token.Value.Reveal() != who {
					t.Errorf("%s, asked with the client in the context: %q, want %q (%v)", name, token.Value.Reveal(), who, err)
				}
			}
		}
	}
}

// exitError is an error whose Error method ends the goroutine, as t.Fatal does.
type exitError struct{}

func (exitError) Error() string { runtime.Goexit(); return "" }

// Callers that wait for a token must get an error, even if the source's error cannot be read.
func TestTokenSourceErrorCallsGoexit(t *testing.T) {
	for name, fail := range map[string]func() error{
		"returned":      func() error { return exitError{} },
		"panicked with": func() error { panic(exitError{}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var calls atomic.Int32 // the first call's goroutine ends without a result
				cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
					if calls.Add(1) == 1 {
						return bridge.Token{}, fail()
					}
					return bridge.Token{Value: secret.New("good")}, nil
				}))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err := cache.Token(ctx, "tasks-api")
				if err == nil || ctx.Err() != nil {
					t.Fatalf("the caller got no error; its context: %v", ctx.Err())
				}
				time.Sleep(time.Minute)
				if token, err := cache.Token(t.Context(), "tasks-api"); err != nil || token.Value.Reveal() != "good" {
					t.Error("the next call returned no token")
				}
			})
		})
	}
}
