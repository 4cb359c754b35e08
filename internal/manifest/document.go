package manifest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Document is the whole of a manifest.yml with the place of each value, as Forge reads it: aliases are replaced by
// what they refer to, and variables by their values.
type Document struct {
	// File is the file's path, made from the folder passed to ReadDocument.
	File string
	// Root is a mapping.
	Root *Part
	// Faults are the uses of environment variables that have no value.
	Faults []*Error
	// Warnings are what Forge accepts, but reads differently from what was meant.
	Warnings []*Error

	src *source
}

// Kind is the kind of a value.
type Kind int

const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Mapping
)

// Part is a value of a document.
type Part struct {
	Kind Kind
	// Bool, Number and Text are the value of that kind.
	Bool   bool
	Number float64
	Text   string
	// Entries are those of a mapping, and Items those of a list, in the order of the file.
	Entries []Entry
	Items   []*Part
	// Line and Column count from 1 and are the value's place: its key, or the value itself in a list.
	Line, Column int
}

// Entry is one "key: value" of a mapping.
type Entry struct {
	Key  string
	Part *Part
}

// Get returns the value under a path of keys, or nil if there is none. A nil value has no entries.
func (v *Part) Get(path ...string) *Part {
	for _, key := range path {
		var next *Part
		if v != nil {
			for _, e := range v.Entries {
				if e.Key == key {
					next = e.Part
					break
				}
			}
		}
		v = next
	}
	return v
}

// Str returns the text under a path of keys, or "" if there is none.
func (v *Part) Str(path ...string) string {
	if at := v.Get(path...); at != nil {
		return at.Text
	}
	return ""
}

// List returns the items under a path of keys.
func (v *Part) List(path ...string) []*Part {
	if at := v.Get(path...); at != nil {
		return at.Items
	}
	return nil
}

// Is reports whether there is a value of a kind under a path of keys.
func (v *Part) Is(kind Kind, path ...string) bool {
	at := v.Get(path...)
	return at != nil && at.Kind == kind
}

// ReadDocument reads dir/manifest.yml. The error holds an *Error for each fault of its YAML.
func ReadDocument(dir string) (*Document, error) {
	file, text, err := readSource(dir, "manifest.yml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noManifest(dir)
	}
	if err != nil {
		return nil, err
	}
	return ParseDocument(file, text)
}

// ParseDocument returns the document of a text. The file's name is for errors.
func ParseDocument(file string, text []byte) (*Document, error) {
	src, err := parseTree(file, text)
	if err != nil {
		return nil, err
	}
	found := src.sorted()
	if slices.ContainsFunc(found, func(e *Error) bool { return !e.accepted }) {
		return nil, found
	}
	src.faults = nil
	if _, err := src.requireMapping(); err != nil {
		return nil, err
	}
	src.readVariables()
	return &Document{File: src.file, Root: src.root.part(), Faults: src.sorted(), Warnings: found, src: src}, nil
}

func noManifest(dir string) *Error {
	e := &Error{
		File: filepath.Join(dir, "manifest.yml"), Msg: "there is no such file",
		Fix: "Run the command in the folder of a Forge app, or pass that folder.",
	}
	if exists(filepath.Join(dir, "manifest.yaml")) {
		e.Fix = "Rename manifest.yaml to manifest.yml."
	}
	return e
}

// exists reports whether there is a file or a folder.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Fault returns an error that points at a place of the document.
func (d *Document) Fault(line, column int, fix, msg string) *Error {
	return d.src.at(line, column, fix, msg)
}

func (n node) part() *Part {
	v := &Part{}
	v.Line, v.Column = n.position()
	switch n.kind() {
	case mapping:
		v.Kind = Mapping
		for _, e := range n.entries() {
			v.Entries = append(v.Entries, Entry{e.key, e.value.part()})
		}
	case sequence:
		v.Kind = List
		for _, item := range n.items() {
			v.Items = append(v.Items, item.part())
		}
	case scalar:
		switch data := n.scalar().(type) {
		case bool:
			v.Kind, v.Bool = Bool, data
		case float64:
			v.Kind, v.Number = Number, data
		default:
			v.Kind, v.Text = Text, n.text()
		}
	}
	return v
}

// CheckWasm checks that the app's pages may compile WebAssembly, as Manifest.CheckWasm does, also if the manifest has other
// faults. dir is the app's folder, and dev may be nil.
func (d *Document) CheckWasm(dir string, dev *Dev) error {
	m := read(d.src)
	m.Dir = dir
	return m.CheckWasm(dev)
}
