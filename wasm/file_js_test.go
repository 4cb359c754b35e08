package wasm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"syscall/js"
	"testing"

	"github.com/forgego/forgego/wasm"
)

// large is more than two pieces of a file.
var large = bytes.Repeat([]byte("0123456789abcdef"), 40_000)

// fileList returns a JavaScript FileList.
func fileList(files ...string) js.Value {
	transfer := js.Global().Get("DataTransfer").New()
	for _, name := range files {
		array := js.Global().Get("Uint8Array").New(len(large))
		js.CopyBytesToJS(array, large)
		file := js.Global().Get("File").New([]any{array}, name, map[string]any{"type": "image/png"})
		transfer.Get("items").Call("add", file)
	}
	return transfer.Get("files")
}

// input returns an <input type="file"> in which the user has picked files.
func input(t *testing.T, files ...string) js.Value {
	t.Helper()
	e := js.Global().Get("document").Call("createElement", "input")
	e.Set("type", "file")
	e.Set("multiple", true)
	e.Set("files", fileList(files...))
	js.Global().Get("document").Get("body").Call("append", e)
	t.Cleanup(func() { e.Call("remove") })
	return e
}

func TestFiles(t *testing.T) {
	picked := input(t, "a.png", "b.png")
	drop := js.Global().Call("eval", `(files) => {
		const event = new DragEvent("drop", { dataTransfer: new DataTransfer() });
		for (const file of files) event.dataTransfer.items.add(file);
		return event;
	}`).Invoke(picked.Get("files"))
	for name, tt := range map[string]struct {
		source any
		want   []string
	}{
		"an input":             {picked, []string{"a.png", "b.png"}},
		"a list":               {picked.Get("files"), []string{"a.png", "b.png"}},
		"a drop":               {drop, []string{"a.png", "b.png"}},
		"a file":               {picked.Get("files").Index(1), []string{"b.png"}},
		"a blob":               {js.Global().Get("Blob").New(), []string{""}},
		"an empty input":       {input(t), nil},
		"another event":        {js.Global().Get("Event").New("click"), nil},
		"an element":           {js.Global().Get("document").Get("body"), nil},
		"nothing":              {nil, nil},
		"null":                 {js.Null(), nil},
		"files without a list": {js.ValueOf(map[string]any{"files": []any{1}}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			files := wasm.Files(tt.source)
			if len(files) != len(tt.want) {
				t.Fatalf("got %d files, want %d", len(files), len(tt.want))
			}
			for i, f := range files {
				if f.Name != tt.want[i] {
					t.Errorf("file %d has the name %q, want %q", i, f.Name, tt.want[i])
				}
			}
		})
	}
}

