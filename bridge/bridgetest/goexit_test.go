package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// A handler or a script that ends its goroutine, as t.Fatal does, must not leave the app waiting forever.
func TestGoexit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t, bridgetest.WithReport(func(problem string) { t.Errorf("reported: %s", problem) }))
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/late" {
				_, _ = io.WriteString(w, "a part of it")
				w.(http.Flusher).Flush()
			}
			runtime.Goexit()
		}))
		for name, call := range waysOf(host) {
			for _, path := range []string{"/", "/late"} {
				resp, err := call(t.Context(), bridge.Request{Path: path})
				if err == nil {
					_, err = resp.Text()
				}
				if !errors.Is(err, bridge.ErrNetwork) {
					t.Errorf("%s %s: got %v, want ErrNetwork", name, path, err)
				}
			}
		}
		client := host.Client()
		host.On("gone", func(context.Context, json.RawMessage) (any, error) { runtime.Goexit(); return nil, nil })
		if _, err := client.Call(t.Context(), "gone", bridge.Call{Command: "gone"}); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("a script: got %v, want ErrRejected", err)
		}
		host.OnFunction("gone", func(context.Context, json.RawMessage) (any, error) { runtime.Goexit(); return nil, nil })
		if _, err := bridge.Invoke[any](bridge.NewContext(t.Context(), client), "gone", nil); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("a function: got %v, want ErrRejected", err)
		}
		var callBack func(arguments ...any) *bridgetest.Reply
		host.OnWithFunctions("subscribe", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
			callBack = callbacks["callback"]
			return bridgetest.Object{Methods: map[string]bridgetest.Function{
				"gone": func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) {
					runtime.Goexit()
					return nil, nil
				},
			}}, nil
		})
		var came []string
		_, object, err := client.CallWithFunctions(t.Context(), "subscribe", bridge.Call{Command: "subscribe", Payload: []byte("{}")},
			bridge.Callback{Path: "callback", Func: func(arguments []byte) {
				came = append(came, string(arguments))
				runtime.Goexit()
			}})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := object.Apply(t.Context(), "gone", []byte("[]")); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("a method: got %v, want ErrRejected", err)
		}
		callBack(1)
		callBack(2)
		synctest.Wait()
		if len(came) != 2 {
			t.Errorf("the callback got %q, want both calls", came)
		}
		host.Close() // waits for the handlers
	})
}
