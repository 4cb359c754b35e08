package main

import (
	"context"
	"syscall/js"
	"time"

	"github.com/hack-pad/safejs"
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

// revokeTime is how long the bytes of a download are kept, because the browser reads them after the click.
const revokeTime = 10 * time.Second

// pickedIn returns the file that the user has picked, and clears the control, so that the same file can be picked again.
func pickedIn(input *dom.HTMLInputElement) (picked tasks.Picked, ok bool) {
	files := input.Get("files")
	if files.Length() == 0 {
		return picked, false
	}
	file := files.Index(0)
	input.SetValue("")
	return tasks.Picked{
		Name: file.Get("name").String(),
		Type: file.Get("type").String(),
		Size: int64(file.Get("size").Float()),
		Read: func(ctx context.Context) ([]byte, error) { return bytesOf(ctx, file) },
	}, true
}

// bytesOf returns the bytes of a JavaScript File.
func bytesOf(ctx context.Context, file js.Value) ([]byte, error) {
	buffer, err := wasm.Await(ctx, safejs.Safe(file.Call("arrayBuffer")))
	if err != nil {
		return nil, err
	}
	array := js.Global().Get("Uint8Array").New(safejs.Unsafe(buffer))
	data := make([]byte, array.Length())
	js.CopyBytesToGo(data, array)
	return data, nil
}

// save makes the browser save the bytes as a file. Its media type is application/octet-stream, so that the browser does not
// show or run it.
func save(doc dom.HTMLDocument, name string, data []byte) {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	blob := js.Global().Get("Blob").New([]any{array}, map[string]any{"type": "application/octet-stream"})
	url := js.Global().Get("URL").Call("createObjectURL", blob)
	link := doc.Underlying().Call("createElement", "a")
	link.Set("href", url)
	link.Set("download", name)
	link.Call("click")
	time.AfterFunc(revokeTime, func() { js.Global().Get("URL").Call("revokeObjectURL", url) })
}
