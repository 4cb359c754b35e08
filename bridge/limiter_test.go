//go:build !tinygo

package bridge_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestLimit(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		client := bridge.New(nil)
		for range 500 {
			if err := client.Limit("op", key{}); err != nil {
				t.Fatal(err)
			}
		}
		var e *bridge.Error
		if err := client.Limit("op", key{}); !errors.Is(err, bridge.ErrRateLimited) || !errors.As(err, &e) || e.Op != "op" {
			t.Errorf("call 501: got %v, want ErrRateLimited of op", err)
		}
		if err := bridge.New(nil).Limit("op", key{}); err != nil {
			t.Errorf("another client: got %v", err)
		}
		time.Sleep(25 * time.Second)
		if err := client.Limit("op", key{}); err != nil {
			t.Errorf("after 25 s: got %v", err)
		}
	})
}
