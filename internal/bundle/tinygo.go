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
// -opt=z and -opt=s would make it a sixth smaller, but then each goroutine's stack refers to that of the one before, and
// none is ever freed: 128 KiB for each goroutine that has waited. A stack does not grow; TinyGo's own 64 KiB are too few
// for JSON that is nested as deeply as bridge takes it.
var tinyFlags = []string{"-target=wasm", "-opt=2", "-no-debug", "-stack-size=128KB"}

// How a panic ends the program: by a trap, or with its text first, which makes a program a fifth larger.
const (
	tinySilent = "-panic=trap"
	tinyLoud   = "-panic=print"
)

// TinyGoFlags are the flags of the tinygo command for a program that says what it panics with, or for one that does not.
func TinyGoFlags(panics bool) []string {
	if panics {
		return append(slices.Clone(tinyFlags), tinyLoud)
	}
	return append(slices.Clone(tinyFlags), tinySilent)
}

// tinyTags choose the files that TinyGo compiles, for the go command.
const tinyTags = "-tags=tinygo"

// tinygo is the tinygo command, which needs the go command beside it.
type tinygo struct {
	*toolchain
	flags []string
}

// newTinygo finds the compiler, and what in the program it cannot compile.
func newTinygo(ctx context.Context, t *toolchain, panics bool) (*tinygo, error) {
	c := &tinygo{t, TinyGoFlags(panics)}
	if _, err := c.root(ctx); err != nil {
		return nil, err
	}
	list, err := t.run(ctx, "list", "-e", "-deps", tinyTags, "-f", `{{.ImportPath}} {{join .Imports " "}}`, ".")
	if err != nil {
		return nil, err
	}
	if chain := importChain(list, "net/http"); chain != nil {
		return nil, fmt.Errorf("%s: %w: %s", t.dir, ErrTinyGoLacks, strings.Join(chain, " imports "))
	}
	return c, nil
}

// importChain tells how a program comes to import a package: the packages from the program, which is the last line of
// the list, down to that one; nil if it does not. Each line has a package and what it imports.
func importChain(list, wanted string) []string {
	lines := strings.Split(strings.TrimSpace(list), "\n")
	chain := []string{wanted}
	// A package stands behind all that it imports.
	for _, line := range lines {
		fields := strings.Fields(line)
		if len(fields) > 1 && slices.Contains(fields[1:], chain[0]) {
			chain = append([]string{fields[0]}, chain...)
		}
	}
	program, _, _ := strings.Cut(lines[len(lines)-1], " ")
	if chain[0] != program || len(chain) == 1 {
		return nil
	}
	return chain
}

func (c *tinygo) root(ctx context.Context) (string, error) {
	root, err := c.command(ctx, ErrNoTinyGo, "tinygo", "env", "TINYGOROOT")
	return strings.TrimSpace(root), err
}

// wasmExec reads TinyGo's own file: Go's does not start its programs.
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

func (c *tinygo) compile(ctx context.Context) ([]byte, error) {
	overlay, err := c.overlay(ctx)
	if err != nil {
		return nil, err
	}
	t := *c.toolchain
	t.env = withGoFlag(t.env, overlay)
	_, err = t.command(ctx, ErrNoTinyGo, "tinygo", slices.Concat([]string{"build"}, c.flags, []string{"-o", t.output(), "."})...)
	if e, ok := errors.AsType[*CompileError](err); ok {
		e.Output = withoutNoise(e.Output)
	}
	if err != nil {
		return nil, err
	}
	return t.program()
}

// overlay writes what has the go command tell TinyGo that the program imports package bytes, and returns the flag for it.
//
// It saves some 30 KB. TinyGo runs what initialises packages while it compiles, and leaves out what is not used then: of
// the tables of package unicode, nearly all. It can do so no more for maps of packages that come behind syscall/js, which
// works at run time only. Packages come in the order in which the program's imports need them, the imports in that of
// the alphabet, and package context needs time, which needs syscall/js. With bytes in front of it, unicode comes first.
func (c *tinygo) overlay(ctx context.Context) (flag string, err error) {
	files, err := c.run(ctx, "list", tinyTags, "-f", `{{.Dir}}{{range .GoFiles}}{{"\n"}}{{.}}{{end}}`, ".")
	if err != nil {
		return "", err
	}
	names := strings.Split(strings.TrimSpace(files), "\n")
	if len(names) < 2 {
		return "", nil // the compiler tells what is wrong
	}
	name := filepath.Join(names[0], names[1])
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, text, parser.PackageClauseOnly)
	if err != nil {
		return "", nil // the compiler tells what is wrong
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

// withGoFlag adds a flag to the variable GOFLAGS, by which it comes to the go command that TinyGo calls.
func withGoFlag(env []string, flag string) []string {
	if flag == "" {
		return env
	}
	if strings.ContainsAny(flag, " \t") {
		flag = "'" + flag + "'"
	}
	all := flag
	for _, v := range env {
		if flags, ok := strings.CutPrefix(v, "GOFLAGS="); ok {
			all = strings.TrimSpace(flags + " " + flag)
		}
	}
	return append(env[:len(env):len(env)], "GOFLAGS="+all)
}

// withoutNoise leaves out what a TinyGo that was built with an older LLVM says about each build.
func withoutNoise(output string) string {
	var lines []string
	for line := range strings.Lines(output) {
		if !strings.Contains(line, "is not a recognized feature for this target (ignoring feature)") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
