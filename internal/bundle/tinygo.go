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
}

// newTinygo finds the compiler, and checks that it can compile the program.
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

// importChain returns how a program imports a package: the packages from the program, which is the last line of the
// list, to that package. It returns nil if the program does not import it. Each line is a package and its imports.
func importChain(list, wanted string) []string {
	lines := strings.Split(strings.TrimSpace(list), "\n")
	chain := []string{wanted}
	// Each package comes after all its imports.
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

func (c *tinygo) compile(ctx context.Context) ([]byte, error) {
	overlay, err := c.overlay(ctx)
	if err != nil {
		return nil, err
	}
	t := *c.toolchain
	t.env = withGoFlag(t.env, overlay)
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
	files, err := c.run(ctx, "list", tinyTags, "-f", `{{.Dir}}{{range .GoFiles}}{{"\n"}}{{.}}{{end}}`, ".")
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

// withGoFlag adds a flag to the variable GOFLAGS, which the go command that TinyGo calls reads.
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
