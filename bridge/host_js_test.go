package bridge_test

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

// These tests run in a page that the shim loads, with a stub of the product's bridge: see "make test-js".

// stubBridge sets callBridge to the value of a JavaScript expression, until the test ends.
func stubBridge(t *testing.T, callBridge string) {
	t.Helper()
	js.Global().Set("__bridge", js.Global().Call("eval", "({callBridge: "+callBridge+", calls: 0})"))
	t.Cleanup(func() { js.Global().Delete("__bridge") })
}

func request(t *testing.T, body bridge.Body) (*bridge.Response, error) {
	t.Helper()
	return bridge.RequestRemote(t.Context(), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: body})
}

func TestPageWithoutBridge(t *testing.T) {
	_, err := request(t, nil)
	if !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("got %v, want ErrNoBridge", err)
	}
}

func TestPageBridgeLoadsLate(t *testing.T) {
	if _, err := request(t, nil); !errors.Is(err, bridge.ErrNoBridge) {
		t.Fatalf("got %v, want ErrNoBridge", err)
	}
	stubBridge(t, `async () => ({status: 200})`)
	if _, err := request(t, nil); err != nil {
		t.Error(err)
	}
}

func TestPageEcho(t *testing.T) {
	stubBridge(t, `async (command, payload) => ({
		status: 201, statusText: "Created", headers: {"x-command": command, "x-key": payload.remoteKey}, body: payload.fetchRequestInit.body,
	})`)
	bodies := map[string]string{
		"empty":         "",
		"ASCII":         "hello",
		"Unicode":       "Grüße, 世界 🎉",
		"NUL and BOM":   "\uFEFFa\x00b",
		"quotes":        `{"a":"\"\\"}`,
		"a megabyte":    strings.Repeat("0123456789abcdef", 1<<16),
		"wide, in size": strings.Repeat("世", 1<<18),
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			r, err := request(t, bridge.Text(body))
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Bytes()
			if string(got) != body || err != nil {
				t.Errorf("%d bytes are returned as %d (%v)", len(body), len(got), err)
			}
			if r.Status != 201 || r.StatusText != "Created" || r.Header.Get("X-Command") != "fetchRemote" || r.Header.Get("X-Key") != "tasks-api" {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestPageHostErrors(t *testing.T) {
	tests := map[string]struct {
		callBridge string
		want       bridge.HostError
	}{
		"rejects":             {`async () => { throw Object.assign(new RangeError("too far"), {code: "E_FAR"}) }`, bridge.HostError{Name: "RangeError", Message: "too far", Code: "E_FAR"}},
		"throws":              {`() => { throw new Error("at once") }`, bridge.HostError{Name: "Error", Message: "at once"}},
		"a number as code":    {`async () => { throw Object.assign(new Error("m"), {code: 42}) }`, bridge.HostError{Name: "Error", Message: "m", Code: "42"}},
		"a string":            {`async () => { throw "just text" }`, bridge.HostError{Message: "just text"}},
		"undefined":           {`() => Promise.reject()`, bridge.HostError{Message: "undefined"}},
		"an object":           {`async () => { throw {message: "plain", name: "Plain"} }`, bridge.HostError{Name: "Plain", Message: "plain"}},
		"cannot be read":      {`async () => { throw {get message() { throw new Error() }} }`, bridge.HostError{Message: "the host's error cannot be read"}},
		"answers with itself": {`async () => { const a = {status: 200, headers: {}}; a.headers.a = a; return a }`, bridge.HostError{Name: "TypeError"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			stubBridge(t, tt.callBridge)
			_, err := request(t, nil)
			var got *bridge.HostError
			if !errors.Is(err, bridge.ErrRejected) || !errors.As(err, &got) {
				t.Fatalf("got %v, want ErrRejected", err)
			}
			if tt.want.Message == "" {
				got.Message = "" // the text is the browser's
			}
			if *got != tt.want {
				t.Errorf("got %+v, want %+v", *got, tt.want)
			}
		})
	}
}

func TestPageInvalidAnswers(t *testing.T) {
	for _, answer := range []string{"undefined", "null", "5", "'text'", "[]", "{}", "{status: 999}", "{status: '200'}", "{status: 200, body: {}}",
		"{status: 204, body: 'x'}", "{status: 200, headers: 5}", "() => 1", "Symbol()"} {
		t.Run(answer, func(t *testing.T) {
			stubBridge(t, `async () => (`+answer+`)`)
			if _, err := request(t, nil); !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("got %v, want ErrInvalidResponse", err)
			}
		})
	}
}

// TestPagePayload checks that a payload that is not one JSON value is refused before anything is sent.
func TestPagePayload(t *testing.T) {
	stubBridge(t, `async () => { __bridge.calls++; }`)
	for _, payload := range []string{"{", "1,2", "1],[2", ",", "1,", " "} {
		if _, err := bridge.PageHost().Call(t.Context(), bridge.Call{Command: "x", Payload: []byte(payload)}); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("%q: got %v, want ErrRejected", payload, err)
		}
	}
	if n := js.Global().Get("__bridge").Get("calls").Int(); n != 0 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestPageFetchHeader checks that the error names a header that HTTP forbids.
func TestPageFetchHeader(t *testing.T) {
	_, err := bridge.PageFetcher().Fetch(t.Context(), bridge.FetchRequest{Method: "GET", URL: "./a", Header: bridge.Header{"X-A": {"1\n2"}}})
	if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), "Header X-A") {
		t.Errorf("got %v", err)
	}
}

