package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/wasmjumps"
	"github.com/forgego/forgego/test/tools/bench/wasmsize"
)

// Weight is the result of the part weight.
type Weight struct {
	Files []Weighed `json:"files"`
	// Program is the program that Packages and Sections describe. It is built with names.
	Program  string             `json:"program"`
	Packages []wasmsize.Package `json:"packages"`
	Sections []wasmsize.Package `json:"sections"`
}

// Weighed is a file's size in bytes.
type Weighed struct {
	Name   string `json:"name"`
	Raw    int    `json:"raw"`
	Gzip   int    `json:"gzip"`
	Brotli int    `json:"brotli"`
}

const shimName = "the shim, as a bundle has it"

// weighed is the folder of the programs that are weighed. They are the programs that have budgets.
const weighed = "programs/sizes"

// detailed is the program whose packages are listed.
const detailed = "text"

// weightNames are the names of the programs, in the order of the table. A folder that is not listed here comes after them,
// with its own name.
var weightNames = [][2]string{
	{"empty", "an empty `main`"},
	{"safejs", "`safejs` alone"},
	{"text", "`RequestRemote` and `Text`"},
	{"json", "`RequestRemote` and `JSON`"},
	{"bridgehttp", "`bridgehttp` with `http.Client`"},
}

func measureWeight(ctx context.Context, b *bench) (result, error) {
	if err := checkFolder(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "forgego-weight-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	files, err := weightFiles(ctx, b, dir)
	if err != nil {
		return nil, err
	}
	w := &Weight{Program: detailed, Files: make([]Weighed, len(files))}
	cache := newSizeCache(filepath.Join("..", "bin", "bench-sizes.json"))
	var group sync.WaitGroup
	turns := make(chan bool, 2) // brotli takes seconds, and the machine may have few cores
	for i, f := range files {
		group.Go(func() {
			turns <- true
			w.Files[i] = cache.weigh(f.name, f.data)
			progress("%s: %s bytes, brotli %s", f.name, thousands(int64(w.Files[i].Raw)), thousands(int64(w.Files[i].Brotli)))
			<-turns
		})
	}
	group.Wait()
	if err := cache.save(); err != nil {
		return nil, err
	}
	w.Packages, w.Sections, err = packages(ctx, weighed+"/"+detailed, dir)
	return w, err
}

type namedFile struct {
	name string
	data []byte
}

// weightFiles builds all files that are weighed.
func weightFiles(ctx context.Context, b *bench, dir string) ([]namedFile, error) {
	var files []namedFile
	read := func(name, file string) error {
		data, err := os.ReadFile(file)
		files = append(files, namedFile{name, data})
		return err
	}
	programs, err := weightPrograms()
	if err != nil {
		return nil, err
	}
	for _, p := range programs {
		progress("building %s", p[0])
		out := filepath.Join(dir, p[0])
		if err := buildProgram(ctx, weighed+"/"+p[0], out); err != nil {
			return nil, err
		}
		if err := read(p[1], filepath.Join(out, bundle.Program)); err != nil {
			return nil, err
		}
	}
	if b.newest != "" {
		newest, err := newestFiles(ctx, b.newest, programs, dir)
		if err != nil {
			return nil, err
		}
		files = append(files, newest...)
	}
	if b.tinygo {
		tiny, err := tinyFiles(ctx, dir)
		if err != nil {
			return nil, err
		}
		files = append(files, tiny...)
	}
	example := filepath.Join(dir, "example")
	if err := buildProgram(ctx, "../examples/custom-ui/frontend", example); err != nil {
		return nil, err
	}
	if err := read("the example's front end", filepath.Join(example, bundle.Program)); err != nil {
		return nil, err
	}
	exec, shim, err := scriptParts(example)
	if err != nil {
		return nil, err
	}
	files = append(files, namedFile{shimName, shim}, namedFile{"Go's `wasm_exec.js`, minified", exec})
	official := filepath.Join(dir, "official.js")
	if err := buildScript(ctx, "page/official.js", official); err != nil {
		return nil, err
	}
	return files, read("`@forge/bridge`, bundled and minified", official)
}

// newestFiles builds the programs with another version of Go, such as "go1.27.4".
func newestFiles(ctx context.Context, version string, programs [][2]string, dir string) ([]namedFile, error) {
	before, isSet := os.LookupEnv("GOTOOLCHAIN")
	if err := os.Setenv("GOTOOLCHAIN", version); err != nil {
		return nil, err
	}
	defer func() {
		if isSet {
			os.Setenv("GOTOOLCHAIN", before)
		} else {
			os.Unsetenv("GOTOOLCHAIN")
		}
	}()
	var files []namedFile
	for _, p := range programs {
		progress("building %s with %s", p[0], version)
		out := filepath.Join(dir, version, p[0])
		if err := buildProgram(ctx, weighed+"/"+p[0], out); err != nil {
			return nil, err
		}
		data, err := os.ReadFile(filepath.Join(out, bundle.Program))
		if err != nil {
			return nil, err
		}
		files = append(files, namedFile{p[1] + ", with Go " + strings.TrimPrefix(version, "go"), data})
	}
	return files, nil
}

// tinyPrograms are the programs that are weighed as TinyGo builds them: their folders, and their names in the table. The
// goals are about the first and the last.
var tinyPrograms = [][2]string{
	{weighed + "/text", "`RequestRemote` and `Text`, by TinyGo"},
	{weighed + "/json", "`RequestRemote` and `JSON`, by TinyGo"},
	{"programs/jsonanswer", "`RequestRemote`, and `JSON` of the answer only, by TinyGo"},
}

const tinyExecName = "TinyGo's `wasm_exec.js`, minified"

// tinyFiles builds the files that are weighed for TinyGo.
func tinyFiles(ctx context.Context, dir string) ([]namedFile, error) {
	var files []namedFile
	out := filepath.Join(dir, "tinygo")
	for _, p := range tinyPrograms {
		progress("building %s by TinyGo", p[0])
		if err := buildBy(ctx, bundle.TinyGo, p[0], out); err != nil {
			return nil, err
		}
		data, err := os.ReadFile(filepath.Join(out, bundle.Program))
		if err != nil {
			return nil, err
		}
		files = append(files, namedFile{p[1], data})
	}
	exec, _, err := scriptParts(out)
	return append(files, namedFile{tinyExecName, exec}), err
}

// scriptParts returns the two parts of a bundle's script.
func scriptParts(out string) (exec, shim []byte, err error) {
	script, err := os.ReadFile(filepath.Join(out, bundle.Script))
	if err != nil {
		return nil, nil, err
	}
	return bundle.ScriptParts(script)
}

// weightPrograms lists the folders of the weighed programs, each with its name for the table.
func weightPrograms() ([][2]string, error) {
	entries, err := os.ReadDir(weighed)
	if err != nil {
		return nil, err
	}
	place := func(folder string) int {
		i := slices.IndexFunc(weightNames, func(n [2]string) bool { return n[0] == folder })
		return cmp.Or(i+1, len(weightNames)+1)
	}
	var programs [][2]string
	for _, e := range entries {
		name := [2]string{e.Name(), e.Name()}
		if i := place(e.Name()) - 1; i < len(weightNames) {
			name = weightNames[i]
		}
		programs = append(programs, name)
	}
	slices.SortStableFunc(programs, func(a, b [2]string) int { return cmp.Compare(place(a[0]), place(b[0])) })
	return programs, nil
}

// packages returns the packages of a program's code, and its sections. The program is the same as the weighed one, but it
// has names.
func packages(ctx context.Context, program, dir string) (code, sections []wasmsize.Package, err error) {
	environment := append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	file := filepath.Join(dir, "named.wasm")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-w", "-o", file, "./"+program)
	build.Env = environment
	if out, err := build.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("go build %s: %w\n%s", program, err, out)
	}
	list := exec.CommandContext(ctx, "go", "list", "-deps", "./"+program)
	list.Env = environment
	paths, err := list.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list %s: %w", program, err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	if data, err = wasmjumps.Rewrite(data); err != nil {
		return nil, nil, err
	}
	functions, err := wasmsize.Functions(data)
	if err != nil {
		return nil, nil, err
	}
	parts, err := wasmsize.Sections(data)
	if err != nil {
		return nil, nil, err
	}
	rest := wasmsize.Package{Name: "the rest"}
	for _, s := range parts {
		switch {
		case s.ID == wasmsize.Code:
			sections = append(sections, wasmsize.Package{Name: "code", Size: s.Size})
		case s.ID == wasmsize.Data:
			sections = append(sections, wasmsize.Package{Name: "data: types, tables for stack traces, texts", Size: s.Size})
		case s.Name != "name": // a deployed program has no names
			rest.Size += s.Size
		}
	}
	return wasmsize.ByPackage(functions, strings.Fields(string(paths))), append(sections, rest), nil
}

