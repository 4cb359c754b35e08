package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
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

func TestCallbackPanicIsItsReply(t *testing.T) {
	problems := make(chan string, 2)
	host := bridgetest.NewHost(t, bridgetest.WithReport(func(problem string) { problems <- problem }))
	for name, callback := range map[string]bridge.Callback{
		"with a result":    {Path: "callback", Answer: func([]byte) ([]byte, error) { panic("on purpose") }},
		"without a result": {Path: "callback", Func: func([]byte) { panic("on purpose") }},
	} {
		t.Run(name, func(t *testing.T) {
			var ask func(arguments ...any) *bridgetest.Reply
			host.OnWithFunctions("watch", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
				ask = callbacks["callback"]
				return nil, nil
			})
			_, object, err := host.CallWithFunctions(t.Context(), bridge.Call{Command: "watch", Payload: []byte("{}")}, callback)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ask().Wait(t.Context()); err == nil || err.Error() != "the app's callback did not return" {
				t.Errorf("the reply is %v", err)
			}
			object.Release()
			if result, err := ask().Wait(t.Context()); result != nil || err != nil {
				t.Errorf("after Release the reply is %s, %v, want undefined", result, err)
			}
		})
	}
	for range 2 {
		if problem := <-problems; !strings.Contains(problem, "on purpose") {
			t.Errorf("the host reported %q, want both panics", problem)
		}
	}
}
