package bundle

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/appfile"
)

// Fault is what is wrong with a file of a bundle.
type Fault struct {
	// Name is one of Files, Module or MoreScript.
	Name string
	// Text says what is wrong, and Fix what to do.
	Text, Fix string
	// Minor means that the page may work in spite of it.
	Minor bool
}

const buildAgain = "Build it again: forgego build"

// Inspect returns what is wrong with the files of a bundle that Build has made: a program that is damaged or does not belong
// to its sources, a compressed file of another program, and scripts of another compiler or that are missing. A folder without Program has
// no faults. o.Package may be empty: then there are no sources to compare. Nothing is written into the folder.
func Inspect(ctx context.Context, o Options) []Fault {
	dir := filepath.Join(o.Dir, filepath.FromSlash(o.Out))
	program, err := appfile.ReadIn(dir, Program, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []Fault{{Name: Program, Text: "the program cannot be read: " + err.Error(), Fix: buildAgain}}
	}
	if err := checkProgram(program); err != nil {
		return []Fault{{Name: Program, Text: err.Error(), Fix: buildAgain}}
	}
	var faults []Fault
	if data, err := appfile.ReadIn(dir, Gzipped, maxFile); err == nil && !isGzipOf(data, program) {
		faults = append(faults, Fault{Name: Gzipped, Text: "this is not the program " + Program + ", compressed", Fix: buildAgain})
	}
	if data, err := appfile.ReadIn(dir, Brotli, maxFile); err == nil && !isBrotliOf(data, program) {
		faults = append(faults, Fault{Name: Brotli, Text: "this is not the program " + Program + ", compressed", Fix: buildAgain})
	}
	if isTiny(program) {
		o.Compiler = TinyGo
	}
	faults = append(faults, inspectScripts(ctx, o, dir)...)
	if o.Package != "" {
		faults = append(faults, outdated(ctx, o, program)...)
	}
	return faults
}

// tinyImport is the module of the imports that TinyGo's programs have and Go's do not. TinyGo's wasm_exec.js has its name.
const tinyImport = "wasi_snapshot_preview1"

// isTiny reports whether TinyGo made a program: whether it has an import of tinyImport.
func isTiny(program []byte) bool {
	const importSection = 2
	for at := len(wasmHeader); at < len(program); {
		size, digits := binary.Uvarint(program[at+1:])
		start := at + 1 + digits
		end := start + int(size)
		if digits <= 0 || end > len(program) || end < start {
			return false
		}
		if program[at] == importSection {
			name := append([]byte{byte(len(tinyImport))}, tinyImport...)
			return bytes.Contains(program[start:end], name)
		}
		at = end
	}
	return false
}

// scriptParts are the files with the parts of the shim. Those with exec begin with the compiler's wasm_exec.js.
var scriptParts = []struct {
	name string
	exec bool
	shim func() ([]byte, error)
}{
	{Script, true, MinifiedShim},
	{Module, true, MinifiedModule},
	{MoreScript, false, minifiedMore},
	{PageScript, false, minifiedPage},
	{WorkerScript, true, minifiedWorker},
}

// inspectScripts compares the scripts of a bundle with those of this version of forgego and of the compiler that made the
// program. They know each other's names for what they pass on, so they must be of one version.
func inspectScripts(ctx context.Context, o Options, dir string) []Fault {
	page, _ := appfile.ReadIn(dir, Index, maxFile)
	inWorker := bytes.Contains(page, []byte("data-worker"))
	// installed is the wasm_exec.js of the compiler that is installed, or nil if this is not known.
	installed := sync.OnceValue(func() []byte { return installedExec(ctx, o) })
	var faults []Fault
	for _, part := range scriptParts {
		script, err := appfile.ReadIn(dir, part.name, maxFile)
		needed := inWorker && (part.name == PageScript || part.name == WorkerScript)
		if errors.Is(err, fs.ErrNotExist) && needed {
			faults = append(faults, Fault{Name: part.name, Text: "the page has data-worker, and this file, which runs the program in a worker, is missing", Fix: buildAgain})
		}
		if err != nil {
			continue
		}
		shim, err := part.shim()
		if err != nil {
			continue
		}
		if part.exec {
			tiny := bytes.Contains(script, []byte(tinyImport))
			if tiny != (o.Compiler == TinyGo) {
				made, by := "Go", "TinyGo"
				if o.Compiler == TinyGo {
					made, by = by, made
				}
				faults = append(faults, Fault{Name: part.name, Text: fmt.Sprintf("%s made the program, but this is the script of %s, which does not start it", made, by), Fix: buildAgain})
				continue
			}
		}
		exec, ok := bytes.CutSuffix(script, shim)
		switch {
		case !ok || !part.exec && len(exec) > 0:
			faults = append(faults, Fault{Name: part.name, Text: "this is not the script of this version of forgego", Fix: buildAgain, Minor: true})
		case part.exec && installed() != nil && !bytes.Equal(exec, installed()):
			faults = append(faults, Fault{Name: part.name, Text: "this is the script of another version of the compiler than the one that is installed", Fix: buildAgain, Minor: true})
		}
	}
	return faults
}

