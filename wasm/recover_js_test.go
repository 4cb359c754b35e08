//go:build !tinygo

package wasm_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/wasm"
)

// These tests need recover, which TinyGo has not: for a panic, and for a JavaScript exception that reaches Go.

func TestAwaitException(t *testing.T) {
	tests := map[string]struct{ promise, name, text string }{
		"then throws": {`({then() { throw new RangeError("far") }})`, "RangeError", "RangeError: far"},
		"unprintable": {`Promise.reject(Object.create(null))`, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := wasm.Await(t.Context(), evaluate(tt.promise))
			var r *wasm.Rejection
			if !errors.As(err, &r) || r.Name != tt.name || err.Error() != tt.text {
				t.Errorf("got %#v (%v)", r, err)
			}
		})
	}
}

func TestExportPanic(t *testing.T) {
	t.Cleanup(removeFailure)
	release, err := wasm.Export("goPanic", func(_ context.Context, args []safejs.Value) (any, error) {
		if len(args) > 0 {
			return make(chan int), nil // no JavaScript value
		}
		panic("fell over")
	})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for call, want := range map[string]string{
		`goPanic().catch((e) => e instanceof Error && e.message)`: "panic: fell over",
		`goPanic(1).catch((e) => typeof e.message)`:               "string",
	} {
		v, err := wasm.Await(t.Context(), evaluate(call))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := v.String(); got != want {
			t.Errorf("%s: got %q, want %q", call, got, want)
		}
	}
}

func TestGoShowsPanicsAndGoesOn(t *testing.T) {
	wasm.Go(func(context.Context) error {
		add := func(tasks map[string]int) { tasks["a"] = 1 }
		add(nil)
		return nil
	})
	if text := waitForFailure(t); !strings.Contains(text, "assignment to entry in nil map") || strings.Contains(text, "goroutine") {
		t.Errorf("the page shows %q", text)
	}
	done := make(chan bool)
	wasm.Go(func(context.Context) error { close(done); return nil })
	<-done
}
