package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestInvokeFail_invoke_fails repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvokeFail_invoke_fails(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.OnFunction("fail", func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "Error", Message: "It said \"no\".\nTwice."}
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	_, err := bridge.Invoke[any](ctx, "fail", nil)
	if want := "It said \"no\".\nTwice."; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
