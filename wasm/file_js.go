package wasm

import (
	"context"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// content is a file's content: a JavaScript Blob.
type content = js.Value

func files(source any) []File {
	v := valueOf(source)
	if isObject(v) && v.Get("files").IsUndefined() {
		for _, name := range []string{"dataTransfer", "clipboardData"} {
			if transfer := v.Get(name); isObject(transfer) {
				v = transfer
			}
		}
	}
	if isObject(v) && isObject(v.Get("files")) {
		v = v.Get("files")
	}
	switch {
	case !isObject(v):
		return nil
	case v.InstanceOf(js.Global().Get("Blob")):
		return []File{fileOf(v)}
	case !v.InstanceOf(js.Global().Get("FileList")):
		return nil
	}
	var all []File
	for i := range v.Length() {
		all = append(all, fileOf(v.Index(i)))
	}
	return all
}

func fileOf(blob js.Value) File {
	f := File{Type: blob.Get("type").String(), Size: int64(blob.Get("size").Float()), content: blob}
	if name := blob.Get("name"); name.Type() == js.TypeString {
		f.Name = name.String()
	}
	return f
}

func listenFiles(ctx context.Context, target any, handler func(ctx context.Context, files []File) error, options []ListenOption) (stop func()) {
	take := func(ctx context.Context, files []File) error {
		if files == nil {
			return nil
		}
		return handler(ctx, files)
	}
	if t := valueOf(target); isObject(t) && t.Get("type").Equal(js.ValueOf("file")) {
		var picked []File // the handler starts before the next event
		return listenWith(ctx, target, "change", func(ctx context.Context, _ js.Value) error {
			return take(ctx, picked)
		}, options, hooks{before: func(js.Value) {
			picked = files(t)
			t.Set("value", "")
		}})
	}
	stopOver := listenWith(ctx, target, "dragover", func(context.Context, js.Value) error { return nil }, nil, hooks{before: claim})
	return listenWith(ctx, target, "drop", func(ctx context.Context, event js.Value) error {
		return take(ctx, files(event))
	}, options, hooks{before: claim, stopped: stopOver})
}

// claim keeps the browser from opening the files of a drag itself.
func claim(drag js.Value) {
	if drag.Get("dataTransfer").Get("types").Call("includes", "Files").Bool() {
		drag.Call("preventDefault")
	}
}

func newFile(name, contentType string, data []byte) File {
	options := map[string]any{"type": contentType}
	return fileOf(js.Global().Get("File").New([]any{bytesToJS(data)}, name, options))
}

func (f File) url() (url string, stop func(), err error) {
	class := js.Global().Get("URL")
	v := class.Call("createObjectURL", f.content)
	return v.String(), func() { class.Call("revokeObjectURL", v) }, nil
}

// read returns a part of the content.
func (f File) read(ctx context.Context, from, to int64) ([]byte, error) {
	buffer, err := awaitSafe(ctx, safejs.Safe(f.content.Call("slice", from, to).Call("arrayBuffer")))
	if err != nil {
		return nil, err
	}
	array := js.Global().Get("Uint8Array").New(safejs.Unsafe(buffer))
	data := make([]byte, array.Length())
	js.CopyBytesToGo(data, array)
	return data, nil
}

func bytesToJS(data []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}
