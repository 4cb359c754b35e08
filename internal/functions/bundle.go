package functions

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/jsbundle"
	"github.com/forgego/forgego/internal/manifest"
)

//go:embed runtime.mjs
var runtime []byte

// The names of the files of a program, in its folder.
const (
	runtimeFile = "runtime.mjs"
	bundleFile  = "functions.cjs"
)

// ModuleOf returns the name of a function's file, as handlers have it.
func ModuleOf(f manifest.Function) string {
	return strings.TrimSuffix(f.Handler, "."+f.Export)
}

// Bundle bundles the files of handlers in an app's folder, and writes the program that runs them into the folder to. It returns
// the files that it has read. The error is a *jsbundle.BuildError if the files are not valid.
func Bundle(dir string, handlers []manifest.Function, to string) (inputs []string, err error) {
	files := map[string]string{}
	for _, f := range handlers {
		files[ModuleOf(f)] = f.File
	}
	missing := &jsbundle.BuildError{}
	var entry strings.Builder
	entry.WriteString("exports.modules = {\n")
	for _, module := range slices.Sorted(maps.Keys(files)) {
		// esbuild would name our entry, which is not a file.
		if path := filepath.Join(dir, filepath.FromSlash(files[module])); !exists(path) {
			missing.Faults = append(missing.Faults, jsbundle.Fault{Message: fmt.Sprintf("the file %s of handlers in manifest.yml does not exist", files[module])})
		}
		fmt.Fprintf(&entry, "  %q: () => import(%q),\n", module, "./"+files[module])
	}
	entry.WriteString("};\n")
	if len(missing.Faults) > 0 {
		return nil, missing
	}
	if err := os.MkdirAll(to, 0o700); err != nil { // Systems clean up their temporary folders.
		return nil, err
	}
	// The source map leads from one to the other, and Node.js follows links before it reads the map.
	for _, path := range []*string{&dir, &to} {
		if *path, err = filepath.Abs(*path); err == nil {
			*path, err = filepath.EvalSymlinks(*path)
		}
		if err != nil {
			return nil, err
		}
	}
	script, inputs, err := jsbundle.Node(dir, entry.String(), filepath.Join(to, bundleFile))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(to, runtimeFile), runtime, 0o600); err != nil {
		return nil, err
	}
	return inputs, os.WriteFile(filepath.Join(to, bundleFile), script, 0o600)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
