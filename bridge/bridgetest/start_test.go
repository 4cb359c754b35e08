package bridgetest_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/objectstore"
)

// Concurrent calls take no longer than in a page, and a call without a waiter does not block the others.
func TestStartConcurrently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.OnFunction("metadata", func(ctx context.Context, payload json.RawMessage) (any, error) {
			time.Sleep(time.Second)
			return payload, nil
		})
		host.On("trackObjectStoreAction", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
		host.Fail("trackObjectStoreAction", bridgetest.Hang())
		start := time.Now()
		ctx := bridge.NewContext(t.Context(), host.Client())
		all, err := objectstore.GetMetadata(ctx, "metadata", "a", "b", "c")
		if err != nil || len(all) != 3 || all[2].Err != nil {
			t.Errorf("got %+v, %v", all, err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %s, want a second", took)
		}
		var commands []string
		for _, call := range host.Calls() {
			commands = append(commands, call.Command+" "+string(call.Payload))
		}
		want := []string{
			`trackObjectStoreAction {"action":"getMetadata"}`,
			`invoke {"functionKey":"metadata","payload":{"key":"a"}}`,
			`invoke {"functionKey":"metadata","payload":{"key":"b"}}`,
			`invoke {"functionKey":"metadata","payload":{"key":"c"}}`,
		}
		if !slices.Equal(commands, want) {
			t.Errorf("the record has\n%q, want\n%q", commands, want)
		}
	})
}

func TestStartAfterClose(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Close()
	if _, err := host.Start(t.Context(), bridge.Call{Command: "getContext"})(); err == nil {
		t.Error("a closed host answered")
	}
}
