// Program frontend calls the remote with clients that know nothing of Forge, when the test asks for it by
// globalThis.run(way, name). The clients are one of connectrpc.com/connect and the client of net/http. The test adds a file
// with one that it generates from a description in OpenAPI.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgehttp"
	"github.com/forgego/forgego/wasm"
)

func main() {
	wasm.Run(func(ctx context.Context) error {
		_, err := wasm.Export(ctx, "run", run)
		return err
	})
}

// base is the remote's baseUrl in manifest.yml.
const base = "https://backend.example.com/api/v1"

// clientOf returns the client for a way, and the context for its requests.
func clientOf(ctx context.Context, way string) (context.Context, *http.Client, error) {
	var transport *bridgehttp.Transport
	var err error
	switch way {
	case "invoke":
		transport, err = bridgehttp.NewInvokeTransport(bridgehttp.WithBaseURL(base))
	case "direct":
		ctx = bridge.NewContext(ctx, direct)
		fallthrough
	default:
		transport, err = bridgehttp.NewTransport("backend", bridgehttp.WithBaseURL(base))
	}
	return ctx, &http.Client{Transport: transport}, err
}

var direct = bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.HostTokens()))

// programs are what the test can run. Each returns a line for each step.
var programs = map[string]func(ctx context.Context, client *http.Client) []string{
	"connect": connectUnary,
	"plain":   plain,
	"stop":    stop,
}

func run(ctx context.Context, args []safejs.Value) (any, error) {
	way, err := args[0].String()
	if err != nil {
		return nil, err
	}
	name, err := args[1].String()
	if err != nil {
		return nil, err
	}
	ctx, client, err := clientOf(ctx, way)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(programs[name](ctx, client))
	return string(text), err
}

// steps are the lines of a program.
type steps []string

func (s *steps) say(format string, args ...any) { *s = append(*s, fmt.Sprintf(format, args...)) }
