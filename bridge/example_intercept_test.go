//go:build !js

package bridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func ExampleIntercept() {
	host := bridgetest.NewHost(nil) // in an app, bridge.PageHost()
	defer host.Close()
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) { return map[string]string{"locale": "de-DE"}, nil })
	logged := bridge.Intercept(host, func(ctx context.Context, call bridge.Call, next func(context.Context, bridge.Call) (bridge.Answer, error)) (bridge.Answer, error) {
		answer, err := next(ctx, call)
		fmt.Printf("%s: %d bytes, %v\n", call.Command, len(answer.Payload), err)
		return answer, err
	})
	client := bridge.New(logged)
	_, _ = client.Call(context.Background(), "view.getContext", bridge.Call{Command: "getContext"})
	// Output: getContext: 18 bytes, <nil>
}

func ExampleIntercept_retry() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	attempts := 0
	host.OnFunction("getTasks", func(context.Context, json.RawMessage) (any, error) {
		if attempts++; attempts < 3 {
			return nil, errors.New("the function is busy")
		}
		return []string{"Buy milk"}, nil
	})
	// Functions that only read may be called again.
	retried := bridge.Intercept(host, func(ctx context.Context, call bridge.Call, next func(context.Context, bridge.Call) (bridge.Answer, error)) (bridge.Answer, error) {
		for wait := 10 * time.Millisecond; ; wait *= 2 {
			answer, err := next(ctx, call)
			if !errors.Is(err, bridge.ErrRejected) || wait > time.Second {
				return answer, err
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return bridge.Answer{}, context.Cause(ctx)
			}
		}
	})
	ctx := bridge.NewContext(context.Background(), bridge.New(retried))
	tasks, err := bridge.Invoke[[]string](ctx, "getTasks", nil)
	fmt.Println(tasks, err, attempts)
	// Output: [Buy milk] <nil> 3
}
