//go:build !tinygo

package bridge_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/growstack"
)

// TestStackGrowsOnce checks that a call needs no more of a new goroutine's stack than internal/growstack makes room for.
func TestStackGrowsOnce(t *testing.T) {
	stubBridge(t, `async (command) => {
		const body = '{"name":"a","tags":["b","c"]}', headers = {"content-type": "application/json", "cache-control": "no-store"};
		return command === "invoke"
			? {success: true, payload: {status: 200, headers: {"content-type": ["application/json"]}, body: JSON.parse(body)}}
			: {status: 200, headers, body};
	}`)
	// While the garbage collector works, calls need more of the stack, and stacks may shrink.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GC() // ends one that is running
	type task struct {
		Name string
		Tags []string
	}
	header := bridge.Header{"Accept": {"application/json"}, "Idempotency-Key": {"0123456789"}}
	for _, c := range []struct {
		name string
		room func() byte
		call func() error
	}{
		{"RequestRemote with a text", growstack.ForCall, func() error {
			r, err := bridge.RequestRemote(t.Context(), "tasks-api", bridge.Request{Method: "POST", Path: "/tasks?a=1", Header: header, Body: bridge.Text("text")})
			if err == nil {
				_, err = r.Text()
			}
			return err
		}},
		{"RequestRemote with values", growstack.ForValue, func() error {
			r, err := bridge.RequestRemote(t.Context(), "tasks-api", bridge.Request{Method: "POST", Path: "/tasks?a=1", Header: header, Body: bridge.JSON(task{"a", []string{"b"}})})
			if err == nil {
				err = r.JSON(new(task))
			}
			return err
		}},
		{"Do", growstack.ForValue, func() error {
			_, err := bridge.Post[task](t.Context(), "tasks-api", "/tasks", bridge.JSON(task{"a", []string{"b"}}))
			return err
		}},
		{"InvokeRemote", growstack.ForCall, func() error {
			r, err := bridge.InvokeRemote(t.Context(), bridge.Request{Path: "/tasks", Header: header})
			if err == nil {
				_, err = r.Text()
			}
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			moved := make(chan bool)
			go func() {
				c.room()
				var here byte
				before := address(&here)
				if err := c.call(); err != nil {
					t.Error(err)
				}
				moved <- address(&here) != before
			}()
			if <-moved {
				t.Error("the stack had to grow once more")
			}
		})
	}
}

// address returns a number, so that the variable stays on the stack, which the compiler cannot see.
//
//go:noinline
func address(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }
