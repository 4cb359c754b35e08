//go:build !js

package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
)

func ExampleWithDirect() {
	// On Atlassian's sites, the app's own backend issues the tokens. Package remote has the handler.
	client := bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens("/token")))
	_, err := bridge.RequestRemote(bridge.NewContext(context.Background(), client), "tasks-api", bridge.Request{Path: "/tasks"})
	fmt.Println(errors.Is(err, bridge.ErrNoBridge))
	// Output: true
}

func ExampleTokenFunc() {
	// Use the host's tokens if it has them, and otherwise the backend's.
	host, backend := bridge.HostTokens(), bridge.ExchangeTokens("/token")
	source := bridge.TokenFunc(func(ctx context.Context, remoteKey string) (bridge.Token, error) {
		token, err := host.Token(ctx, remoteKey)
		if errors.Is(err, bridge.ErrRejected) {
			return backend.Token(ctx, remoteKey)
		}
		return token, err
	})
	_ = bridge.New(bridge.PageHost(), bridge.WithDirect(source))
}

func ExampleNewTokenCache() {
	cache := bridge.NewTokenCache(bridge.StaticToken(bridge.Token{
		Value: secret.New("for tests"), ExpiresAt: time.Now().Add(time.Hour), BaseURL: "https://tasks.example.com",
	}))
	for range 3 {
		_, _ = cache.Token(context.Background(), "tasks-api")
	}
	stats := cache.Stats()
	fmt.Println(stats.Mints, "mint,", stats.Hits, "hits")
	// Output: 1 mint, 2 hits
}

func ExampleServerSentEvents() {
	ctx, end := notes()
	defer end()
	for event, err := range bridge.ServerSentEvents(ctx, "notes-api", bridge.Request{Path: "/notes/events"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.Type, event.Data)
	}
	// Output:
	// message {"id":1}
	// message {"id":2}
}

// The data of an event is most often JSON.
func ExampleServerSentEvent_JSON() {
	ctx, end := notes()
	defer end()
	for event, err := range bridge.ServerSentEvents(ctx, "notes-api", bridge.Request{Path: "/notes/events"}) {
		var changed struct{ ID int }
		if err == nil {
			err = event.JSON(&changed)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("note", changed.ID, "has changed")
	}
	// Output:
	// note 1 has changed
	// note 2 has changed
}

func ExampleWithStates() {
	ctx, end := notes()
	defer end()
	// A page would show whether it is live, and when it tries again.
	show := bridge.WithStates(func(s bridge.ServerSentState) { fmt.Printf("%v, last event %q\n", s.Phase, s.LastEventID) })
	silence := bridge.WithMaxSilence(20 * time.Second) // the backend sends a comment every 15 s
	for range bridge.ServerSentEvents(ctx, "notes-api", bridge.Request{Path: "/notes/events"}, show, silence) {
		break
	}
	// Output:
	// connecting, last event ""
	// open, last event ""
	// closed, last event "1"
}
