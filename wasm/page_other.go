//go:build !js

package wasm

import (
	"context"
	"fmt"
	"os"
)

// This file has the functions that need a page, for every other platform. So editors, go doc and plain tests know them.

// Run reports on standard error that there is no page, and exits with status 1. In a page (GOOS=js) it calls app and
// keeps the program alive as long as the page.
func Run(app func(ctx context.Context) error) {
	fmt.Fprintln(os.Stderr, ErrNoPage)
	os.Exit(1)
}

// Go reports on standard error that there is no page. In a page (GOOS=js) it runs work in its own goroutine. An error or
// a panic there does not stop the program: see [OnError].
func Go(work func(ctx context.Context) error) { fmt.Fprintln(os.Stderr, ErrNoPage) }

// OnError does nothing. In a page (GOOS=js) it sets what happens with an error after which the program continues. By
// default, a notice in the page shows it.
func OnError(handler func(ctx context.Context, err error)) {}

// Listen reports on standard error that there is no page. In a page (GOOS=js) it calls handler for each event of target,
// in a goroutine of its own, until stop is called. target is a js.Value, a safejs.Value, or a value with a method
// Underlying that returns a js.Value, such as those of honnef.co/go/js/dom/v2.
func Listen[E AnyValue](target any, event string, handler func(ctx context.Context, event E) error, options ...ListenOption) (stop func()) {
	fmt.Fprintln(os.Stderr, ErrNoPage)
	return func() {}
}

// ListenFiles reports on standard error that there is no page. In a page (GOOS=js) it calls handler with the files that
// the user picks in an <input type="file">, or drops on any other element, until stop is called.
func ListenFiles(target any, handler func(ctx context.Context, files []File) error, options ...ListenOption) (stop func()) {
	fmt.Fprintln(os.Stderr, ErrNoPage)
	return func() {}
}

// Files returns nil. In a page (GOOS=js) it returns the files of an <input type="file">, of a drop or paste event, of a
// FileList, a File or a Blob.
func Files(source any) []File { return nil }

// Await returns [ErrNoPage]. In a page (GOOS=js) it waits until the promise settles, and returns its value. A rejected
// promise returns a [*Rejection].
func Await[V AnyValue](ctx context.Context, promise V) (V, error) {
	var none V
	return none, ErrNoPage
}

// Export returns [ErrNoPage]. In a page (GOOS=js) it sets globalThis[name] to a JavaScript function that runs f and
// returns a promise of its result, until release is called.
func Export(name string, f func(ctx context.Context, args []Value) (any, error)) (release func(), err error) {
	return func() {}, ErrNoPage
}

// content is a file's content.
type content = []byte

func newFile(name, contentType string, data []byte) File {
	return File{Name: name, Type: contentType, Size: int64(len(data)), content: data}
}

// URL returns [ErrNoPage]. In a page (GOOS=js) it returns an address of the content for this page, until release is
// called.
func (f File) URL() (url string, release func(), err error) { return "", func() {}, ErrNoPage }

// read returns a part of the content.
func (f File) read(ctx context.Context, from, to int64) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return f.content[from:to], nil
}
