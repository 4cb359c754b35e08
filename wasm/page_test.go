//go:build !js

package wasm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/forgego/forgego/wasm"
)

func TestOutsideAPage(t *testing.T) {
	if _, err := wasm.Await(t.Context(), wasm.Value{}); err != wasm.ErrNoPage {
		t.Errorf("Await: %v", err)
	}
	if release, err := wasm.Export("add", nil); err != wasm.ErrNoPage || release == nil {
		t.Errorf("Export: %v", err)
	}
	if _, release, err := wasm.NewFile("a.txt", "", nil).URL(); err != wasm.ErrNoPage || release == nil {
		t.Errorf("URL: %v", err)
	}
	if files := wasm.Files(nil); files != nil {
		t.Errorf("Files: %v", files)
	}
	wasm.Listen(nil, "click", func(context.Context, wasm.Value) error { return nil })()
	wasm.ListenFiles(nil, nil)()
}

// NewFile makes files for the tests of an app's logic.
func TestNewFile(t *testing.T) {
	large := bytes.Repeat([]byte("x"), 600_000)
	f := wasm.NewFile("a.png", "image/png", large)
	if f.Name != "a.png" || f.Type != "image/png" || f.Size != 600_000 {
		t.Errorf("got %q, %q, %d", f.Name, f.Type, f.Size)
	}
	if data, err := f.Bytes(t.Context(), 600_000); err != nil || !bytes.Equal(data, large) {
		t.Errorf("Bytes returns %d bytes, %v", len(data), err)
	}
	if data, err := io.ReadAll(f.Reader(t.Context())); err != nil || !bytes.Equal(data, large) {
		t.Errorf("Reader returns %d bytes, %v", len(data), err)
	}
	_, err := f.Bytes(t.Context(), 599_999)
	if !errors.Is(err, wasm.ErrFileTooLarge) || err.Error() != `wasm: "a.png": the file is too large: it has 600000 bytes, and the limit is 599999` {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failed *wasm.FileError
	if _, err := f.Bytes(ctx, 1<<20); !errors.Is(err, context.Canceled) || !errors.As(err, &failed) {
		t.Errorf("after the context has ended: %v", err)
	}
}
