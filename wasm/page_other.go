//go:build !js

package wasm

import (
	"context"
	"fmt"
	"os"

	"github.com/forgego/forgego/internal/exported"
)

// This file has what needs a page, for every other platform. So editors, go doc and plain tests know this package.

func run(func(ctx context.Context) error) {
	reportNoPage()
	os.Exit(1)
}

func listen(context.Context, any, string, func(ctx context.Context, event jsValue) error, []ListenOption) (stop func()) {
	reportNoPage()
	return func() {}
}

func listenFiles(context.Context, any, func(ctx context.Context, files []File) error, []ListenOption) (stop func()) {
	reportNoPage()
	return func() {}
}

func reportNoPage() { fmt.Fprintln(os.Stderr, ErrNoPage) }

func await(context.Context, jsValue) (jsValue, error) { return Value{}, ErrNoPage }

func export(context.Context, string, func(ctx context.Context, args []Value) (any, error)) (stop func(), err error) {
	return func() {}, ErrNoPage
}

func addExport(context.Context, string, string, exported.Function) (stop func()) {
	reportNoPage()
	return func() {}
}

func files(any) []File { return nil }

// content is a file's content.
type content = []byte

func newFile(name, contentType string, data []byte) File {
	return File{Name: name, Type: contentType, Size: int64(len(data)), content: data}
}

func (f File) url() (url string, stop func(), err error) { return "", func() {}, ErrNoPage }

// read returns a part of the content.
func (f File) read(ctx context.Context, from, to int64) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return f.content[from:to], nil
}