// sizeCache keeps the compressed sizes of files by digest, because brotli takes seconds for each program.
type sizeCache struct {
	file  string
	mu    sync.Mutex
	sizes map[string]Weighed
}

func newSizeCache(file string) *sizeCache {
	c := &sizeCache{file: file, sizes: map[string]Weighed{}}
	if text, err := os.ReadFile(file); err != nil || json.Unmarshal(text, &c.sizes) != nil {
		clear(c.sizes)
	}
	return c
}

func (c *sizeCache) weigh(name string, data []byte) Weighed {
	sum := sha256.Sum256(data)
	key := hex.EncodeToString(sum[:])
	c.mu.Lock()
	w, ok := c.sizes[key]
	c.mu.Unlock()
	if !ok {
		w = Weighed{Raw: len(data), Gzip: gzipSize(data), Brotli: brotliSize(data)}
		c.mu.Lock()
		c.sizes[key] = w
		c.mu.Unlock()
	}
	w.Name = name
	return w
}

func (c *sizeCache) save() error {
	text, err := json.Marshal(c.sizes)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(c.file, text, 0o644)
}

func gzipSize(data []byte) int {
	var b bytes.Buffer
	// Neither call can fail: the level is valid and the buffer accepts everything.
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Len()
}

func brotliSize(data []byte) int {
	var b bytes.Buffer
	z := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Len()
}

