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

// bare makes a call without the client and returns the length of the answer's body, as one counts it.
func bare(ctx context.Context, s *spec.Sample) (int, error) {
	answer, err := bridge.PageHost().Call(ctx, ready[s.Op])
	if err != nil {
		return 0, err
	}
	n := len(answer.Body)
	if s.Op == spec.InvokeRemote { // the body is in the payload
		n = min(len(answer.Payload), len(text))
	}
	if s.Read == spec.Value && n == len(text) {
		return items(), nil
	}
	return n, nil
}

// items returns how many items the body has.
func items() int {
	switch v := value.(type) {
	case *spec.Board:
		return len(v.Items)
	case *spec.List:
		return len(v.Items)
	}
	return 0
}
