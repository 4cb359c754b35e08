//go:build !js

package bridge_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestFetch(t *testing.T) {
	client := bridge.New(nil, bridge.WithPageFetcher(fetchFunc(func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
		if r.Method != "GET" || r.URL != "./a.json" {
			t.Errorf("got %+v", r)
		}
		return bridge.FetchResponse{Status: 200, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})))
	response, err := client.Fetch(t.Context(), "i18n.x", bridge.FetchRequest{Method: "GET", URL: "./a.json"})
	if err != nil || response.Status != 200 {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestFetchFails(t *testing.T) {
	unreachable := fetchFunc(func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
		return bridge.FetchResponse{}, bridge.ErrNetwork
	})
	ended, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user went away")
	cancel(cause)
	for name, c := range map[string]struct {
		ctx     context.Context
		fetcher bridge.Fetcher
		origin  string
		want    error
	}{
		"no page":       {t.Context(), nil, "", bridge.ErrNoBridge},
		"unreachable":   {t.Context(), unreachable, "", bridge.ErrNetwork},
		"with a token":  {t.Context(), unreachable, "https://a.example", bridge.ErrInvalidRequest},
		"ctx has ended": {ended, unreachable, "", cause},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bridge.New(nil, bridge.WithPageFetcher(c.fetcher)).Fetch(c.ctx, "i18n.x", bridge.FetchRequest{Method: "GET", URL: "./a", Origin: c.origin})
			var e *bridge.Error
			if !errors.Is(err, c.want) || !errors.As(err, &e) || e.Op != "i18n.x" {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
