package bundle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tinyFlags make the program small, as buildFlags do for Go's compiler.
//
// -opt=z and -opt=s would make it a sixth smaller. But then each goroutine's stack refers to that of the previous
// one, and none is ever freed: 128 KiB for each goroutine that has waited. A stack does not grow, and TinyGo's
// default of 64 KiB is too small for JSON that nests as deeply as bridge allows.
var tinyFlags = []string{"-target=wasm", "-opt=2", "-no-debug", "-stack-size=128KB"}

// How a panic ends the program: by a trap, or after printing its text, which makes a program a fifth larger.
const (
	tinySilent = "-panic=trap"
	tinyLoud   = "-panic=print"
)

// TinyGoFlags returns the flags of the tinygo command. If panics is set, the program prints its panics.
func TinyGoFlags(panics bool) []string {
	if panics {
		return append(slices.Clone(tinyFlags), tinyLoud)
	}
	return append(slices.Clone(tinyFlags), tinySilent)
}

// tinyTags make the go command select the files that TinyGo compiles.
const tinyTags = "-tags=tinygo"

// tinygo is the tinygo command, which needs the go command beside it.
type tinygo struct {
	*toolchain
	flags []string
	// target is what TinyGo says of its target for pages, and tags the flag for the build tags that it has there.
	target, tags string
	// packages are those of the program.
	packages []tinyPackage
}

// newTinygo finds the compiler, and checks that it can compile the program.
func newTinygo(ctx context.Context, t *toolchain, panics bool) (*tinygo, error) {
	c := &tinygo{toolchain: t, flags: TinyGoFlags(panics)}
	if _, err := c.root(ctx); err != nil {
		return nil, err
	}
	var err error
	if c.target, err = c.command(ctx, ErrNoTinyGo, "tinygo", "info", "-json", tinyFlags[0]); err != nil {
		return nil, err
	}
	var target struct {
		Tags []string `json:"build_tags"`
	}
	if err := json.Unmarshal([]byte(c.target), &target); err != nil {
		return nil, fmt.Errorf("the output of tinygo info: %w", err)
	}
	c.tags = "-tags=" + strings.Join(target.Tags, ",")
	if c.packages, err = c.list(ctx); err != nil {
		return nil, err
	}
	if chain := importChain(c.packages, "net/http"); chain != nil {
		return nil, fmt.Errorf("%s: %w: %s", t.dir, ErrTinyGoLacks, strings.Join(chain, " imports "))
	}
	return c, nil
}

// tinyPackage is what "go list" prints of a package. Source: https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
type tinyPackage struct {
	ImportPath, Dir, DefaultGODEBUG                                string
	Standard, Incomplete                                           bool
	Module                                                         *struct{ Dir, GoMod, GoVersion string }
	Imports, GoFiles, CgoFiles, CFiles, HFiles, SFiles, EmbedFiles []string
}

// list returns the packages of the program, each after all its imports. As for TinyGo, files with C code belong to it.
func (c *tinygo) list(ctx context.Context) (all []tinyPackage, err error) {
	t := *c.toolchain
	t.env = append(t.env[:len(t.env):len(t.env)], "CGO_ENABLED=1")
	const fields = "ImportPath,Dir,DefaultGODEBUG,Standard,Incomplete,Module,Imports,GoFiles,CgoFiles,CFiles,HFiles,SFiles,EmbedFiles"
	list, err := t.run(ctx, "list", "-e", "-deps", "-json="+fields, c.tags, ".")
	if err != nil {
		return nil, err
	}
	err = decodeAll(list, func(p tinyPackage) { all = append(all, p) })
	return all, err
}

// importChain returns how a program imports a package: the packages from the program, which is the last one, to that
// package. It returns nil if the program does not import it.
func importChain(packages []tinyPackage, wanted string) []string {
	chain := []string{wanted}
	// Each package comes after all its imports.
	for _, p := range packages {
		if slices.Contains(p.Imports, chain[0]) {
			chain = append([]string{p.ImportPath}, chain...)
		}
	}
	if len(chain) == 1 || chain[0] != packages[len(packages)-1].ImportPath {
		return nil
	}
	return chain
}

