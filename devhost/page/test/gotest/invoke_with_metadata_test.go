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

// TestInvoke_invoke_with_metadata repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvoke_invoke_with_metadata(t *testing.T) {
	const answer = `{"body":1,"metadata":{}}`
	host := bridgetest.NewHost(t)
	host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})
	const payload = `{"functionKey":"getText","metadata":{"rateLimitProperties":true}}`

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
