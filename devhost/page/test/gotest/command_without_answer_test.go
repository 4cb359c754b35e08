package app

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestClose_command_without_answer repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestClose_command_without_answer(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("close", func(context.Context, json.RawMessage) (any, error) {
		return nil, nil
	})

	result, err := host.Client().Call(t.Context(), "close", bridge.Call{Command: "close"})
	if err != nil {
		t.Fatal(err)
	}
	if result.Payload != nil {
		t.Errorf("got %s, want no answer", result.Payload)
	}
}
