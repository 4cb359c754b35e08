// Package program builds the programs of the folder test/programs, which the tests run in a page.
package program

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/forgego/forgego/internal/bundle"
)

// Build builds the program test/programs/NAME into the folder out, as "forgego build" does. It sets the folders in o.
func Build(ctx context.Context, name, out string, o bundle.Options) error {
	dir, err := Dir(name)
	if err != nil {
		return err
	}
	if o.Out, err = filepath.Rel(dir, out); err != nil {
		return err
	}
	o.Dir, o.Package = dir, "."
	_, err = bundle.Build(ctx, o)
	return err
}

// Dir returns the folder test/programs/NAME. The test must run in a folder of the module test.
func Dir(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return filepath.Join(dir, "programs", filepath.FromSlash(name)), nil
		}
		if parent := filepath.Dir(dir); !errors.Is(err, fs.ErrNotExist) || parent == dir {
			return "", err
		} else {
			dir = parent
		}
	}
}
