package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func TestCallbackErrorArguments(t *testing.T) {
	host := bridgetest.NewHost(t)
	refusal := &bridge.HostError{Name: "QuotaError", Message: "full", Code: "QUOTA"}
	host.OnWithFunctions("watch", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["onFailure"](errors.New("gone"), refusal, fmt.Errorf("no room: %w", refusal), 1, nil)
		return nil, nil
	})
	came := make(chan string, 1)
	_, object, err := host.CallWithFunctions(t.Context(), bridge.Call{Command: "watch", Payload: []byte("{}")},
		bridge.Callback{Path: "onFailure", Func: func(arguments []byte) { came <- string(arguments) }})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Release()
	const full = `{"code":"QUOTA","message":"full","name":"QuotaError"}`
	if got, want := <-came, `[{"message":"gone","name":"Error"},`+full+`,`+full+`,1,null]`; got != want {
		t.Errorf("the callback got %s\nwant %s", got, want)
	}
}
