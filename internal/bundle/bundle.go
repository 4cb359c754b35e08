// Package bundle builds a Go front end into the files of a Custom UI resource. It is the only package that knows the
// build flags.
package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/jsglue"
)

// The files of a bundle, all directly in the resource's folder.
const (
	Index   = "index.html"
	Program = "app.wasm"
	// Gzipped is the program for a page with data-gzip: the shim fetches it instead of Program and decompresses it in
	// the page, whatever the server does. It is for Forge, because its documentation does not say whether its CDN
	// compresses a program.
	Gzipped = "app.wasm.gz"
	// Brotli is the program for a server that sends it with a content-encoding when a client requests Program, as the
	// local host does. Pages do not load it by this name: Chromium's DecompressionStream does not support the format.
	Brotli = "app.wasm.br"
	// Script starts the program: the compiler's wasm_exec.js, followed by the shim. They are one file because a page waits
	// for each file.
	Script = "forgego.js"
	// Module is the ES module instead of Script, and ModuleTypes describes it for TypeScript.
	// Module loads MoreScript when it needs more: when something fails, when loading takes long, for direct requests, and for
	// early calls.
	Module      = "forgego.module.js"
	ModuleTypes = "forgego.module.d.ts"
	MoreScript  = "forgego.more.js"
	// PageScript and WorkerScript run the program in a worker: the one in the page, and the other in the worker. The script and
	// the module load them only if the page wants that.
	PageScript   = "forgego.page.js"
	WorkerScript = "forgego.worker.js"
)

// Files are all files that Build may write into a resource if Options.Module is not set.
var Files = []string{Index, Program, Gzipped, Brotli, Script, PageScript, WorkerScript}

// Options say what to build. Dir, Package and Out are required.
type Options struct {
	// Dir is the app's folder.
	Dir string
	// Package is the folder of the program, a Go main package, relative to Dir. It may be a module of its own.
	Package string
	// Out is the resource's folder, absolute or relative to Dir. Build creates it if it is missing.
	Out string
	// Title is the title of an index.html that Build writes. The default is "App".
	Title string
	// Gzip adds Gzipped at the best level, which makes a build whose packages are compiled already two to three times as
	// long (BenchmarkBuild); an index.html that Build writes then loads it. Without Gzip, Build adds it at the fastest
	// level, and only if the page loads it or the folder has it. The script is not compressed: it is too small to gain
	// much, and Forge limits the number of files in an upload
	// (https://developer.atlassian.com/platform/forge/custom-ui/, "Resource quotas").
	Gzip bool
	// Brotli adds Brotli at the best level, which takes about 40 times as long as Gzip (BenchmarkCompress).
	Brotli bool
	// Module builds for a page that is written in JavaScript: Build writes Module, ModuleTypes and MoreScript instead
	// of Script and Index, and Gzipped only if Gzip is set.
	Module bool
	// Compiler is Go or TinyGo. The default is Go.
	Compiler string
	// Panics makes a TinyGo program print its panics, which makes it a fifth larger. It is for development builds. Go
	// programs always print their panics.
	Panics bool
	// Env is the compiler's environment. The default is this process's.
	Env []string
	// fast compresses at the lowest levels. Tests set it, because under the race detector the best levels take a minute per
	// megabyte.
	fast bool
}

// The compilers. TinyGo's programs are much smaller, but TinyGo has limits: see docs/tinygo.md.
const (
	Go     = "go"
	TinyGo = "tinygo"
)

// File is a file of a bundle.
type File struct {
	// Name is one of Files, Module, ModuleTypes or MoreScript.
	Name string
	// Size is in bytes.
	Size int
	// Written means that the file is new or its content changed.
	Written bool
	// Removed means that the file belonged to an old program and was removed.
	Removed bool
}

// WrotePage reports whether a build wrote Index: the resource had none, or one that an earlier build wrote.
func WrotePage(files []File) bool {
	return slices.ContainsFunc(files, func(f File) bool { return f.Name == Index && f.Written })
}

