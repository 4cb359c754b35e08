package bundle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/wasmjumps"
)

// buildFlags make the program small and the same on every machine: no paths, no symbols, no version control state.
var buildFlags = []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w"}

// toolchain is the go command in the program's folder. A go.mod there may select another Go version.
type toolchain struct {
	dir  string
	env  []string
	root string // the installation
	// temp is for all files that the compilers write. It is removed as a whole, because a compiler that is stopped
	// leaves its own folders behind.
	temp string
}

// wasmExecName is the name of the file with which a compiler starts its programs.
const wasmExecName = "wasm_exec.js"

// compiler builds a program and returns the wasm_exec.js that starts it.
type compiler interface {
	wasmExec(ctx context.Context) ([]byte, error)
	compile(ctx context.Context) ([]byte, error)
}

// compiler returns the requested compiler if it is installed and can compile the program.
func (t *toolchain) compiler(ctx context.Context, o Options) (compiler, error) {
	switch o.Compiler {
	case "", Go:
		return t, nil
	case TinyGo:
		return newTinygo(ctx, t, o.Panics)
	}
	return nil, fmt.Errorf("unknown compiler %q; use %s or %s", o.Compiler, Go, TinyGo)
}

// newToolchain finds the go command and checks the package. The caller must call remove.
func newToolchain(ctx context.Context, o Options) (*toolchain, error) {
	t := frontend(o)
	if err := t.prepare(ctx); err != nil {
		t.remove()
		return nil, err
	}
	return t, nil
}

// frontend returns the go command as it builds a front end.
func frontend(o Options) *toolchain {
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	return &toolchain{
		dir: filepath.Join(o.Dir, filepath.FromSlash(o.Package)),
		env: append(env[:len(env):len(env)], "GOOS=js", "GOARCH=wasm"),
	}
}

func (t *toolchain) prepare(ctx context.Context) error {
	settings, err := t.run(ctx, "env", "GOROOT", "GOTMPDIR")
	if err != nil {
		return err
	}
	root, parent, _ := strings.Cut(settings, "\n")
	t.root = strings.TrimSpace(root)
	if t.temp, err = os.MkdirTemp(strings.TrimSpace(parent), "forgego-"); err != nil {
		return err
	}
	if t.temp, err = filepath.Abs(t.temp); err != nil {
		return err
	}
	for _, name := range []string{"GOTMPDIR", "TMPDIR", "TMP", "TEMP"} {
		t.env = append(t.env, name+"="+t.temp)
	}
	name, err := t.run(ctx, "list", "-find", "-f", "{{.Name}}", ".")
	if err != nil {
		return err
	}
	if name := strings.TrimSpace(name); name != "main" {
		return fmt.Errorf("%s: this is package %s, but %w", t.dir, name, ErrNotMain)
	}
	return nil
}

// remove removes the temporary folder.
func (t *toolchain) remove() {
	if t.temp != "" {
		_ = retryWhileInUse(func() error { return os.RemoveAll(t.temp) })
	}
}

// wasmExec reads the wasm_exec.js of the selected toolchain. A file of another version does not start the program.
func (t *toolchain) wasmExec(context.Context) ([]byte, error) { return readWasmExec(t.root) }

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
	_, err := t.run(ctx, append(append([]string{"build"}, buildFlags...), "-o", t.output(), ".")...)
	if err != nil {
		return nil, err
	}
	data, err := t.program()
	if err != nil {
		return nil, err
	}
	return wasmjumps.Rewrite(data)
}

// output is the file that a compiler writes.
func (t *toolchain) output() string { return filepath.Join(t.temp, Program) }

// program reads that file.
func (t *toolchain) program() ([]byte, error) {
	data, err := os.ReadFile(t.output())
	if err != nil {
		return nil, err
	}
	if err := checkProgram(data); err != nil {
		return nil, fmt.Errorf("%s: %w. Is the disk full? The compiler works in %s; set GOTMPDIR to use another folder", t.dir, err, filepath.Dir(t.temp))
	}
	return data, nil
}

// run returns the go command's output, or a *CompileError.
func (t *toolchain) run(ctx context.Context, args ...string) (string, error) {
	return t.command(ctx, ErrNoGo, "go", args...)
}

// command returns a compiler's output, or a *CompileError. If the compiler is not installed, it returns missing.
func (t *toolchain) command(ctx context.Context, missing error, name string, args ...string) (string, error) {
	c := supervise.Command{Args: append([]string{name}, args...), Dir: t.dir, Env: t.env, Temp: t.temp}
	stdout, stderr, err := c.Run(ctx)
	if err == nil {
		return string(stdout), nil
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if errors.Is(err, exec.ErrNotFound) {
		return "", missing
	}
	if _, ok := errors.AsType[*exec.ExitError](err); ok && len(stderr) > 0 {
		return "", &CompileError{Package: t.dir, Output: relocate(strings.TrimSpace(string(stderr)), t.dir)}
	}
	if info, statErr := os.Stat(t.dir); errors.Is(statErr, os.ErrNotExist) || statErr == nil && !info.IsDir() {
		return "", fmt.Errorf("%w: %s", ErrNoFolder, t.dir)
	}
	return "", fmt.Errorf("%s: %s %s: %w", t.dir, name, args[0], err)
}

// place matches a position at the start of a line, such as "./main.go:3:5", "main.go:3:5" or "../go.mod:3", in the compiler's form.
var place = regexp.MustCompile(`(?m)^((?:vet: )?)((?:\./|\.\./)*[^\s:]+\.(?:go|mod|work))(:\d+)`)

// relocate changes the compiler's paths, which are relative to the program's folder, to be relative to this process's
// folder.
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
