// Program app is the program that the tests of the shim load. Its first argument selects what it does. Without an argument
// it only reports that it runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall/js"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
	"github.com/forgego/forgego/wasm"
)

func main() {
	mode := ""
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	switch mode {
	case "":
		tell("app", "runs")
		wasm.Run(func(context.Context) error { return nil })
	case "return":
	case "exit":
		os.Exit(3)
	case "panic":
		go func() { panic("the disk is full") }()
		select {}
	case "fail":
		export()
		wasm.Run(func(context.Context) error { return errors.New("the disk is full") })
	case "events":
		wasm.Run(events)
	case "handlers":
		wasm.Run(handlers)
	case "a token source that panics":
		export()
		wasm.Run(panickingSource)
	case "fetch":
		wasm.Run(fetch)
	case "document":
		wasm.Run(func(ctx context.Context) error {
			js.Global().Get("document").Call("createElement", "p")
			return nil
		})
	case "export":
		wasm.Run(func(ctx context.Context) error {
			_, err := wasm.Export(ctx, "f", func(context.Context, []wasm.Value) (any, error) { return nil, nil })
			return err
		})
	case "export to a module":
		wasm.Run(func(ctx context.Context) error {
			wasm.ExportFunc(ctx, "f", func(context.Context, struct{}) (string, error) { return "", nil })
			return nil
		})
	case "notice":
		wasm.Run(func(ctx context.Context) error {
			wasm.Go(ctx, func(context.Context) error { return errors.New("the title is missing") })
			return nil
		})
	case "call":
		wasm.Run(func(ctx context.Context) error { return call(ctx, os.Args[2]) })
	case "early":
		wasm.Run(early)
	case "many":
		wasm.Run(many)
	case "cancel":
		wasm.Run(cancel)
	}
}

// tell stores a text for the test, as globalThis[name] of the page.
func tell(name, text string) {
	if !js.Global().Get("WorkerGlobalScope").Truthy() {
		js.Global().Set(name, text)
		return
	}
	if channel.IsUndefined() {
		channel = js.Global().Get("BroadcastChannel").New("tell")
	}
	channel.Call("postMessage", name+"="+text)
}

// channel leads to the page from a worker.
var channel js.Value

// export defines a function in the page that shows that the program still runs.
func export() {
	js.Global().Set("stillThere", js.FuncOf(func(js.Value, []js.Value) any { return "yes" }))
}

// panickingSource reports the results of a call and of the next call, with a token source that panics once.
func panickingSource(ctx context.Context) error {
	panicked := false
	cache := bridge.NewTokenCache(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		if !panicked {
			panicked = true
			panic("the disk is full")
		}
		return bridge.Token{Value: secret.New("x"), ExpiresAt: time.Now().Add(time.Hour)}, nil
	}))
	if _, err := cache.Token(ctx, "remote"); err != nil {
		tell("first", err.Error())
	}
	for {
		if _, err := cache.Token(ctx, "remote"); err == nil {
			tell("next", "works")
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// call makes calls one after the other and reports the host's answers.
func call(ctx context.Context, key string) error {
	all := ""
	for i := range 20 {
		response, err := bridge.RequestRemote(ctx, key, bridge.Request{Path: "/" + strconv.Itoa(i)})
		if errors.Is(err, bridge.ErrNoBridge) {
			tell("answers_"+key, "no bridge: "+err.Error())
			return nil
		}
		if err != nil {
			return err
		}
		text, err := response.Text()
		if err != nil {
			return err
		}
		all += text + " "
	}
	tell("answers_"+key, all)
	return nil
}

// fetch makes requests that the page itself sends: one that its policy allows, and one that it forbids.
func fetch(ctx context.Context) error {
	for name, url := range map[string]string{"allowed": os.Args[2], "forbidden": "https://elsewhere.example/"} {
		response, err := bridge.PageFetcher().Fetch(ctx, bridge.FetchRequest{Method: "GET", URL: url})
		if err != nil {
			tell(name, err.Error())
			continue
		}
		text, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		tell(name, string(text))
	}
	return nil
}

// early makes a call twice, and then some calls that differ from it in one thing each.
func early(ctx context.Context) error {
	all := ""
	for _, request := range []bridge.Request{
		{Path: "/a", Header: bridge.Header{"X-A": {"1"}}},
		{Path: "/a", Method: "DELETE"},
		{Path: "/b"},
		{Path: "/a"},
		{Path: "/a", Method: "GET"},
	} {
		response, err := bridge.RequestRemote(ctx, "remote", request)
		if err != nil {
			return err
		}
		text, err := response.Text()
		if err != nil {
			return err
		}
		all += text + " "
	}
	_, err := bridge.HostTokens().Token(ctx, "remote")
	tell("answers", all+err.Error())
	return nil
}

// many makes 1,000 calls at once and reports how many got their own answer.
func many(ctx context.Context) error {
	const calls = 1000
	var wg sync.WaitGroup
	right := make(chan bool, calls)
	for i := range calls {
		wg.Go(func() {
			path := "/" + strconv.Itoa(i)
			response, err := bridge.RequestRemote(ctx, "key", bridge.Request{Method: "POST", Path: path, Body: bridge.Text(path)})
			if err != nil {
				right <- false
				return
			}
			text, err := response.Text()
			right <- err == nil && text == path+path && response.Status == 200+i%4
		})
	}
	wg.Wait()
	close(right)
	n := 0
	for ok := range right {
		if ok {
			n++
		}
	}
	tell("result", fmt.Sprintf("%d of %d", n, calls))
	return nil
}

// cancel makes calls that end before their answers arrive, and reports what is left of them.
func cancel(ctx context.Context) error {
	// The first calls create objects that stay: buffers and the goroutine for the page's events.
	if err := canceledCalls(ctx, 100); err != nil {
		return err
	}
	goroutines, heap := runtime.NumGoroutine(), heapObjects()
	const calls = 5000
	if err := canceledCalls(ctx, calls); err != nil {
		return err
	}
	tell("goroutines", strconv.Itoa(runtime.NumGoroutine()-goroutines))
	// Each call that is not freed would keep at least one object.
	tell("objects", strconv.FormatFloat(float64(heapObjects()-heap)/calls, 'f', 1, 64))
	tell("result", "canceled")
	return nil
}

func canceledCalls(ctx context.Context, n int) error {
	cause := errors.New("the user went on")
	for range n {
		ctx, cancel := context.WithCancelCause(ctx)
		done := make(chan error)
		sent := js.Global().Get("sent").Int()
		go func() {
			_, err := bridge.RequestRemote(ctx, "slow", bridge.Request{Path: "/"})
			done <- err
		}()
		for js.Global().Get("sent").Int() == sent {
			runtime.Gosched()
		}
		cancel(cause)
		if err := <-done; !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
			return fmt.Errorf("a canceled call returned %w", err)
		}
	}
	// The host answers the waiting calls when it receives this one.
	_, err := bridge.RequestRemote(ctx, "answer the others", bridge.Request{Path: "/"})
	return err
}

func heapObjects() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapObjects)
}
