//go:build !tinygo

package wasm

import (
	"errors"
	"strings"
	"testing"
)

func TestProtect(t *testing.T) {
	want := errors.New("mine")
	if err := protect(func() error { return want }); err != want {
		t.Errorf("an error: got %v", err)
	}
	if err := protect(func() error { return nil }); err != nil {
		t.Errorf("no error: got %v", err)
	}

	err := protect(func() error { panic(want) })
	var p *PanicError
	if !errors.As(err, &p) || !errors.Is(err, want) || err.Error() != "panic: mine" || !strings.Contains(string(p.Stack), "TestProtect") {
		t.Errorf("a panic with an error: got %#v", err)
	}
	err = protect(func() error { panic("text") })
	if !errors.As(err, &p) || errors.Unwrap(err) != nil || err.Error() != "panic: text" {
		t.Errorf("a panic with text: got %#v", err)
	}
}
