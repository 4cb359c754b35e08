package app

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestInvokeGetText_invoke repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvokeGetText_invoke(t *testing.T) {
	const answer = `{"text":"line 1\nline 2","list":[true]}`
	host := bridgetest.NewHost(t)
	host.OnFunction("getText", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})
	const payload = `{"example":"a \"quoted\" word"}`
	ctx := bridge.NewContext(t.Context(), host.Client())

	got, err := bridge.Invoke[any](ctx, "getText", json.RawMessage(payload))
	if err != nil {
		t.Fatal(err)
	}
	var want any
	if err := json.Unmarshal([]byte(answer), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