// Build compiles the program for the browser and writes the bundle, with PageScript and WorkerScript if Module is set, if
// the page has the attribute data-worker, or if the folder has them already. Each file is replaced atomically, and only if its
// content changed, so that a page that is loading never gets half a file. Build writes an index.html if there is
// none, and keeps one that a user changed.
//
// No compressed file of an old program remains. An existing app.wasm.br, which is slow to make, is removed if it does not
// belong to this program.
//
// For the same sources and the same compilers, the files are the same bytes, in whatever folder the app is.
//
// When ctx ends, Build ends the compiler and everything that it started. It leaves no temporary files.
//
// Errors: *CompileError with the compiler's own text, ErrNoFolder, ErrNotMain, ErrNoGo, ErrNoWasmExec, ErrIncomplete; with TinyGo
// also ErrNoTinyGo, ErrNoTinyWasmExec and ErrTinyGoLacks; errors of the file system; and the context's.
func Build(ctx context.Context, o Options) ([]File, error) {
	if o.Title == "" {
		o.Title = "App"
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
	scripts, err := startScripts(ctx, c, o.Module)
	if err != nil {
		return nil, err
	}
	program, err := c.compile(ctx)
	if err != nil {
		return nil, err
	}
	// Remove it before the slow compression: if this process is killed then, the folder would stay.
	t.remove()
	w := writer{dir: filepath.FromSlash(o.Out)}
	if !filepath.IsAbs(w.dir) {
		w.dir = filepath.Join(o.Dir, w.dir)
	}
	small, err := w.compressed(ctx, program, o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return nil, err
	}
	// Remove the old one before writing the new program, so that no server sends it for the new program.
	if small.brotli == nil {
		w.remove(Brotli)
	}
	w.write(Program, program)
	if o.Module {
		w.write(Module, scripts.start)
		w.write(ModuleTypes, jsglue.ModuleTypes)
		w.write(MoreScript, scripts.more)
	} else {
		w.write(Script, scripts.start)
	}
	if o.Module || w.has(WorkerScript) || bytes.Contains(w.read(Index), []byte("data-worker")) {
		w.write(PageScript, scripts.page)
		w.write(WorkerScript, scripts.worker)
	}
	if small.gzip != nil {
		w.write(Gzipped, small.gzip)
	}
	if small.brotli != nil {
		w.write(Brotli, small.brotli)
	}
	if !o.Module && (!w.has(Index) || isOwnIndex(w.read(Index), o.Title)) {
		w.write(Index, indexPage(o.Title, w.has(Gzipped)))
	}
	return w.files, w.err
}

// LoadsGzip reports whether a resource's page loads app.wasm.gz. If a page written by the user does not, the file
// that Gzip adds has no use.
func LoadsGzip(out string) bool {
	page, err := appfile.ReadIn(out, Index, maxFile)
	return err == nil && bytes.Contains(page, []byte("data-gzip"))
}

// writer replaces files in a folder. After an error it does nothing more.
type writer struct {
	dir   string
	files []File
	err   error
}

func (w *writer) has(name string) bool {
	_, err := os.Stat(filepath.Join(w.dir, name))
	return err == nil
}

// maxFile is far above the size of any program, in bytes.
const maxFile = 1 << 30

// read returns the content of a file, or nil if it is not a regular file.
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
			w.fail("writing", name, err)
			return
		}
	}
	w.files = append(w.files, File{Name: name, Size: len(data), Written: !same})
}

// remove removes a file if it exists.
func (w *writer) remove(name string) {
	if w.err != nil || !w.has(name) {
		return
	}
	if err := retryWhileInUse(func() error { return os.Remove(filepath.Join(w.dir, name)) }); err != nil {
		w.fail("removing", name, err)
		return
	}
	w.files = append(w.files, File{Name: name, Removed: true})
}

// fail sets the error. It names the file of the bundle instead of a temporary one.
func (w *writer) fail(what, name string, err error) {
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	} else if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	w.err = fmt.Errorf("%s %s: %w", what, filepath.Join(w.dir, name), err)
}
