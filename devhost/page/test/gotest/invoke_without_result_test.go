package app

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestInvokeSaveAllNow_invoke_without_result repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvokeSaveAllNow_invoke_without_result(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.OnFunction("save-all.now", func(context.Context, json.RawMessage) (any, error) {
		return nil, nil
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	got, err := bridge.Invoke[any](ctx, "save-all.now", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got != nil {
		t.Errorf("got %v, want no result", got)
	}
}
