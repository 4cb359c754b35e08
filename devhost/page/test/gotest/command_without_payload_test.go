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

// TestGetUrl_command_without_payload repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestGetUrl_command_without_payload(t *testing.T) {
	const answer = `"https://example.com/a"`
	host := bridgetest.NewHost(t)
	host.On("getUrl", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})

	result, err := host.Client().Call(t.Context(), "getUrl", bridge.Call{Command: "getUrl"})
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
