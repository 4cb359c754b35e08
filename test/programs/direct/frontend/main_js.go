// Program frontend makes direct requests when the test asks for them by globalThis.run(name, …).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/test/harness/casepage"
	"github.com/forgego/forgego/wasm"
)

func main() {
	wasm.Run(func(ctx context.Context) error { return casepage.Export(ctx, "run", run) })
}

var (
	tokens = bridge.NewTokenCache(bridge.HostTokens())
	client = bridge.New(bridge.PageHost(), bridge.WithDirect(tokens))
)

// commands are what the test can ask for. Each returns a value that has a JSON form.
var commands = map[string]func(ctx context.Context, args []string) (any, error){
	"get":      get,
	"bodies":   bodies,
	"elements": elements,
	"refused": func(ctx context.Context, _ []string) (any, error) {
		return bridge.Get[string](bridge.NewContext(ctx, client), "backend", "/refused")
	},
	"big":     big,
	"cancel":  cancel,
	"events":  events,
	"abort":   abort,
	"count":   count,
	"steady":  steady,
	"forget":  func(_ context.Context, args []string) (any, error) { tokens.Forget(args[0]); return nil, nil },
	"tokens":  func(context.Context, []string) (any, error) { return tokens.Stats(), nil },
	"backoff": backoff,
}

func run(ctx context.Context, texts []string) (string, error) {
	result, err := commands[texts[0]](ctx, texts[1:])
	if err != nil {
		result = map[string]any{"error": err.Error(), "kind": kindOf(err)}
	}
	text, err := json.Marshal(result)
	return string(text), err
}

// kinds are the errors that the test distinguishes. If several match, the first one counts.
var kinds = []struct {
	name string
	kind error
}{
	{"blocked", bridge.ErrBlocked},
	{"network", bridge.ErrNetwork},
	{"invalid request", bridge.ErrInvalidRequest},
	{"invalid response", bridge.ErrInvalidResponse},
	{"unknown remote", bridge.ErrUnknownRemote},
	{"canceled", context.Canceled},
	{"rejected", bridge.ErrRejected},
}

func kindOf(err error) string {
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			return k.name
		}
	}
	return "other"
}

// get requests a path of a remote and returns the whole answer.
func get(ctx context.Context, args []string) (any, error) {
	resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), args[0], bridge.Request{Path: args[1]})
	if err != nil {
		return nil, err
	}
	text, err := resp.Text()
	return map[string]any{"status": resp.Status, "text": text, "type": resp.Header.Get("Content-Type"), "url": resp.URL}, err
}

// allBytes returns all 256 byte values, in an order that is not valid UTF-8.
func allBytes() []byte {
	b := make([]byte, 256*33)
	for i := range b {
		b[i] = byte(255 - i)
	}
	return b
}

// bodies sends each kind of body to the echo and reports the bodies that came back changed.
func bodies(ctx context.Context, _ []string) (any, error) {
	form := new(bridge.FormData)
	form.Field("name", "Grüße")
	form.File("image", "a b.bin", "", allBytes())
	wrong := []string{}
	for name, body := range map[string]bridge.Body{
		"bytes": bridge.Bytes(allBytes()), "stream": bridge.Reader(strings.NewReader(string(allBytes()))), "text": bridge.Text("Grüße 🎉"),
		"JSON": bridge.JSON("x"), "form data": form, "empty": bridge.Bytes(nil),
	} {
		want := map[string]string{"bytes": string(allBytes()), "stream": string(allBytes()), "text": "Grüße 🎉", "JSON": `"x"`, "form data": "name=Grüße;image=a b.bin:" + string(allBytes()), "empty": ""}[name]
		resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "backend", bridge.Request{Method: "POST", Path: "/echo", Body: body})
		if err != nil {
			return nil, err
		}
		got, err := resp.Bytes()
		if err != nil || string(got) != want || resp.Header.Get("X-Method") != "POST" {
			wrong = append(wrong, fmt.Sprintf("%s: %d bytes came back as %d (%v)", name, len(want), len(got), err))
		}
	}
	return wrong, nil
}

// big reads a body of many megabytes. It returns the body's length and the growth of the program's memory.
func big(ctx context.Context, args []string) (any, error) {
	before := memory()
	resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "backend", bridge.Request{Path: "/big?mb=" + args[0]})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	return map[string]any{"bytes": n, "grown": memory() - before}, err
}

func memory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

// cancel requests an endless answer and ends its context before, during or after a part of the body. It returns the time
// until the program got the error.
func cancel(ctx context.Context, args []string) (any, error) {
	page := ctx
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var ended time.Time
	end := func() { ended = time.Now(); stop() }
	switch args[0] {
	case "before":
		end()
	case "header":
		go func() {
			// Its answer comes when the backend has the request.
			resp, err := bridge.RequestRemote(bridge.NewContext(page, client), "backend", bridge.Request{Path: "/waiting"})
			if err != nil {
				fmt.Fprintln(os.Stderr, "/waiting:", err)
				return
			}
			_ = resp.Body.Close()
			end()
		}()
	}
	resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "backend", bridge.Request{Path: "/" + args[0]})
	if err == nil {
		buffer := make([]byte, 64<<10)
		if _, err = resp.Body.Read(buffer); err == nil {
			switch args[0] {
			case "body": // while the program waits for the next piece
				time.AfterFunc(100*time.Millisecond, end)
				_, err = io.Copy(io.Discard, resp.Body)
			case "idle": // while the program does not read
				end()
				_, err = io.Copy(io.Discard, resp.Body)
			case "close":
				ended = time.Now()
				_ = resp.Body.Close()
				_, err = resp.Body.Read(buffer)
			}
		}
	}
	return map[string]any{"ms": time.Since(ended).Milliseconds(), "kind": kindOf(err), "error": fmt.Sprint(err)}, nil
}

