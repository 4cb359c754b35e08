package hosttest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

// commands tests the answers to commands.
var commands = []Case{
	{"a command's answer is JSON", func(ctx context.Context, host bridge.Host) error {
		for _, payload := range [][]byte{nil, []byte("{}"), []byte("null"), []byte(`{"a":["😀",1e-7,{"b":null}]}`)} {
			answer, err := host.Call(ctx, bridge.Call{Command: "getContext", Payload: payload})
			if err != nil {
				return fmt.Errorf("payload %q: %w", payload, err)
			}
			var object map[string]any
			if err := json.Unmarshal(answer.Payload, &object); err != nil || object == nil {
				return fmt.Errorf("payload %q: the answer is %q", payload, answer.Payload)
			}
			if answer.Body != nil {
				return fmt.Errorf("payload %q: a call that is not a fetch got the body %q", payload, answer.Body)
			}
		}
		return nil
	}},
	{"an unknown command is refused", func(ctx context.Context, host bridge.Host) error {
		for _, command := range []string{"noSuchCommand", "", "getcontext", "constructor", "__proto__"} {
			_, err := host.Call(ctx, bridge.Call{Command: command, Payload: []byte("{}")})
			if err := refused(err); err != nil {
				return fmt.Errorf("%q: %w", command, err)
			}
		}
		return nil
	}},
	{"a payload that is not JSON is refused", func(ctx context.Context, host bridge.Host) error {
		for _, payload := range []string{"{", "undefined", "{'a':1}", "1 2", "\xff"} {
			_, err := host.Call(ctx, bridge.Call{Command: "getContext", Payload: []byte(payload)})
			if err := refused(err); err != nil {
				return fmt.Errorf("%q: %w", payload, err)
			}
		}
		return nil
	}},
	{"an unknown remote is refused", func(ctx context.Context, host bridge.Host) error {
		for _, payload := range []string{
			`{"remoteKey":"unknown","fetchRequestInit":{"path":"/echo","method":"GET"}}`,
			`{"fetchRequestInit":{"path":"/echo","method":"GET"}}`,
			`{"remoteKey":7,"fetchRequestInit":{"path":"/echo","method":"GET"}}`,
			`{}`,
		} {
			_, err := host.Call(ctx, bridge.Call{Command: "fetchRemote", Payload: []byte(payload), Fetch: true})
			if err := refused(err); err != nil {
				return fmt.Errorf("%s: %w", payload, err)
			}
		}
		return nil
	}},
}
