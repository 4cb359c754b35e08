package wasm_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"syscall/js"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/internal/page"
	"github.com/forgego/forgego/wasm"
)

// These tests run in a page, loaded by the shim: see "make test-js".

func evaluate(expression string) safejs.Value {
	return safejs.Safe(js.Global().Call("eval", expression))
}

func TestAwait(t *testing.T) {
	tests := map[string]struct{ promise, want string }{
		"fulfilled":       {`Promise.resolve("a")`, "a"},
		"later":           {`new Promise((resolve) => setTimeout(() => resolve("b")))`, "b"},
		"no promise":      {`"c"`, "c"},
		"a thenable":      {`({then(resolve) { resolve("d") }})`, "d"},
		"promise in it":   {`Promise.resolve(Promise.resolve("e"))`, "e"},
		"settles at once": {`({then(resolve) { resolve("f"); resolve("g") }})`, "f"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := wasm.Await(t.Context(), evaluate(tt.promise))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := v.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if v, err := wasm.Await(t.Context(), safejs.Undefined()); err != nil || !v.IsUndefined() {
		t.Errorf("undefined: got %v, %v", v, err)
	}
}

func TestAwaitRejection(t *testing.T) {
	tests := map[string]struct{ promise, name, message, text string }{
		"an error":             {`Promise.reject(new TypeError("no"))`, "TypeError", "no", "TypeError: no"},
		"text":                 {`Promise.reject("no")`, "", "no", "no"},
		"undefined":            {`Promise.reject()`, "", "undefined", "undefined"},
		"name is not a string": {`Promise.reject({name: 5, message: "m"})`, "", "m", "m"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := wasm.Await(t.Context(), evaluate(tt.promise))
			var r *wasm.Rejection
			if !errors.As(err, &r) || r.Name != tt.name || r.Message != tt.message || err.Error() != tt.text {
				t.Errorf("got %#v (%v)", r, err)
			}
		})
	}
}

func TestAwaitContextEnds(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	js.Global().Call("eval", `globalThis.held = new Promise((resolve) => { globalThis.letGo = resolve })`)
	ended := make(chan error)
	go func() {
		_, err := wasm.Await(ctx, evaluate("held"))
		ended <- err
	}()
	runtime.Gosched()
	cancel(cause)
	if err := <-ended; err != cause {
		t.Errorf("got %v, want the cause", err)
	}
	if _, err := wasm.Await(ctx, evaluate("held")); err != cause {
		t.Errorf("a context that has ended: got %v, want the cause", err)
	}
	// The promise settles after Await has returned.
	js.Global().Call("letGo", "late")
	v, err := wasm.Await(t.Context(), evaluate("held"))
	if got, _ := v.String(); got != "late" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAwaitConcurrent(t *testing.T) {
	later := evaluate(`(n) => new Promise((resolve, reject) => setTimeout(() => n % 2 ? reject(n) : resolve(n), n % 5))`)
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			promise, err := later.Invoke(i)
			if err != nil {
				t.Error(err)
				return
			}
			v, err := wasm.Await(t.Context(), promise)
			if i%2 == 1 {
				var r *wasm.Rejection
				if !errors.As(err, &r) {
					t.Errorf("promise %d: got the error %v, want a *Rejection", i, err)
				}
			} else if err != nil {
				t.Errorf("promise %d: %v", i, err)
			} else if n, _ := v.Int(); n != i {
				t.Errorf("promise %d: got %d", i, n)
			}
		})
	}
	wg.Wait()
}

func TestExport(t *testing.T) {
	release, err := wasm.Export(t.Context(), "goTest", func(ctx context.Context, args []safejs.Value) (any, error) {
		what, _ := args[0].String()
		switch what {
		case "wait":
			return wasm.Await(ctx, evaluate(`new Promise((resolve) => setTimeout(() => resolve("waited")))`))
		case "error":
			return nil, errors.New("refused")
		case "pass on":
			return wasm.Await(ctx, evaluate(`Promise.reject(Object.assign(new TypeError("passed"), {extra: 1}))`))
		}
		return map[string]any{"got": []any{what, len(args)}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ call, want string }{
		"result":           {`goTest("x", 2).then((r) => JSON.stringify(r))`, `{"got":["x",2]}`},
		"waits":            {`goTest("wait")`, "waited"},
		"error":            {`goTest("error").catch((e) => e instanceof Error && e.message)`, "refused"},
		"rejection passes": {`goTest("pass on").catch((e) => e.name + " " + e.message + " " + e.extra)`, "TypeError passed 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := wasm.Await(t.Context(), evaluate(tt.call))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := v.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if _, err := wasm.Export(t.Context(), "goTest", nil); err == nil {
		t.Error("Export of a name that exists returned no error")
	}
	release()
	if taken := js.Global().Get("goTest"); !taken.IsUndefined() {
		t.Errorf("after release, goTest is %v", taken)
	}
}

// notice returns the error that the page shows, or "".
func notice() string {
	text := js.Global().Get("document").Call("querySelector", ".forgego-notice p")
	if text.IsNull() {
		return ""
	}
	return text.Get("textContent").String()
}

func removeNotice() {
	js.Global().Call("eval", `document.querySelector(".forgego-notice")?.remove()`)
}

func waitForNotice(t *testing.T) string {
	t.Helper()
	t.Cleanup(removeNotice)
	for range 1000 {
		if text := notice(); text != "" {
			return text
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the page shows no error")
	return ""
}

// consoleErrors records the errors in the console from now on, without stacks, until the test ends.
func consoleErrors(t *testing.T) (errors func() string) {
	t.Helper()
	js.Global().Call("eval", `(() => {
		const original = console.error;
		globalThis.consoleErrors = [];
		console.error = (text) => { consoleErrors.push(text.split("\ngoroutine ")[0].trim()); };
		globalThis.restoreConsole = () => { console.error = original; };
	})()`)
	t.Cleanup(func() { js.Global().Call("restoreConsole") })
	return func() string { return js.Global().Call("eval", `consoleErrors.join("|")`).String() }
}

func TestGoShowsErrors(t *testing.T) {
	wasm.Go(t.Context(), func(context.Context) error { return errors.New("the disk is full") })
	if text := waitForNotice(t); !strings.Contains(text, "the disk is full") {
		t.Errorf("the page shows %q", text)
	}
}

// TestPageClose is the last test in this file, because afterwards the page's context has ended.
func TestPageClose(t *testing.T) {
	shown := consoleErrors(t)
	kept := make(chan error, 1)
	wasm.Go(page.Context(), func(ctx context.Context) error {
		js.Global().Call("eval", `dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true}))`)
		kept <- ctx.Err()
		return nil
	})
	if err := <-kept; err != nil {
		t.Errorf("pagehide of a page in the back/forward cache ended the context: %v", err)
	}

	ended := make(chan error, 1)
	wasm.Go(page.Context(), func(ctx context.Context) error {
		js.Global().Call("eval", `dispatchEvent(new PageTransitionEvent("pagehide"))`)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return ctx.Err()
	})
	if err := <-ended; err != wasm.ErrPageClosed {
		t.Errorf("the cause is %v, want ErrPageClosed", err)
	}
	// Another error is shown even now. So when the page shows that one, it would have shown the first one too.
	wasm.Go(page.Context(), func(context.Context) error { return errors.New("a later error") })
	waitForNotice(t)
	if got := shown(); got != "a later error" {
		t.Errorf("after the page was closed, it shows %q; want only the later error", got)
	}
}
