package app

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/view"
)

// TestGetContext_context repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestGetContext_context(t *testing.T) {
	const answer = `{"accountId":"a","moduleKey":"panel","locale":"en-US","extension":{"type":"jira:issuePanel"}}`
	host := bridgetest.NewHost(t)
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	got, err := view.GetContext(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := "panel"; got.ModuleKey != want {
		t.Errorf("got the module %q, want %q", got.ModuleKey, want)
	}
}
