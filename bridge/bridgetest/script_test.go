package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func TestScripts(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(say))
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) { return map[string]string{"locale": "de-DE"}, nil })
	host.OnFunction("getTasks", func(_ context.Context, payload json.RawMessage) (any, error) {
		return []string{"for " + string(payload)}, nil
	})
	host.OnFunction("fails", func(context.Context, json.RawMessage) (any, error) { return nil, errors.New("no such team") })
	host.OnFunction("nothing", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	answer, err := host.Call(t.Context(), bridge.Call{Command: "getContext"})
	if err != nil || string(answer.Payload) != `{"locale":"de-DE"}` {
		t.Errorf("getContext returns %s (%v)", answer.Payload, err)
	}
	ctx := bridge.NewContext(t.Context(), host.Client())
	if tasks, err := bridge.Invoke[[]string](ctx, "getTasks", 7); err != nil || len(tasks) != 1 || tasks[0] != "for 7" {
		t.Errorf("getTasks returns %q (%v)", tasks, err)
	}
	if _, err := bridge.Invoke[any](ctx, "nothing", nil); err != nil {
		t.Errorf("nothing returns %v", err)
	}
	if _, err := bridge.Invoke[any](ctx, "fails", nil); !errors.Is(err, bridge.ErrRejected) || !strings.HasSuffix(err.Error(), "no such team") {
		t.Errorf("a function that fails returns %v", err)
	}
	if _, err := bridge.Invoke[any](ctx, "unknown", nil); err == nil || !strings.Contains(err.Error(), "Host.OnFunction") {
		t.Errorf("an unknown function returns %v", err)
	}
	_, err = host.Call(t.Context(), bridge.Call{Command: "router.navigate"})
	var refused *bridge.HostError
	if !errors.As(err, &refused) || refused.Name != "UnknownCommandError" || refused.Code != "UNKNOWN_COMMAND" || !strings.Contains(refused.Message, "Host.On") {
		t.Errorf("an unknown command returns %#v", err)
	}
}

// TestScriptedFetch checks that a script of a command with a body gets the body in its place, and may answer with
// one.
func TestScriptedFetch(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("fetchRemote", func(_ context.Context, payload json.RawMessage) (any, error) {
		var in struct{ FetchRequestInit struct{ Path, Body string } }
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		return map[string]any{"status": 201, "headers": map[string]string{}, "body": in.FetchRequestInit.Path + " " + in.FetchRequestInit.Body}, nil
	})
	resp, err := bridge.RequestRemote(bridge.NewContext(t.Context(), host.Client()), "any", bridge.Request{Method: "POST", Path: "/t", Body: bridge.Bytes([]byte("ü"))})
	if err != nil || resp.Status != 201 {
		t.Fatalf("got %v (%v)", resp, err)
	}
	if got, err := resp.Text(); got != "/t ü" || err != nil {
		t.Errorf("got %q (%v)", got, err)
	}
}
