// Package bundle builds a Go front end into the files of a Custom UI resource. It is the only place that knows the
// flags of that build.
package bundle

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/forgego/forgego/jsglue"
)

// The files of a bundle, all directly in the resource's folder.
const (
	Index    = "index.html"
	Program  = "app.wasm"
	Gzipped  = "app.wasm.gz"
	Shim     = "forgego.js"
	WasmExec = "wasm_exec.js"
)

// Files are all files that Build may write.
var Files = []string{Index, Program, Gzipped, Shim, WasmExec}

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
	// Compress adds app.wasm.gz, which an index.html with data-gzip loads instead of app.wasm.
	Compress bool
	// Env is the environment of the go command; this process's by default.
	Env []string
}

// File is a file of a bundle.
type File struct {
	// Name is one of Files.
	Name string
	// Size is in bytes.
	Size int
	// Written says that its content changed, or that it is new.
	Written bool
}

// Build compiles the program for the browser and writes the bundle. Each file is replaced at once and only where its
// content changed, so that a page being loaded never sees half a file. An index.html is written if there is none; one
// that somebody changed is kept. An app.wasm.gz that is there already is renewed even without Compress, so that it
// never is an old program.
//
// Errors: *CompileError with the compiler's own text, ErrNotMain, ErrNoGo, ErrNoWasmExec, those of the file system, and
// the context's.
func Build(ctx context.Context, o Options) ([]File, error) {
	if o.Title == "" {
		o.Title = "App"
	}
	t, err := newToolchain(ctx, o)
	if err != nil {
		return nil, err
	}
	exec, err := t.wasmExec(ctx)
	if err != nil {
		return nil, err
	}
	program, err := t.compile(ctx)
	if err != nil {
		return nil, err
	}
	out := filepath.Join(o.Dir, filepath.FromSlash(o.Out))
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, err
	}
	w := writer{dir: out}
	w.write(Program, program)
	w.write(WasmExec, exec)
	w.write(Shim, jsglue.Shim())
	if o.Compress || w.has(Gzipped) {
		w.write(Gzipped, compress(program))
	}
	if !w.has(Index) || isOwnIndex(w.read(Index), o.Title) {
		w.write(Index, indexPage(o.Title, w.has(Gzipped)))
	}
	return w.files, w.err
}

// LoadsGzip says whether a resource's page loads app.wasm.gz. A page that somebody wrote may not, and then the file
// that Compress added is of no use.
func LoadsGzip(out string) bool {
	page, err := os.ReadFile(filepath.Join(out, Index))
	return err == nil && bytes.Contains(page, []byte("data-gzip"))
}

func compress(program []byte) []byte {
	var b bytes.Buffer
	// Neither call can fail: the level is valid and the buffer takes everything.
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(program)
	_ = z.Close()
	return b.Bytes()
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

func (w *writer) read(name string) []byte {
	data, _ := os.ReadFile(filepath.Join(w.dir, name))
	return data
}

func (w *writer) write(name string, data []byte) {
	if w.err != nil {
		return
	}
	file := filepath.Join(w.dir, name)
	old, err := os.ReadFile(file)
	same := err == nil && bytes.Equal(old, data)
	if !same {
		if err := replace(file, data); err != nil {
			w.err = fmt.Errorf("writing the bundle: %w", err)
			return
		}
	}
	w.files = append(w.files, File{Name: name, Size: len(data), Written: !same})
}

// replace writes beside the file and renames. The name begins with a dot because Forge does not deploy such files, if
// one should ever be left behind.
func replace(file string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), ".forgego-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}
