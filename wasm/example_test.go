//go:build !js

package wasm_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

// These examples run outside a page, so what needs one says so.

// The main function of a front end has one line.
func ExampleRun() {
	app := func(ctx context.Context) error {
		// Show the page, and add listeners with ctx.
		return nil
	}
	main := func() { wasm.Run(app) }
	_ = main
}

// A handler may wait and return errors. The event is a js.Value or a wasm.Value.
func ExampleListen() {
	ctx := context.Background() // in an app, the one of wasm.Run
	var form wasm.Value         // for example from dom.GetWindow().Document().GetElementByID("form")
	stop := wasm.Listen(ctx, form, "submit", func(ctx context.Context, event wasm.Value) error {
		return save(ctx)
	}, wasm.WithPreventDefault(), wasm.WithSkipWhileRunning())
	defer stop()
	// Output:
}

// All handlers of an app use its own client, because their contexts are children of the one given to Listen.
func ExampleListen_client() {
	app := func(ctx context.Context) error {
		client := bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens("/token")))
		ctx = bridge.NewContext(ctx, client)
		var button wasm.Value // an element
		wasm.Listen(ctx, button, "click", func(ctx context.Context, event wasm.Value) error {
			fmt.Println("it uses the app's client:", bridge.FromContext(ctx) == client)
			return nil
		})
		return nil
	}
	_ = app // wasm.Run(app)
}

// A search field shows the answer to the last key only: each event ends the context of the one before.
func ExampleWithNewestOnly() {
	ctx := context.Background() // in an app, the one of wasm.Run
	var field wasm.Value        // an <input>
	wasm.Listen(ctx, field, "input", func(ctx context.Context, event wasm.Value) error {
		return search(ctx)
	}, wasm.WithNewestOnly())
	// Output:
}

func ExampleListenFiles() {
	ctx := context.Background() // in an app, the one of wasm.Run
	var input wasm.Value        // an <input type="file">
	wasm.ListenFiles(ctx, input, func(ctx context.Context, files []wasm.File) error {
		return upload(ctx, files[0])
	})
	// Output:
}

// Go starts work that waits. Its errors are shown like those of handlers.
func ExampleGo() {
	ctx := context.Background() // in an app, the one of wasm.Run
	done := make(chan bool)
	wasm.Go(ctx, func(ctx context.Context) error {
		defer close(done)
		return save(ctx)
	})
	<-done
	fmt.Println("saved")
	// Output: saved
}

// The app shows errors itself, in words for people.
func ExampleOnError() {
	shown := make(chan bool)
	wasm.OnError(func(ctx context.Context, err error) {
		fmt.Println(bridge.Message(err))
		close(shown)
	})
	defer wasm.OnError(nil) // shows errors in the notice again
	ctx := context.Background()
	wasm.Go(ctx, func(ctx context.Context) error {
		_, err := bridge.Get[string](ctx, "tasks-api", "/name")
		return err
	})
	<-shown
	// Output: This page works only inside a product, such as Jira or Confluence.
}

// A panic ends one run of a handler only. The console has its stack.
func ExamplePanicError() {
	shown := make(chan bool)
	wasm.OnError(func(ctx context.Context, err error) {
		if p, ok := errors.AsType[*wasm.PanicError](err); ok {
			fmt.Println("a panic:", p.Value)
		}
		close(shown)
	})
	defer wasm.OnError(nil)
	wasm.Go(context.Background(), func(context.Context) error { panic("the map is nil") })
	<-shown
	// Output: a panic: the map is nil
}

// Await waits for a promise, such as that of navigator.clipboard.writeText("…").
func ExampleAwait() {
	ctx := context.Background() // in an app, the one of wasm.Run
	var promise wasm.Value
	_, err := wasm.Await(ctx, promise)
	if rejected, ok := errors.AsType[*wasm.Rejection](err); ok {
		fmt.Println("JavaScript says:", rejected.Message)
	}
	fmt.Println("not in a page:", err == wasm.ErrNoPage)
	// Output: not in a page: true
}

// In the page, add(1, 2) is a promise of 3.
func ExampleExport() {
	ctx := context.Background() // in an app, the one of wasm.Run
	stop, err := wasm.Export(ctx, "add", func(ctx context.Context, args []wasm.Value) (any, error) {
		if len(args) != 2 {
			return nil, errors.New("add takes two numbers")
		}
		return sum(args[0], args[1])
	})
	defer stop()
	fmt.Println("not in a page:", err == wasm.ErrNoPage)
	// Output: not in a page: true
}

func save(context.Context) error { return nil }

func search(context.Context) error { return nil }

func upload(context.Context, wasm.File) error { return nil }

// sum stands for args[0].Int() and so on: outside a page a Value has no methods.
func sum(wasm.Value, wasm.Value) (int, error) { return 3, nil }
