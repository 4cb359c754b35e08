package newapp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/supervise"
)

// Tidy runs "go mod tidy" in the app's folder, which finds the modules that the app needs.
//
// Errors: bundle.ErrNoGo, the command's own text, and the context's.
func Tidy(ctx context.Context, dir string) error {
	// A workspace around the folder does not know the app's module yet.
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	_, stderr, err := supervise.Command{Args: []string{"go", "mod", "tidy"}, Dir: dir, Env: env}.Run(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return bundle.ErrNoGo
	}
	return fmt.Errorf("go mod tidy: %w\n%s", err, strings.TrimSpace(string(stderr)))
}

// Workspace returns the go.work file that the go command uses in a folder, or "".
func Workspace(dir string) string {
	if file := os.Getenv("GOWORK"); file != "" {
		if file == "off" {
			return ""
		}
		return file
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	file, _ := bundle.FindAbove(dir, "go.work")
	return file
}
