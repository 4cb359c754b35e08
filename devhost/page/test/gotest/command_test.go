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

// TestViewEmitReadyEvent_command repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestViewEmitReadyEvent_command(t *testing.T) {
	const answer = "null"
	host := bridgetest.NewHost(t)
	host.On("view.emitReadyEvent", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})
	const payload = "{\"a\":[\"`\",\"\\u0001\"]}"

	result, err := host.Client().Call(t.Context(), "view.emitReadyEvent", bridge.Call{Command: "view.emitReadyEvent", Payload: []byte(payload)})
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
