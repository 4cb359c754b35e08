package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// buildFlags make the program small and the same on every machine: no paths, no symbols, no version control state.
var buildFlags = []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w"}

// toolchain is the go command as it is in the program's folder: a go.mod there may choose another Go version.
type toolchain struct {
	dir string
	env []string
}

// wasmExecName is the name of the file by which a compiler starts its programs.
const wasmExecName = "wasm_exec.js"

// compiler makes a program, and gives the wasm_exec.js that starts it.
type compiler interface {
	wasmExec(ctx context.Context) ([]byte, error)
	compile(ctx context.Context) ([]byte, error)
}

// newCompiler gives the compiler that was asked for, if it is there and can compile the program.
func newCompiler(ctx context.Context, o Options) (compiler, error) {
	t, err := newToolchain(ctx, o)
	if err != nil {
		return nil, err
	}
	switch o.Compiler {
	case "", Go:
		return t, nil
	case TinyGo:
		return newTinygo(ctx, t, o.Panics)
	}
	return nil, fmt.Errorf("there is no compiler %q; there are %s and %s", o.Compiler, Go, TinyGo)
}

func newToolchain(ctx context.Context, o Options) (*toolchain, error) {
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	t := &toolchain{
		dir: filepath.Join(o.Dir, filepath.FromSlash(o.Package)),
		env: append(env[:len(env):len(env)], "GOOS=js", "GOARCH=wasm"),
	}
	name, err := t.run(ctx, "list", "-find", "-f", "{{.Name}}", ".")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(name) != "main" {
		return nil, fmt.Errorf("%s: this is package %s, but %w", t.dir, strings.TrimSpace(name), ErrNotMain)
	}
	return t, nil
}

// wasmExec reads the file that belongs to the toolchain in use: another version's does not start the program.
func (t *toolchain) wasmExec(ctx context.Context) ([]byte, error) {
	root, err := t.run(ctx, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	return readWasmExec(strings.TrimSpace(root))
}

func readWasmExec(root string) ([]byte, error) {
	for _, folder := range []string{"lib", "misc"} { // misc until Go 1.23
		data, err := os.ReadFile(filepath.Join(root, folder, "wasm", wasmExecName))
		if err == nil {
			return data, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: %w", root, ErrNoWasmExec)
}

// compile returns the program's bytes.
func (t *toolchain) compile(ctx context.Context) ([]byte, error) {
	return compiled(func(file string) error {
		_, err := t.run(ctx, append(append([]string{"build"}, buildFlags...), "-o", file, ".")...)
		return err
	})
}

// compiled gives what build writes into a file.
func compiled(build func(file string) error) ([]byte, error) {
	temp, err := os.MkdirTemp("", "forgego-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	file := filepath.Join(temp, Program)
	if err := build(file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// run gives the go command's output, or a *CompileError with what it said.
func (t *toolchain) run(ctx context.Context, args ...string) (string, error) {
	return t.command(ctx, ErrNoGo, "go", args...)
}

// command gives a compiler's output, or a *CompileError with what it said; missing, if it is not installed.
func (t *toolchain) command(ctx context.Context, missing error, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = t.dir, t.env
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return "", missing
	case err != nil && stderr.Len() == 0:
		return "", fmt.Errorf("%s: %s %s: %w", t.dir, name, args[0], err)
	case err != nil:
		return "", &CompileError{Package: t.dir, Output: relocate(strings.TrimSpace(stderr.String()), t.dir)}
	}
	return stdout.String(), nil
}

// interrupt asks a compiler to end, so that it removes its work folder; where signals do not exist it kills.
func interrupt(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err == nil || errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.Kill()
}

// place is a position at the start of a line, "./main.go:3:5" or "main.go:3:5", as the compiler writes it.
var place = regexp.MustCompile(`(?m)^((?:vet: )?)((?:\./|\.\./)*[^\s:]+\.go)(:\d+)`)

// relocate makes the compiler's paths, relative to the program's folder, relative to this process's.
func relocate(text, dir string) string {
	return place.ReplaceAllStringFunc(text, func(match string) string {
		m := place.FindStringSubmatch(match)
		file := filepath.Join(dir, filepath.FromSlash(m[2]))
		if _, err := os.Stat(file); filepath.IsAbs(m[2]) || err != nil {
			return match
		}
		return m[1] + file + m[3]
	})
}
