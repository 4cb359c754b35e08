//go:build !js

package wasm_test

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/forgego/forgego/wasm"
)

// In an app, files come from wasm.ListenFiles. Logic that takes them is tested without a page.
func ExampleFile_Bytes() {
	ctx := context.Background() // in an app, the one of the handler
	file := wasm.NewFile("notes.txt", "text/plain", []byte("Buy milk"))
	data, err := file.Bytes(ctx, 5<<20)
	fmt.Printf("%s: %s (%v)\n", file.Name, data, err)
	_, err = file.Bytes(ctx, 4)
	fmt.Println(err)
	// Output:
	// notes.txt: Buy milk (<nil>)
	// wasm: "notes.txt": the file is too large: it has 8 bytes, and the limit is 4
}

func ExampleFile_Reader() {
	ctx := context.Background() // in an app, the one of the handler
	file := wasm.NewFile("notes.txt", "text/plain", []byte("Buy milk"))
	var body bytes.Buffer // in an app, bridge.Reader(file.Reader(ctx)) is the body of a direct request
	n, err := io.Copy(&body, file.Reader(ctx))
	fmt.Println(n, err)
	// Output: 8 <nil>
}

// A handler may wait and return errors. The event is a js.Value or a wasm.Value.
func ExampleListen() {
	ctx := context.Background() // in an app, the one of wasm.Run
	var form wasm.Value         // for example from dom.GetWindow().Document().GetElementByID("form")
	stop := wasm.Listen(ctx, form, "submit", func(ctx context.Context, event wasm.Value) error {
		return save(ctx)
	}, wasm.WithPreventDefault(), wasm.WithSkipWhileRunning())
	defer stop()
}

func ExampleListenFiles() {
	ctx := context.Background() // in an app, the one of wasm.Run
	var input wasm.Value        // an <input type="file">
	wasm.ListenFiles(ctx, input, func(ctx context.Context, files []wasm.File) error {
		return upload(ctx, files[0])
	})
}

func ExampleOnError() {
	wasm.OnError(func(ctx context.Context, err error) {
		showStatus(err.Error())
	})
}

func save(context.Context) error { return nil }

func upload(context.Context, wasm.File) error { return nil }

func showStatus(string) {}
