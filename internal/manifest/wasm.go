package manifest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// CheckWasm checks that the app's pages may compile WebAssembly. A resource needs that if its folder holds a .wasm
// file, or if dev, which may be nil, has a Go front end for it. The error is an *Error that says which line to add.
func (m *Manifest) CheckWasm(dev *Dev) error {
	for _, script := range m.Content.Scripts {
		if script == "unsafe-eval" {
			return nil
		}
	}
	for _, r := range m.Resources {
		why := ""
		if dev != nil {
			if f, ok := dev.Frontends[r.Key]; ok && len(f.Command) == 0 {
				why = "the Go program " + f.Package
			}
		}
		if why == "" {
			if file := findWasm(filepath.Join(m.Dir, filepath.FromSlash(r.Path))); file != "" {
				why = path.Join(r.Path, file)
			}
		}
		if why != "" {
			return m.wasmFault(r, why)
		}
	}
	return nil
}

// wasmFault points at the nearest existing part of the manifest, and returns the lines that are missing below it.
func (m *Manifest) wasmFault(r Resource, why string) error {
	msg := "resource \"" + r.Key + "\" holds WebAssembly (" + why + "), which the app's policy does not let run"
	const consent = "\nOn your next deploy this makes a new major version: admins must consent to it."
	if m.src == nil {
		return &Error{File: filepath.Join(m.Dir, "manifest.yml"), Msg: msg, Fix: "Add unsafe-eval to permissions.content.scripts." + consent}
	}
	root := m.src.root
	at, fix := m.places["resource "+r.Key], "Add to the file:\n  permissions:\n    content:\n      scripts:\n        - unsafe-eval"
	for _, place := range []struct {
		path []string
		fix  string
	}{
		{[]string{"permissions", "content", "scripts"}, "Add under scripts:\n  - unsafe-eval"},
		{[]string{"permissions", "content"}, "Add under content:\n  scripts:\n    - unsafe-eval"},
		{[]string{"permissions"}, "Add under permissions:\n  content:\n    scripts:\n      - unsafe-eval"},
	} {
		if n := root.get(place.path...); n.yaml != nil { // also if it is empty
			at, fix = n, place.fix
			break
		}
	}
	line, column := at.position()
	return m.src.at(line, column, fix+consent, msg)
}

// findWasm returns the first .wasm file in a folder, relative to it with forward slashes, or "" if there is none.
func findWasm(folder string) string {
	found := ""
	_ = fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir
		}
		if !d.IsDir() && path.Ext(name) == ".wasm" {
			found = name
			return fs.SkipAll
		}
		return nil
	})
	return found
}
