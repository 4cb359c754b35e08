package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/test/tools/bench/spec"
)

// ready holds the call that our client sends for each operation.
var ready map[string]bridge.Call

// recorder is a host that keeps the last call.
type recorder struct{ call bridge.Call }

func (r *recorder) Call(_ context.Context, call bridge.Call) (bridge.Answer, error) {
	r.call = bridge.Call{Command: call.Command, Payload: bytes.Clone(call.Payload), Fetch: call.Fetch, Body: bytes.Clone(call.Body)}
	return bridge.Answer{}, bridge.ErrNoBridge
}

func prepareBare(ctx context.Context) error {
	ready = map[string]bridge.Call{}
	for op, send := range map[string]func(c *bridge.Client) error{
		spec.RequestRemote: func(c *bridge.Client) error {
			_, err := bridge.RequestRemote(bridge.NewContext(ctx, c), "tasks-api", request())
			return err
		},
		spec.InvokeRemote: func(c *bridge.Client) error {
			_, err := bridge.InvokeRemote(bridge.NewContext(ctx, c), request())
			return err
		},
	} {
		host := &recorder{}
		if err := send(bridge.New(host)); !errors.Is(err, bridge.ErrNoBridge) {
			return err
		}
		ready[op] = host.call
	}
	return nil
}

// bare makes a call without the client and returns the length of the answer's body.
func bare(ctx context.Context, op string) (int, error) {
	answer, err := bridge.PageHost().Call(ctx, ready[op])
	if err != nil {
		return 0, err
	}
	if op == spec.InvokeRemote { // the body is in the payload
		return min(len(answer.Payload), len(text)), nil
	}
	return len(answer.Body), nil
}
