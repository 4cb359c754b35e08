//go:build !tinygo

package wasm_test

import (
	"context"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/wasm"
)

// These tests need recover, which TinyGo does not have.

func TestListenRefusesBadTargets(t *testing.T) {
	handler := func(context.Context, js.Value) error { return nil }
	for name, tt := range map[string]struct {
		target  any
		options []wasm.ListenOption
		want    string
	}{
		"nil":         {nil, nil, `wasm.Listen: the target of "click" is undefined, which has no events. Was the element found?`},
		"null":        {js.Null(), nil, `wasm.Listen: the target of "click" is null, which has no events. Was the element found?`},
		"safe null":   {safejs.Null(), nil, `wasm.Listen: the target of "click" is null, which has no events. Was the element found?`},
		"text":        {js.ValueOf("#save"), nil, `wasm.Listen: the target of "click" is #save, which has no events. Was the element found?`},
		"a Go string": {"#save", nil, `wasm.Listen: the target of "click" is undefined, which has no events. Was the element found?`},
		"an object":   {js.ValueOf(map[string]any{}), nil, `wasm.Listen: the target of "click" is [object Object], which has no events. Was the element found?`},
		"passive and prevent": {div(t), []wasm.ListenOption{wasm.WithPassive(), wasm.WithPreventDefault()},
			`wasm.Listen: a passive listener cannot prevent the default action of "click"`},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != tt.want {
					t.Errorf("it panics with %v\nwant %s", got, tt.want)
				}
			}()
			wasm.Listen(t.Context(), tt.target, "click", handler, tt.options...)
		})
	}
}

// A panic of the function of OnError is shown in its place, and does not call it again.
func TestOnErrorPanics(t *testing.T) {
	t.Cleanup(func() { wasm.OnError(nil) })
	calls := 0
	wasm.OnError(func(context.Context, error) {
		calls++
		panic("fell over")
	})
	wasm.Go(t.Context(), func(context.Context) error { panic("the disk is full") })
	if text := waitForNotice(t); text != somethingWrong || calls != 1 {
		t.Errorf("after %d calls the page shows %q", calls, text)
	}
}
