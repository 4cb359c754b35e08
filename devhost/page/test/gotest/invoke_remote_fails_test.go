package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestInvokeRemoteGetReports_invoke_remote_fails repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvokeRemoteGetReports_invoke_remote_fails(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "Error", Message: "Invalid response from remote - remote network error", Code: "REMOTE_NETWORK_ERROR"}
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	_, err := bridge.InvokeRemote(ctx, bridge.Request{
		Method: "GET",
		Path:   "/reports",
	})
	if want := "Invalid response from remote - remote network error"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
