package tasks

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestFallback(t *testing.T) {
	source := func(name string, err error) (bridge.TokenSource, *int) {
		asked := new(int)
		return bridge.TokenFunc(func(_ context.Context, remoteKey string) (bridge.Token, error) {
			*asked++
			if remoteKey != "tasks-api" {
				t.Errorf("asked for %q", remoteKey)
			}
			return bridge.Token{BaseURL: name}, err
		}), asked
	}
	rejected := fmt.Errorf("wrapped: %w", &bridge.HostError{Message: "Unknown command"})
	broken := errors.New("broken")
	cases := []struct {
		name          string
		first, second error
		asked         int
		err           error
	}{
		{"the host has it", nil, nil, 0, nil},
		{"the host refuses", rejected, nil, 1, nil},
		{"both refuse", rejected, broken, 1, broken},
		{"the host knows no such remote", &bridge.HostError{Code: "UNKNOWN_REMOTE"}, nil, 0, bridge.ErrUnknownRemote},
		{"there is no host", bridge.ErrNoBridge, nil, 0, bridge.ErrNoBridge},
		{"the page goes away", context.Canceled, nil, 0, context.Canceled},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			first, _ := source("first", c.first)
			second, asked := source("second", c.second)
			token, err := fallback{first, second}.Token(t.Context(), "tasks-api")
			if *asked != c.asked || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("gave %v, and asked the second %d times", err, *asked)
			}
			if want := [...]string{"first", "second"}[c.asked]; err == nil && token.BaseURL != want {
				t.Errorf("the token is that of the %s", token.BaseURL)
			}
		})
	}
}

// TestTokens checks that outside a page no source returns a token.
func TestTokens(t *testing.T) {
	if _, err := Tokens().Token(t.Context(), RemoteKey); !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("gave %v", err)
	}
}