func (c *tinygo) root(ctx context.Context) (string, error) {
	root, err := c.command(ctx, ErrNoTinyGo, "tinygo", "env", "TINYGOROOT")
	return strings.TrimSpace(root), err
}

// wasmExec reads TinyGo's own wasm_exec.js. Go's file does not start TinyGo's programs.
func (c *tinygo) wasmExec(ctx context.Context) ([]byte, error) {
	root, err := c.root(ctx)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(root, "targets", wasmExecName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", root, ErrNoTinyWasmExec)
	}
	return data, err
}

// compile returns the program's bytes. If nothing has changed since it compiled them before, it takes them from the user's
// cache.
func (c *tinygo) compile(ctx context.Context) ([]byte, error) {
	cache, before := userPrograms(), c.inputs(ctx, c.packages)
	if program := cache.load(before); program != nil {
		return program, nil
	}
	program, err := c.build(ctx)
	if err != nil || before == nil {
		return program, err
	}
	if packages, err := c.list(ctx); err == nil {
		cache.store(before, c.inputs(ctx, packages), program)
	}
	return program, nil
}

func (c *tinygo) build(ctx context.Context) ([]byte, error) {
	overlay, err := c.overlay(ctx)
	if err != nil {
		return nil, err
	}
	flags, err := c.run(ctx, "env", "GOFLAGS")
	if err != nil {
		return nil, err
	}
	t := *c.toolchain
	t.env = withGoFlag(t.env, strings.TrimSpace(flags), overlay)
	_, err = t.command(ctx, ErrNoTinyGo, "tinygo", slices.Concat([]string{"build"}, c.flags, []string{"-o", t.output(), "."})...)
	if e, ok := errors.AsType[*CompileError](err); ok {
		e.Output = withoutWarnings(e.Output)
	}
	if err != nil {
		return nil, err
	}
	return t.program()
}

// overlay writes an overlay with which the go command tells TinyGo that the program imports package bytes. It returns
// the flag for it.
//
// This saves about 30 KB. TinyGo runs package initialisers at compile time and leaves out what is then not used:
// nearly all the tables of package unicode. For maps, it cannot do that in packages that come after syscall/js, which
// only works at run time. Packages come in the order of the program's imports, which are in alphabetical order, and
// package context needs time, which needs syscall/js. If bytes comes first, unicode comes before syscall/js.
func (c *tinygo) overlay(ctx context.Context) (flag string, err error) {
	files, err := c.run(ctx, "list", c.tags, "-f", `{{.Dir}}{{range .GoFiles}}{{"\n"}}{{.}}{{end}}`, ".")
	if err != nil {
		return "", err
	}
	names := strings.Split(strings.TrimSpace(files), "\n")
	if len(names) < 2 {
		return "", nil // the compiler will report the problem
	}
	name := filepath.Join(names[0], names[1])
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, text, parser.PackageClauseOnly)
	if err != nil {
		return "", nil // the compiler will report the problem
	}
	end := set.Position(parsed.Name.End()).Offset
	changed := filepath.Join(c.temp, "program.go")
	if err := os.WriteFile(changed, slices.Concat(text[:end], []byte(`; import _ "bytes"`), text[end:]), 0o600); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{name: changed}})
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.temp, "overlay.json")
	return "-overlay=" + file, os.WriteFile(file, replace, 0o600)
}

// withGoFlag returns env with GOFLAGS set to flags and one more flag. flags are what "go env GOFLAGS" prints.
func withGoFlag(env []string, flags, flag string) []string {
	if flag == "" {
		return env
	}
	if strings.ContainsAny(flag, " \t") {
		flag = "'" + flag + "'"
	}
	return append(env[:len(env):len(env)], "GOFLAGS="+strings.TrimSpace(flags+" "+flag))
}

// withoutWarnings removes a message that a TinyGo built with an older LLVM prints for each build.
func withoutWarnings(output string) string {
	var lines []string
	for line := range strings.Lines(output) {
		if !strings.Contains(line, "is not a recognized feature for this target (ignoring feature)") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