// elements reads the elements of an array that does not end. After the third it leaves the loop, or ends the context.
func elements(ctx context.Context, args []string) (any, error) {
	ctx, stop := context.WithCancel(bridge.NewContext(ctx, client))
	defer stop()
	var names []string
	kind := ""
	for element, err := range bridge.Stream[struct{ Name string }](ctx, "backend", bridge.Request{Path: "/elements"}) {
		if err != nil {
			kind = kindOf(err)
			continue
		}
		names = append(names, element.Name)
		if len(names) < 3 {
			continue
		}
		if args[0] == "leave" {
			break
		}
		stop()
	}
	return map[string]any{"names": names, "kind": kind}, nil
}

// events reads a given number of events.
func events(ctx context.Context, args []string) (any, error) {
	var n int
	_, _ = fmt.Sscan(args[0], &n)
	got := []string{}
	for event, err := range bridge.ServerSentEvents(bridge.NewContext(ctx, client), "backend", bridge.Request{Path: "/events"}) {
		if err != nil {
			return nil, err
		}
		got = append(got, event.ID+" "+event.Type+" "+event.Data)
		if len(got) == n {
			break
		}
	}
	return got, nil
}

// abort makes many calls at once. A tenth of them are aborted at some point.
func abort(ctx context.Context, args []string) (any, error) {
	var n int
	_, _ = fmt.Sscan(args[0], &n)
	var wg sync.WaitGroup
	turns := make(chan bool, 50)
	for i := range n {
		turns <- true
		wg.Go(func() {
			defer func() { <-turns }()
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			path := "/small"
			switch i % 20 {
			case 0:
				path = "/body"
			case 10:
				time.AfterFunc(time.Duration(i%7)*time.Millisecond, stop)
			}
			resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "backend", bridge.Request{Path: path})
			if err != nil {
				return
			}
			if i%20 == 0 {
				_, _ = resp.Body.Read(make([]byte, 10))
				_ = resp.Body.Close()
				return
			}
			_, _ = resp.Text()
		})
	}
	wg.Wait()
	return n, nil
}

// count returns the number of JavaScript values that the program refers to, and the number of its goroutines.
func count(ctx context.Context, _ []string) (any, error) {
	if js.Global().Get("testedGo").IsUndefined() {
		// The Go object becomes visible when it next resumes the program.
		js.Global().Call("eval", `{
			const resume = Go.prototype._resume;
			Go.prototype._resume = function () { globalThis.testedGo = this; Go.prototype._resume = resume; return this._resume() };
		}`)
	}
	turn := func() error {
		_, err := wasm.Await(ctx, safejs.Safe(js.Global().Get("Promise").Call("resolve")))
		return err
	}
	if err := turn(); err != nil {
		return nil, err
	}
	references := func() int { return js.Global().Get("testedGo").Get("_ids").Get("size").Int() }
	for before := -1; before != references(); { // a collection frees what the finalizers of the last one released
		before = references()
		runtime.GC()
		if err := turn(); err != nil { // finalizers run meanwhile
			return nil, err
		}
	}
	return map[string]int{"references": references(), "goroutines": runtime.NumGoroutine()}, nil
}

// steady makes calls of all kinds until the token has been renewed a given number of times. It returns the number of calls,
// the failed calls, and the cache's statistics.
func steady(ctx context.Context, args []string) (any, error) {
	renewals, err := strconv.Atoi(args[0])
	if err != nil {
		return nil, err
	}
	before := tokens.Stats()
	failures := []string{}
	calls := 0
	for ; tokens.Stats().Renewals-before.Renewals < renewals && len(failures) < 10; calls++ {
		request := bridge.Request{Path: "/small"}
		switch calls % 3 {
		case 1:
			request = bridge.Request{Method: "POST", Path: "/echo", Body: bridge.Bytes(allBytes())}
		case 2:
			request = bridge.Request{Path: "/big?mb=1"}
		}
		resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "backend", request)
		if err == nil {
			err = resp.Err()
		}
		if err == nil {
			_, err = resp.Bytes()
		}
		if err != nil {
			failures = append(failures, err.Error())
		}
	}
	after := tokens.Stats()
	return map[string]any{"calls": calls, "failures": failures, "waits": after.Waits - before.Waits, "renewals": after.Renewals - before.Renewals, "mints": after.Mints - before.Mints}, nil
}

// backoff calls a remote that does not exist, twice.
func backoff(ctx context.Context, args []string) (any, error) {
	before := tokens.Stats().Mints
	for range 2 {
		_, err := bridge.RequestRemote(bridge.NewContext(ctx, client), args[0], bridge.Request{Path: "/"})
		if kind := kindOf(err); kind != "unknown remote" {
			return nil, err
		}
	}
	return tokens.Stats().Mints - before, nil
}
