package app

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestInvoke_invoke_remote_not_found repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvoke_invoke_remote_not_found(t *testing.T) {
	const answer = `{"success":true,"payload":{"status":404,"headers":{},"error":"not found"}}`
	host := bridgetest.NewHost(t)
	host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})
	const payload = `{"invokeType":"ui-remote-fetch","path":"/none","method":"GET"}`

	result, err := host.Client().Call(t.Context(), "invoke", bridge.Call{Command: "invoke", Payload: []byte(payload)})
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := errors.Join(json.Unmarshal(result.Payload, &got), json.Unmarshal([]byte(answer), &want)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