// installedExec returns the wasm_exec.js of the compiler that is installed, as a bundle has it. It returns nil if there is no
// package or no such compiler; the build will say why.
func installedExec(ctx context.Context, o Options) []byte {
	if o.Package == "" {
		return nil
	}
	t, err := newToolchain(ctx, o)
	if err != nil {
		return nil
	}
	defer t.remove()
	c, err := t.compiler(ctx, o)
	if err != nil {
		return nil
	}
	exec, err := c.wasmExec(ctx)
	if err != nil {
		return nil
	}
	exec, _ = minifiedExec(exec)
	return exec
}

// outdated compares a program with its sources: first their times, and then, because a build leaves a file that did not
// change, a new build.
func outdated(ctx context.Context, o Options, program []byte) []Fault {
	info, err := os.Stat(filepath.Join(o.Dir, filepath.FromSlash(o.Out), Program))
	if err != nil {
		return nil
	}
	newest, err := newestSource(ctx, o)
	if err != nil {
		return []Fault{notCompared(err)}
	}
	if newest.file == "" || !newest.at.After(info.ModTime()) {
		return nil
	}
	t, err := newToolchain(ctx, o)
	if err != nil {
		return []Fault{unbuilt(err)}
	}
	defer t.remove()
	c, err := t.compiler(ctx, o)
	if err != nil {
		return nil
	}
	now, err := c.compile(ctx)
	if err != nil {
		return []Fault{unbuilt(err)}
	}
	if bytes.Equal(now, program) {
		return nil
	}
	return []Fault{{Name: Program, Text: "the program is older than its sources: " + newest.file + " has changed since", Fix: buildAgain}}
}

// unbuilt is the fault of a program whose sources have changed, if their new build has an error.
func unbuilt(err error) Fault {
	if _, ok := errors.AsType[*CompileError](err); ok || errors.Is(err, ErrNotMain) {
		return Fault{Name: Program, Text: "its sources have changed and do not build: " + err.Error(), Fix: "Correct them, and build again."}
	}
	return notCompared(err)
}

// notCompared is the fault of a program that cannot be compared with its sources. The program may be right.
func notCompared(err error) Fault {
	fix := "Correct this, and check again."
	if errors.Is(err, ErrNoGo) {
		fix = "Check again where Go is installed."
	}
	return Fault{Name: Program, Text: "it is not known whether the program is older than its sources: " + err.Error(), Fix: fix, Minor: true}
}

// maxSources is how many files are looked at.
const maxSources = 50_000

type sourceTime struct {
	file string
	at   time.Time
}

// newestSource returns the file of the program's sources that changed last.
func newestSource(ctx context.Context, o Options) (newest sourceTime, err error) {
	roots, err := Deps(ctx, o)
	if err != nil {
		return newest, err
	}
	seen := 0
	note := func(file string) {
		seen++
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.ModTime().After(newest.at) {
			newest = sourceTime{file, info.ModTime()}
		}
	}
	for _, r := range roots {
		info, err := os.Stat(r.Path)
		if err != nil {
			continue
		}
		if !info.IsDir() {
			note(r.Path)
			continue
		}
		_ = filepath.WalkDir(r.Path, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case d.IsDir() && file != r.Path && (!r.Recursive || strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
				return fs.SkipDir
			case d.IsDir() || r.Match != nil && !r.Match(file):
				return nil
			case seen > maxSources:
				return fs.SkipAll
			}
			note(file)
			return nil
		})
	}
	return newest, nil
}
