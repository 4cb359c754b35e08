package newapp

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"golang.org/x/mod/modfile"
)

// Source is where an app finds forgego's packages.
type Source struct {
	// Version is the version in go.mod.
	Version string
	// Replace is the folder of a clone that is used instead, or empty. It is in the form of go.mod.
	Replace string
}

// noVersion stands in go.mod if a clone is used instead.
const noVersion = "v0.0.0"

// FindSource returns the source from which this program was built: a version, or a clone. If clone is not empty, it returns
// that one.
func FindSource(clone string) (Source, error) {
	if clone != "" {
		return cloneAt(clone, "Pass the folder of a clone of forgego to --forgego.")
	}
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Path == ownModule && info.Main.Sum != "" {
		return Source{Version: info.Main.Version}, nil // go install has checked this version
	}
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return Source{}, errors.New("this forgego was built with -trimpath, so it does not know its clone; pass the clone's folder to --forgego")
	}
	return cloneAt(filepath.Join(filepath.Dir(file), "../.."), "This forgego was built there. Install it again from a clone, by go install ./cmd/forgego, or pass the clone's folder to --forgego.")
}

func cloneAt(dir, remedy string) (Source, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Source{}, err
	}
	text, err := os.ReadFile(filepath.Join(abs, "go.mod"))
	if err != nil || modfile.ModulePath(text) != ownModule {
		return Source{}, fmt.Errorf("%s is not a clone of forgego: it has no go.mod of %s. %s", abs, ownModule, remedy)
	}
	return Source{Version: noVersion, Replace: modfile.AutoQuote(filepath.ToSlash(abs))}, nil
}
