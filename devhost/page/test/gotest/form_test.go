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

// TestFetchRemote_form repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestFetchRemote_form(t *testing.T) {
	const answer = `{"status":200,"statusText":"x","headers":{"content-type":"text/plain"},"body":"ok","isAttachment":false}`
	host := bridgetest.NewHost(t)
	host.On("fetchRemote", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(answer), nil
	})
	const payload = `{"remoteKey":"tasks-api","isMultipartFormData":true,"fetchRequestInit":{"path":"/form","method":"POST","body":"{\"a\":\"b\"}"}}`

	result, err := host.Client().Call(t.Context(), "fetchRemote", bridge.Call{Command: "fetchRemote", Payload: []byte(payload)})
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
