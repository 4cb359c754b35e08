package bundle

import (
	"context"
	"errors"
	"fmt"
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
	// Only -C may stand before. As in "go run", the version control system is not asked.
	command := r.Build(out)
	at := 2
	if r.Dir != "" {
		at = 4
	}
	command = append(command[:at:at], append([]string{"-buildvcs=false"}, command[at:]...)...)
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

// WorkDir returns the folder in which the program runs if the command runs in dir.
func (r GoRun) WorkDir(dir string) string {
	if filepath.IsAbs(r.Dir) {
		return r.Dir
	}
	return filepath.Join(dir, r.Dir)
}
