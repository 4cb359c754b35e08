package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/view"
)

// TestGetContext_context_fails repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestGetContext_context_fails(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "Error", Message: "no", Code: "7"}
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	_, err := view.GetContext(ctx)
	if want := "no"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
