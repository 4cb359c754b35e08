//go:build !tinygo

package wasm_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/wasm"
)

// These tests need recover, which TinyGo does not have: for a panic, and for a JavaScript exception in Go.

func TestAwaitException(t *testing.T) {
	tests := map[string]struct{ promise, name, text string }{
		"then throws": {`({then() { throw new RangeError("far") }})`, "RangeError", "RangeError: far"},
		"no text":     {`Promise.reject(Object.create(null))`, "", ""},
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
	t.Cleanup(removeNotice)
	release, err := wasm.Export(t.Context(), "goPanic", func(_ context.Context, args []safejs.Value) (any, error) {
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

// somethingWrong is what the page shows for a panic.
const somethingWrong = "Something went wrong in the app. The browser’s console has the details."

func TestGoContinuesAfterPanic(t *testing.T) {
	shown := consoleErrors(t)
	wasm.Go(t.Context(), func(context.Context) error {
		add := func(tasks map[string]int) { tasks["a"] = 1 }
		add(nil)
		return nil
	})
	if text := waitForNotice(t); text != somethingWrong {
		t.Errorf("the page shows %q", text)
	}
	if text := shown(); !strings.Contains(text, "assignment to entry in nil map") {
		t.Errorf("the console has %q", text)
	}
	done := make(chan bool)
	wasm.Go(t.Context(), func(context.Context) error { close(done); return nil })
	<-done
}

// The promise must be rejected if the function ends its goroutine, or returns an error whose method panics.
func TestExportRejectsWithoutReturn(t *testing.T) {
	t.Cleanup(removeNotice)
	release, err := wasm.Export(t.Context(), "goGone", func(_ context.Context, args []safejs.Value) (any, error) {
		if len(args) > 0 {
			return nil, (*nilError)(nil)
		}
		runtime.Goexit()
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for call, want := range map[string]string{
		`goGone().catch((e) => e.message)`:  "runtime.Goexit",
		`goGone(1).catch((e) => e.message)`: "nil pointer dereference",
	} {
		v, err := wasm.Await(t.Context(), evaluate(call))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := v.String(); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", call, got, want)
		}
	}
}

// nilError is an error whose method panics for a nil pointer.
type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

func TestGoShowsErrorThatPanics(t *testing.T) {
	wasm.Go(t.Context(), func(context.Context) error { return (*nilError)(nil) })
	if text := waitForNotice(t); text != somethingWrong {
		t.Errorf("the page shows %q", text)
	}
}

// A panic is shown once, and not again when the error is passed on.
func TestPanicIsShownOnce(t *testing.T) {
	t.Cleanup(removeNotice)
	panicked := make(chan error, 1)
	release, err := wasm.Export(t.Context(), "goPanicOnce", func(context.Context, []safejs.Value) (any, error) { panic("fell over") })
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	shown := consoleErrors(t)
	wasm.Go(t.Context(), func(ctx context.Context) error {
		p := &wasm.PanicError{Value: "once"}
		for range 3 {
			shown := make(chan struct{})
			wasm.Go(t.Context(), func(context.Context) error {
				defer close(shown)
				return errors.Join(errors.New("it failed"), p)
			})
			<-shown
		}
		panicked <- p
		return p
	})
	<-panicked
	if _, err := wasm.Await(t.Context(), evaluate(`goPanicOnce().catch(() => {})`)); err != nil {
		t.Fatal(err)
	}
	if got := shown(); got != "it failed\npanic: once|panic: fell over" {
		t.Errorf("the page showed %q", got)
	}
}
