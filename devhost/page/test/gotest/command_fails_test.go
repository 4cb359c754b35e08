package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestSubmit_command_fails repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestSubmit_command_fails(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("submit", func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "BridgeAPIError", Message: "this is no modal"}
	})
	const payload = "{}"

	_, err := host.Client().Call(t.Context(), "submit", bridge.Call{Command: "submit", Payload: []byte(payload)})
	if want := "this is no modal"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
