//go:build !js

package wasm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/usercode"
	"github.com/forgego/forgego/wasm"
)

func TestOutsideAPage(t *testing.T) {
	if _, err := wasm.Await(t.Context(), wasm.Value{}); err != wasm.ErrNoPage {
		t.Errorf("Await: %v", err)
	}
	if stop, err := wasm.Export(t.Context(), "add", nil); err != wasm.ErrNoPage || stop == nil {
		t.Errorf("Export: %v", err)
	}
	if _, stop, err := wasm.NewFile("a.txt", "", nil).URL(); err != wasm.ErrNoPage || stop == nil {
		t.Errorf("URL: %v", err)
	}
	if files := wasm.Files(nil); files != nil {
		t.Errorf("Files: %v", files)
	}
	wasm.Listen(t.Context(), nil, "click", func(context.Context, wasm.Value) error { return nil })()
	wasm.ListenFiles(t.Context(), nil, nil)()
	wasm.ExportFunc(t.Context(), "add", func(_ context.Context, in int) (int, error) { return in + 1, nil })()
	wasm.ExportSeq(t.Context(), "count", func(context.Context, int) iter.Seq2[int, error] { return nil })()
}

// TestCallbackOutsideAPage checks a callback that no call has brought.
func TestCallbackOutsideAPage(t *testing.T) {
	var in struct{ F, G wasm.Callback[int, int] }
	if err := json.Unmarshal([]byte(`{"F":[1,0],"G":null}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.F.IsZero() || !in.G.IsZero() {
		t.Errorf("IsZero: %t, %t", in.F.IsZero(), in.G.IsZero())
	}
	if _, err := in.G.Call(t.Context(), 1); err != wasm.ErrNoCallback {
		t.Errorf("a callback that is missing: %v", err)
	}
	if _, err := in.F.Call(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "the call that this JavaScript function came with has ended") {
		t.Errorf("a callback of a call that has ended: %v", err)
	}
	for _, text := range []string{`{"F":1}`, `{"F":[1]}`, `{"F":[1,2,3]}`, `{"F":[-1,0]}`, `{"F":"x"}`, `{"F":[4294967296,0]}`} {
		if err := json.Unmarshal([]byte(text), &in); err == nil || !strings.Contains(err.Error(), "it is not a function") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := json.Marshal(in); err == nil || !strings.Contains(err.Error(), "a JavaScript function cannot be sent back") {
		t.Errorf("Marshal: %v", err)
	}
}

// Go and OnError work everywhere, so that code that uses them can be tested.
func TestGoOutsideAPage(t *testing.T) {
	type key struct{}
	failure := errors.New("the disk is full")
	got := make(chan error, 1)
	wasm.OnError(func(ctx context.Context, err error) {
		if ctx.Value(key{}) != "mine" {
			t.Error("the context has other values than that of the work")
		}
		got <- err
	})
	t.Cleanup(func() { wasm.OnError(nil) })
	ctx := context.WithValue(t.Context(), key{}, "mine")
	wasm.Go(ctx, func(inner context.Context) error {
		if inner != ctx {
			t.Error("the work gets another context")
		}
		return failure
	})
	if err := <-got; err != failure {
		t.Errorf("got %v", err)
	}
	wasm.Go(ctx, func(context.Context) error { panic("fell over") })
	var p *wasm.PanicError
	if err := <-got; !errors.As(err, &p) || p.Value != "fell over" {
		t.Errorf("after a panic: %v", err)
	}
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
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"too large":       {err, "“a.png” is too large: it has 600000 bytes, and the limit is 599999 bytes."},
		"much too large":  {tooLarge(t, 3<<20, 1<<20+1<<19), "“a.png” is too large: it has 3 MB, and the limit is 1.5 MB."},
		"a few bytes":     {tooLarge(t, 1023, 10), "“a.png” is too large: it has 1023 bytes, and the limit is 10 bytes."},
		"it has changed":  {&wasm.FileError{Name: "a.png", Err: &wasm.Rejection{Name: "NotReadableError"}}, "“a.png” could not be read. Choose it again."},
		"the time is out": {&wasm.FileError{Name: "a.png", Err: context.DeadlineExceeded}, "“a.png”: It took too long. Try again."},
	} {
		if got := usercode.Message(tt.err); got != tt.want {
			t.Errorf("%s: the message is %q", name, got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failed *wasm.FileError
	if _, err := f.Bytes(ctx, 1<<20); !errors.Is(err, context.Canceled) || !errors.As(err, &failed) {
		t.Errorf("after the context has ended: %v", err)
	}
}

// tooLarge returns the error of a file that is larger than max.
func tooLarge(t *testing.T, size int, max int64) error {
	t.Helper()
	_, err := wasm.NewFile("a.png", "", make([]byte, size)).Bytes(t.Context(), max)
	return err
}
