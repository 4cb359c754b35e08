package objectstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/objectstore"
)

// store is a page with a resolver's functions, and the store behind the addresses that they return.
type store struct {
	// answer returns a function's answer to a payload, as JSON; empty means undefined.
	answer func(payload string) (string, error)
	// fetch answers the page's requests.
	fetch func(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error)

	mu   sync.Mutex
	sent []string
}

func (s *store) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return s.Start(ctx, call)()
}

// Start makes the store a host that separates sending from waiting, as the page's host does.
func (s *store) Start(_ context.Context, call bridge.Call) func() (bridge.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, call.Command+" "+string(call.Payload))
	return func() (bridge.Answer, error) {
		if call.Command != "invoke" {
			return bridge.Answer{}, errors.New("nobody waits for this")
		}
		var in struct {
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(call.Payload, &in); err != nil {
			return bridge.Answer{}, err
		}
		text, err := s.answer(string(in.Payload))
		if text == "" || err != nil {
			return bridge.Answer{}, err
		}
		return bridge.Answer{Payload: []byte(text)}, nil
	}
}

func (s *store) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	return s.fetch(ctx, r)
}

func (s *store) context(ctx context.Context) context.Context {
	return bridge.NewContext(ctx, bridge.New(s, bridge.WithFetcher(s)))
}

// always returns a function that returns the same answer for each call.
func always(text string) func(string) (string, error) {
	return func(string) (string, error) { return text, nil }
}

func respond(status int, contentType, body string) (bridge.FetchResponse, error) {
	return bridge.FetchResponse{Status: status, Header: bridge.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// The checksums of "hello" and of empty data.
const (
	helloSum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
	emptySum = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
)

var hello = objectstore.Object{Data: []byte("hello"), Type: "Text/Plain"}
