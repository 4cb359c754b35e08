//go:build !js

package wasm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

// Tests make the files that the user would pick.
func ExampleNewFile() {
	file := wasm.NewFile("notes.txt", "text/plain", []byte("Buy milk"))
	fmt.Printf("%s, %s, %d bytes\n", file.Name, file.Type, file.Size)
	// Output: notes.txt, text/plain, 8 bytes
}

// Files returns the files of an input, for example when its form is sent. ListenFiles needs no Files.
func ExampleFiles() {
	var input wasm.Value // an <input type="file">
	for _, file := range wasm.Files(input) {
		fmt.Println(file.Name)
	}
	fmt.Println("no files outside a page")
	// Output: no files outside a page
}

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

// The address is for the src of an image or the href of a link. The browser keeps the content until stop is called.
func ExampleFile_URL() {
	report := wasm.NewFile("report.csv", "text/csv", []byte("task,done\n"))
	_, stop, err := report.URL()
	defer stop()
	fmt.Println("not in a page:", err == wasm.ErrNoPage)
	// Output: not in a page: true
}

// A handler returns the error, and the page shows its message.
func ExampleFileError() {
	picture := wasm.NewFile("cat.png", "image/png", make([]byte, 6<<20))
	_, err := picture.Bytes(context.Background(), 5<<20)
	fmt.Println(errors.Is(err, wasm.ErrFileTooLarge))
	fmt.Println(bridge.Message(err))
	// Output:
	// true
	// “cat.png” is too large: it has 6 MB, and the limit is 5 MB.
}
