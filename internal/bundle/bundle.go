// Package bundle builds a Go front end into the files of a Custom UI resource. It is the only place that knows the
// flags of that build.
package bundle

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/internal/appfile"
)

// The files of a bundle, all directly in the resource's folder.
const (
	Index   = "index.html"
	Program = "app.wasm"
	// Gzipped is the program for a page with data-gzip: the shim fetches it instead of Program and decompresses it in
	// the page, whatever the server does. It is for Forge, whose documentation does not say whether its CDN compresses a
	// program.
	Gzipped = "app.wasm.gz"
	// Brotli is the program for a server that sends such a file with a content-encoding to whoever asks for Program, as
	// the local host does. No page loads it by this name: Chromium's DecompressionStream does not know the format.
	Brotli = "app.wasm.br"
	// Script is what starts the program: wasm_exec.js, which belongs to the compiler, and the shim behind it. They are one
	// file because a page waits for each.
	Script = "forgego.js"
)

// Files are all files that Build may write.
var Files = []string{Index, Program, Gzipped, Brotli, Script}

// Options say what to build. Dir, Package and Out are required.
type Options struct {
	// Dir is the app's folder.
	Dir string
	// Package is the folder of the program, a Go main package, relative to Dir. It may be a module of its own.
	Package string
	// Out is the resource's folder, relative to Dir. It is made if it is missing.
	Out string
	// Title is the title of an index.html that Build writes; "App" by default.
	Title string
	// Compress adds Gzipped and Brotli, both at the best level; an index.html that Build writes then loads Gzipped. It
	// takes some 4 seconds for each megabyte of the program. The script is not compressed: it is so small that it gains
	// little, and Forge counts each file that an app uploads (custom-ui, "Resource quotas").
	Compress bool
	// Compiler is Go or TinyGo; Go by default.
	Compiler string
	// Panics has a program of TinyGo's say what it panicked with, for which it is a fifth larger: for a build that is tried
	// out. Those of Go's always do.
	Panics bool
	// Env is the environment of the compiler; this process's by default.
	Env []string
	// brotli is the level of that file; the best by default. Tests take less: under the race detector the best takes a
	// minute for each megabyte.
	brotli int
}

// The compilers. TinyGo's programs are far smaller, and cannot do everything: see docs/tinygo.md.
const (
	Go     = "go"
	TinyGo = "tinygo"
)

// File is a file of a bundle.
type File struct {
	// Name is one of Files.
	Name string
	// Size is in bytes.
	Size int
	// Written says that its content changed, or that it is new.
	Written bool
	// Removed says that it was an old program's and is no longer there.
	Removed bool
}

// Build compiles the program for the browser and writes the bundle. Each file is replaced at once and only where its
// content changed, so that a page being loaded never sees half a file. An index.html is written if there is none; one
// that somebody changed is kept.
//
// Without Compress no compressed file is left of an old program: an app.wasm.gz that is there already is renewed, since
// the page may load it, and an app.wasm.br, which takes long to make, is removed if it is not of this program.
//
// When ctx ends, Build ends the compiler and everything that it started. It leaves no temporary files.
//
// Errors: *CompileError with the compiler's own text, ErrNotMain, ErrNoGo, ErrNoWasmExec, ErrIncomplete, with TinyGo
// ErrNoTinyGo, ErrNoTinyWasmExec and ErrTinyGoLacks, those of the file system, and the context's.
func Build(ctx context.Context, o Options) ([]File, error) {
	if o.Title == "" {
		o.Title = "App"
	}
	if o.brotli == 0 {
		o.brotli = brotli.BestCompression
	}
	t, err := newToolchain(ctx, o)
	if err != nil {
		return nil, err
	}
	defer t.remove()
	c, err := t.compiler(ctx, o)
	if err != nil {
		return nil, err
	}
	script, err := startScript(ctx, c)
	if err != nil {
		return nil, err
	}
	program, err := c.compile(ctx)
	if err != nil {
		return nil, err
	}
	// Before the compression, which takes long: nobody removes the folder if this process is killed meanwhile.
	t.remove()
	w := writer{dir: filepath.Join(o.Dir, filepath.FromSlash(o.Out))}
	small, err := w.compressed(ctx, program, o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return nil, err
	}
	// Before the new program is there, so that no server takes the one for the other.
	if small.brotli == nil {
		w.remove(Brotli)
	}
	w.write(Program, program)
	w.write(Script, script)
	if small.gzip != nil {
		w.write(Gzipped, small.gzip)
	}
	if small.brotli != nil {
		w.write(Brotli, small.brotli)
	}
	if !w.has(Index) || isOwnIndex(w.read(Index), o.Title) {
		w.write(Index, indexPage(o.Title, w.has(Gzipped)))
	}
	return w.files, w.err
}

// LoadsGzip says whether a resource's page loads app.wasm.gz. A page that somebody wrote may not, and then the file
// that Compress added is of no use.
func LoadsGzip(out string) bool {
	page, err := appfile.ReadIn(out, Index, maxFile)
	return err == nil && bytes.Contains(page, []byte("data-gzip"))
}

// writer replaces files of a folder. After an error it does nothing more.
type writer struct {
	dir   string
	files []File
	err   error
}

func (w *writer) has(name string) bool {
	_, err := os.Stat(filepath.Join(w.dir, name))
	return err == nil
}

// maxFile is far above any program, in bytes.
const maxFile = 1 << 30

// read returns what a file holds; nothing if it is not a regular file.
func (w *writer) read(name string) []byte {
	data, _ := appfile.ReadIn(w.dir, name, maxFile)
	return data
}

func (w *writer) write(name string, data []byte) {
	if w.err != nil {
		return
	}
	file := filepath.Join(w.dir, name)
	old, err := appfile.ReadIn(w.dir, name, maxFile)
	same := err == nil && bytes.Equal(old, data)
	if !same {
		if err := replace(file, data); err != nil {
			w.err = fmt.Errorf("writing the bundle: %w", err)
			return
		}
	}
	w.files = append(w.files, File{Name: name, Size: len(data), Written: !same})
}

// remove removes a file, if it is there.
func (w *writer) remove(name string) {
	if w.err != nil || !w.has(name) {
		return
	}
	if err := patiently(func() error { return os.Remove(filepath.Join(w.dir, name)) }); err != nil {
		w.err = fmt.Errorf("writing the bundle: %w", err)
		return
	}
	w.files = append(w.files, File{Name: name, Removed: true})
}