func TestPageManyAtOnce(t *testing.T) {
	// Answers arrive in another order than the calls, some at once and some later.
	stubBridge(t, `(command, payload) => new Promise((resolve) => {
		const n = Number(payload.fetchRequestInit.body);
		const answer = () => resolve({status: 200, body: "answer " + n});
		n % 3 ? setTimeout(answer, n % 7) : answer();
	})`)
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			r, err := request(t, bridge.Text(strconv.Itoa(i)))
			if err != nil {
				t.Error(err)
				return
			}
			if got, _ := r.Text(); got != "answer "+strconv.Itoa(i) {
				t.Errorf("call %d got %q", i, got)
			}
		})
	}
	wg.Wait()
}

func TestPageAnswersDoNotOverlap(t *testing.T) {
	stubBridge(t, `async (command, payload) => ({status: 200, body: payload.fetchRequestInit.body})`)
	results := make([][]byte, 3)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			r, err := request(t, bridge.Text(strconv.Itoa(i)))
			if err != nil {
				t.Error(err)
				return
			}
			results[i], _ = r.Bytes()
		})
	}
	wg.Wait()
	for _, b := range results {
		_ = append(b, "overwritten"...)
	}
	for i, b := range results {
		if string(b) != strconv.Itoa(i) {
			t.Errorf("answer %d is %q", i, b)
		}
	}
}