func TestFileContent(t *testing.T) {
	f := wasm.Files(input(t, "a.png"))[0]
	if f.Type != "image/png" || f.Size != int64(len(large)) {
		t.Errorf("got the type %q and the size %d", f.Type, f.Size)
	}
	if data, err := f.Bytes(t.Context(), f.Size); err != nil || !bytes.Equal(data, large) {
		t.Errorf("Bytes returns %d bytes, %v", len(data), err)
	}
	if data, err := io.ReadAll(f.Reader(t.Context())); err != nil || !bytes.Equal(data, large) {
		t.Errorf("Reader returns %d bytes, %v", len(data), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := f.Reader(ctx)
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	cancel()
	if _, err := io.ReadAll(r); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context has ended: %v", err)
	}
}

// A file that is too large is not read.
func TestFileTooLarge(t *testing.T) {
	list := fileList("a.png")
	js.Global().Call("eval", `(file) => { file.slice = file.arrayBuffer = () => { throw new Error("the file was read"); }; }`).Invoke(list.Index(0))
	_, err := wasm.Files(list)[0].Bytes(t.Context(), 1000)
	var failed *wasm.FileError
	if !errors.Is(err, wasm.ErrFileTooLarge) || !errors.As(err, &failed) || failed.Name != "a.png" ||
		err.Error() != `wasm: "a.png": the file is too large: it has 640000 bytes, and the limit is 1000` {
		t.Errorf("got %v", err)
	}
}

// The browser cannot read a file that has changed since it was picked.
func TestFileCannotBeRead(t *testing.T) {
	list := fileList("a.png")
	js.Global().Call("eval", `(file) => {
		file.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) });
	}`).Invoke(list.Index(0))
	_, err := wasm.Files(list)[0].Bytes(t.Context(), 1<<20)
	var r *wasm.Rejection
	if !errors.As(err, &r) || err.Error() != `wasm: "a.png": NotReadableError: gone` {
		t.Errorf("got %v", err)
	}
}

// A file that ends early is not taken for a whole one.
func TestFileIsShorterThanItsSize(t *testing.T) {
	list := fileList("a.png")
	js.Global().Call("eval", `(file) => Object.defineProperty(file, "size", { value: file.size + 1 })`).Invoke(list.Index(0))
	f := wasm.Files(list)[0]
	_, err := io.ReadAll(f.Reader(t.Context()))
	if failed, ok := errors.AsType[*wasm.FileError](err); !ok || !errors.Is(failed, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func TestFileURL(t *testing.T) {
	url, release, err := wasm.NewFile("a.txt", "text/plain", []byte("hello")).URL()
	if err != nil {
		t.Fatal(err)
	}
	fetch := func() (string, error) {
		v, err := wasm.Await(t.Context(), js.Global().Call("eval", `(url) => fetch(url).then(async (r) => r.headers.get("content-type") + " " + await r.text())`).Invoke(url))
		if err != nil {
			return "", err
		}
		return v.String(), nil
	}
	if got, err := fetch(); err != nil || got != "text/plain hello" {
		t.Errorf("got %q, %v", got, err)
	}
	release()
	if got, err := fetch(); err == nil {
		t.Errorf("after release: got %q", got)
	}
}

func TestListenFiles(t *testing.T) {
	got := make(chan string, 1)
	handler := func(_ context.Context, files []wasm.File) error {
		got <- files[0].Name
		return nil
	}
	t.Run("an input", func(t *testing.T) {
		e := input(t, "a.png")
		defer wasm.ListenFiles(t.Context(), e, handler)()
		fire(e, "change")
		if name := <-got; name != "a.png" || e.Get("files").Length() != 0 {
			t.Errorf("got %q; the input has %d files", name, e.Get("files").Length())
		}
		fire(e, "change") // the user has removed the files
		if len(got) > 0 {
			t.Error("the handler was called without files")
		}
	})
	drag := js.Global().Call("eval", `(target, name, files) => {
			const event = new DragEvent(name, { dataTransfer: new DataTransfer(), cancelable: true });
			if (files) for (const file of files) event.dataTransfer.items.add(file);
			else event.dataTransfer.items.add("text", "text/plain");
			return !target.dispatchEvent(event);
		}`)
	t.Run("a drop", func(t *testing.T) {
		e := div(t)
		stop := wasm.ListenFiles(t.Context(), e, handler)
		files := fileList("b.png")
		if !drag.Invoke(e, "dragover", files).Bool() || !drag.Invoke(e, "drop", files).Bool() {
			t.Error("the browser opens the file itself")
		}
		if name := <-got; name != "b.png" {
			t.Errorf("got %q", name)
		}
		if drag.Invoke(e, "dragover", js.Null()).Bool() || drag.Invoke(e, "drop", js.Null()).Bool() || len(got) > 0 {
			t.Error("dropped text is taken")
		}
		stop()
		if drag.Invoke(e, "dragover", files).Bool() || drag.Invoke(e, "drop", files).Bool() || len(got) > 0 {
			t.Error("it was not stopped")
		}
	})
	// The browser must not open what is dropped while the handler runs, and forget what is picked meanwhile.
	t.Run("while the handler runs", func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		busy := make(chan struct{})
		wait := func(context.Context, []wasm.File) error { <-busy; return nil }
		area, picker := div(t), input(t, "a.png")
		wasm.ListenFiles(ctx, area, wait, wasm.WithSkipWhileRunning())
		defer wasm.ListenFiles(t.Context(), picker, wait, wasm.WithSkipWhileRunning())()
		files := fileList("b.png")
		for i := range 2 {
			if !drag.Invoke(area, "drop", files).Bool() {
				t.Errorf("the browser opens file %d", i)
			}
			picker.Set("files", fileList("a.png")) // clearing the input empties its list
			if fire(picker, "change"); picker.Get("files").Length() != 0 {
				t.Errorf("the input keeps file %d", i)
			}
		}
		close(busy)
		end()
		wasm.Await(t.Context(), js.Global().Get("Promise").Call("resolve")) // lets the listening stop
		if drag.Invoke(area, "dragover", files).Bool() {
			t.Error("files may still be dropped after the context has ended")
		}
	})
}
