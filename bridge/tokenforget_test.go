//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
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

// forgetful returns a client whose tokens have the name of the user, and a function that changes the user.
func forgetful(answer func(asked string) bridge.FetchResponse) (client *bridge.Client, change func(user string), sent *[]string) {
	user := "Ada"
	cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		return bridge.Token{Value: secret.New(user), ExpiresAt: time.Now().Add(time.Hour), BaseURL: "https://tasks.example.com"}, nil
	}))
	sent = new([]string)
	client = bridge.New(nil, bridge.WithDirect(cache), bridge.WithFetcher(fetcher(func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
		name := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		*sent = append(*sent, name)
		return answer(name), nil
	})))
	return client, func(next string) {
		user = next
		cache.Forget("a")
	}, sent
}

// A request that the remote has refused must not be sent again as another user.
func TestForgetBeforeTheSecondAttempt(t *testing.T) {
	var change func(string)
	var client *bridge.Client
	var sent *[]string
	client, change, sent = forgetful(func(asked string) bridge.FetchResponse {
		if asked == "Ada" {
			change("Bob")
			return bridge.FetchResponse{Status: 401, Body: http.NoBody}
		}
		return bridge.FetchResponse{Status: 200, Body: http.NoBody}
	})
	ctx := bridge.NewContext(t.Context(), client)
	_, err := bridge.RequestRemote(ctx, "a", bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("Ada's")})
	if !errors.Is(err, bridge.ErrForgotten) || !slices.Equal(*sent, []string{"Ada"}) {
		t.Errorf("sent as %q, and the error is %v", *sent, err)
	}
	if r, err := bridge.RequestRemote(ctx, "a", bridge.Request{Path: "/"}); err != nil || r.Status != 200 {
		t.Errorf("the next request: %v, %v", r, err)
	}
}

// A stream of events that one user opened must not go on as another.
func TestForgetEndsServerSentEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, change, sent := forgetful(func(string) bridge.FetchResponse {
			return bridge.FetchResponse{Status: 200, Header: bridge.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader("data: x\n\n"))}
		})
		change("Ada") // before the stream begins
		events := 0
		for _, err := range bridge.ServerSentEvents(bridge.NewContext(t.Context(), client), "a", bridge.Request{Path: "/events?user=Ada"}) {
			if err != nil {
				if !errors.Is(err, bridge.ErrForgotten) {
					t.Errorf("the stream ended with %v", err)
				}
				break
			}
			if events++; events == 2 {
				change("Bob")
			} else if events > 2 {
				break
			}
		}
		if events != 2 || !slices.Equal(*sent, []string{"Ada", "Ada"}) {
			t.Errorf("%d events, requests as %q", events, *sent)
		}
	})
}
