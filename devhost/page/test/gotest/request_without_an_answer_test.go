package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestRemotePatchTasks_request_without_an_answer repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestRemotePatchTasks_request_without_an_answer(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("fetchRemote", func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "TypeError", Message: "Failed to fetch"}
	})
	const body = "a=b"
	ctx := bridge.NewContext(t.Context(), host.Client())

	_, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "PATCH",
		Path:   "/tasks",
		Body:   bridge.Bytes([]byte(body)),
	})
	if want := "Failed to fetch"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
