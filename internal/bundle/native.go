package bundle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/supervise"
)

// Compile builds the program that the command would run in dir, and writes it to out, an absolute path. When ctx ends, it
// ends the compiler.
//
// Errors: *CompileError with the compiler's own text, ErrNoGo, and the context's.
func (r GoRun) Compile(ctx context.Context, dir, out string) error {
	command := r.Build(out)
	stdout, stderr, err := supervise.Command{Args: command, Dir: dir}.Run(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return ErrNoGo
	}
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		if text := strings.TrimSpace(string(stdout) + string(stderr)); text != "" {
			in := r.WorkDir(dir)
			return &CompileError{Package: filepath.Join(in, r.Packages[0]), Output: relocate(text, in)}
		}
	}
	return fmt.Errorf("%s: %w", strings.Join(command, " "), err)
}

// Env returns the variables that the command adds to the program's environment when it runs in dir: PATH, with the folder
// of the selected toolchain's commands first. Source: https://github.com/golang/go/blob/go1.26.0/src/cmd/go/internal/base/env.go
//
// Errors: as those of Compile.
func (r GoRun) Env(ctx context.Context, dir string) ([]string, error) {
	in := toolchain{dir: r.WorkDir(dir), env: os.Environ()}
	root, err := in.run(ctx, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(strings.TrimSpace(root), "bin")
	if rest := os.Getenv("PATH"); rest != "" {
		path += string(filepath.ListSeparator) + rest
	}
	return []string{"PATH=" + path}, nil
}

// WorkDir returns the folder in which the program runs if the command runs in dir.
func (r GoRun) WorkDir(dir string) string {
	if filepath.IsAbs(r.Dir) {
		return r.Dir
	}
	return filepath.Join(dir, r.Dir)
}