// named returns the file with this name.
func (w *Weight) named(name string) Weighed {
	for _, f := range w.Files {
		if f.Name == name {
			return f
		}
	}
	return Weighed{}
}

// brotli returns the compressed size of a program, by its folder.
func (w *Weight) brotli(folder string) int {
	for _, n := range weightNames {
		if n[0] == folder {
			return w.named(n[1]).Brotli
		}
	}
	return 0
}

// Markdown returns a table of the files and two tables of what the program consists of.
func (w *Weight) Markdown() string {
	rows := [][]string{{"file", "raw", "gzip -9", "brotli 11"}}
	for _, f := range w.Files {
		rows = append(rows, []string{f.Name, thousands(int64(f.Raw)), thousands(int64(f.Gzip)), thousands(int64(f.Brotli))})
	}
	parts := [][]string{{"section", "bytes"}}
	for _, s := range w.Sections {
		parts = append(parts, []string{s.Name, thousands(int64(s.Size))})
	}
	const most = 15
	list := [][]string{{"package", "bytes of code"}}
	rest := 0
	for i, p := range w.Packages {
		if i >= most {
			rest += p.Size
			continue
		}
		list = append(list, []string{p.Name, thousands(int64(p.Size))})
	}
	list = append(list, []string{"all others", thousands(int64(rest))})
	return table(rows) + "\n" + table(parts) + "\n" + table(list)
}