func TestPageCancel(t *testing.T) {
	// The stub holds the answer back until the test releases it.
	stubBridge(t, `() => new Promise((resolve) => { globalThis.__bridge.release = () => resolve({status: 200, body: "late"}) })`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{Path: "/"})
		ended <- err
	}()
	for js.Global().Get("__bridge").Get("release").IsUndefined() {
		runtime.Gosched()
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	js.Global().Get("__bridge").Call("release")
	// The late answer is discarded, and the next call gets its own.
	stubBridge(t, `async () => ({status: 200, body: "mine"})`)
	r, err := request(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := r.Text(); got != "mine" {
		t.Errorf("got %q", got)
	}
	if n := bridge.WaitingCalls(); n != 0 {
		t.Errorf("%d calls are still pending", n)
	}
}

func TestPageDeadline(t *testing.T) {
	stubBridge(t, `() => new Promise(() => {})`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{Path: "/"})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
	if n := bridge.WaitingCalls(); n != 0 {
		t.Errorf("%d calls are still pending", n)
	}
}

// TestPageDoesNotLeak counts what a call could leave behind: goroutines, waiting calls, and references to JavaScript
// values, which wasm_exec.js keeps in one array.
func TestPageDoesNotLeak(t *testing.T) {
	stubBridge(t, `async (command, payload) => {
		if (payload.fetchRequestInit.body === "fail") throw new Error("no");
		return {status: 200, body: "x", headers: {a: "b"}};
	}`)
	calls := func(n int) {
		for i := range n {
			body := "ok"
			if i%2 == 1 {
				body = "fail"
			}
			ctx, cancel := context.WithCancel(t.Context())
			if i%10 == 0 {
				time.AfterFunc(0, cancel)
			}
			_, _ = bridge.RequestRemote(ctx, "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.Text(body)})
			cancel()
		}
	}
	count := func() (references, goroutines int) {
		runtime.GC() // finalizers release the references of dead js.Values
		runtime.GC()
		calls(1) // to the event loop and back, so that the finalizers run
		return liveReferences(), runtime.NumGoroutine()
	}
	calls(100)
	references, goroutines := count()
	calls(2000)
	if r, g := count(); r > references || g > goroutines {
		t.Errorf("2,000 calls left %d references and %d goroutines", r-references, g-goroutines)
	}
	if n := bridge.WaitingCalls(); n != 0 {
		t.Errorf("%d calls are still pending", n)
	}
}

// liveReferences returns the number of JavaScript values that the program holds, in the table of wasm_exec.js.
func liveReferences() int {
	if js.Global().Get("testedGo").IsUndefined() {
		// The Go object becomes visible when it next resumes the program.
		js.Global().Call("eval", `{
			const resume = Go.prototype._resume;
			Go.prototype._resume = function () {
				globalThis.testedGo = this;
				Go.prototype._resume = resume;
				return this._resume();
			};
		}`)
		// A Go function resumes the program under both compilers; a timer does not.
		called := make(chan bool)
		f := js.FuncOf(func(js.Value, []js.Value) any { close(called); return nil })
		defer f.Release()
		js.Global().Call("setTimeout", f)
		<-called
	}
	return js.Global().Get("testedGo").Get("_ids").Get("size").Int()
}

// TestPageAnswersOfAllSizes tests answers of one tick that the shim delivers together, alone, and just at the limit.
func TestPageAnswersOfAllSizes(t *testing.T) {
	stubBridge(t, `async (command, payload) => ({status: 200, statusText: "OK", body: payload.fetchRequestInit.body})`)
	var wg sync.WaitGroup
	for _, character := range []string{"x", "ü", "世", "🎉"} {
		for _, size := range []int{0, 1, 1 << 10, 21700, 21800, 21845, 21846, 30000, 65000, 65536, 1 << 20} {
			body := strings.Repeat(character, size)
			wg.Go(func() {
				r, err := request(t, bridge.Text(body))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := r.Text(); got != body || err != nil {
					t.Errorf("%d × %q was returned as %d bytes (%v)", size, character, len(got), err)
				}
			})
		}
	}
	wg.Wait()
}

// TestPageLargeAnswers tests large answers with more bytes than characters, so that they do not fit into the first
// memory. The extra bytes are in the body, or before it.
func TestPageLargeAnswers(t *testing.T) {
	stubBridge(t, `async (command, payload) => {
		const {body, path} = payload.fetchRequestInit;
		return {status: 200, headers: {"x-large": path === "/header" ? body : ""}, body: path === "/header" ? "xyz" : body};
	}`)
	ascii := strings.Repeat("x", 100_000)
	for name, text := range map[string]string{
		"one wide character at the end":       ascii + "世",
		"one wide character at the beginning": "世" + ascii,
		"a pair at the end":                   ascii + "🎉",
		"a byte order mark":                   "\ufeff" + ascii,
		"half and half":                       ascii + strings.Repeat("ü", 100_000),
		"an even number of characters":        strings.Repeat("ü", 100_000),
		"an odd number of characters":         strings.Repeat("ü", 100_001),
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/body", "/header"} {
				r, err := bridge.RequestRemote(t.Context(), "tasks-api", bridge.Request{Method: "POST", Path: path, Body: bridge.Text(text)})
				if path == "/header" && strings.ContainsAny(text, "世🎉\ufeff") {
					if !errors.Is(err, bridge.ErrInvalidResponse) {
						t.Errorf("a header that HTTP forbids: got %v", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				wantHeader, wantBody := "", text
				if path == "/header" {
					wantHeader, wantBody = text, "xyz"
				}
				if got := r.Header.Get("X-Large"); got != wantHeader {
					t.Errorf("%s: the header has %d bytes, want %d", path, len(got), len(wantHeader))
				}
				if got, err := r.Bytes(); string(got) != wantBody || err != nil {
					t.Errorf("%s: the body has %d bytes, want %d (%v)", path, len(got), len(wantBody), err)
				}
			}
		})
	}
}

// TestPageMemoryGrows lets the program's memory grow during calls, which detaches JavaScript's views of it.
func TestPageMemoryGrows(t *testing.T) {
	stubBridge(t, `async (command, payload) => ({status: 200, body: payload.fetchRequestInit.body})`)
	var kept [][]byte
	for i := range 20 {
		kept = append(kept, make([]byte, 4<<20))
		kept[i][0] = 1
		want := "call " + strconv.Itoa(i)
		r, err := request(t, bridge.Text(want))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := r.Text(); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	runtime.KeepAlive(kept)
}
