package wasm

import (
	"context"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// content is a file's content: a JavaScript Blob.
type content = js.Value

// Files returns the files of an <input type="file">, of a drop or paste event, of a FileList, a File or a Blob. source is
// a value as for [Listen]. The files of a drop or paste must be taken before the handler first waits. If there are none,
// Files returns nil.
func Files(source any) []File {
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
	var files []File
	for i := range v.Length() {
		files = append(files, fileOf(v.Index(i)))
	}
	return files
}

func fileOf(blob js.Value) File {
	f := File{Type: blob.Get("type").String(), Size: int64(blob.Get("size").Float()), content: blob}
	if name := blob.Get("name"); name.Type() == js.TypeString {
		f.Name = name.String()
	}
	return f
}

// ListenFiles calls handler with the files that the user picks in an <input type="file">, or drops on any other element.
// It is not called without files. A picked file can be picked again, because the input is cleared. Otherwise it is as
// [Listen].
//
//	wasm.ListenFiles(input, func(ctx context.Context, files []wasm.File) error {
//		return upload(ctx, files[0])
//	})
func ListenFiles(target any, handler func(ctx context.Context, files []File) error, options ...ListenOption) (stop func()) {
	take := func(ctx context.Context, files []File) error {
		if files == nil {
			return nil
		}
		return handler(ctx, files)
	}
	if t := valueOf(target); isObject(t) && t.Get("type").Equal(js.ValueOf("file")) {
		var picked []File // the handler starts before the next event
		return listen(target, "change", func(ctx context.Context, _ js.Value) error {
			return take(ctx, picked)
		}, options, hooks{before: func(js.Value) {
			picked = Files(t)
			t.Set("value", "")
		}})
	}
	stopOver := listen(target, "dragover", func(context.Context, js.Value) error { return nil }, nil, hooks{before: claim})
	return listen(target, "drop", func(ctx context.Context, event js.Value) error {
		return take(ctx, Files(event))
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

// URL returns an address of the content for this page, such as for an image or a link, until release is called. It needs
// no memory in the program. Outside a page it returns [ErrNoPage].
func (f File) URL() (url string, release func(), err error) {
	class := js.Global().Get("URL")
	v := class.Call("createObjectURL", f.content)
	return v.String(), func() { class.Call("revokeObjectURL", v) }, nil
}

// read returns a part of the content.
func (f File) read(ctx context.Context, from, to int64) ([]byte, error) {
	buffer, err := await(ctx, safejs.Safe(f.content.Call("slice", from, to).Call("arrayBuffer")))
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
