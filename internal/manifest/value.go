package manifest

import (
	"errors"
	"io/fs"
)

// Value returns the whole of dir/manifest.yml as JSON, as Forge reads it, with its variables replaced: a
// map[string]any of nil, bool, float64, string, []any and map[string]any. It returns nil if there is no such file.
// Load reports what is wrong in it.
func Value(dir string) (any, error) {
	src, err := openSource(dir, "manifest.yml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	src.readVariables()
	return src.root.json(), nil
}

// ParseYAML returns the value of a YAML text as JSON, as Forge reads it. The file's name is for errors.
func ParseYAML(file string, text []byte) (any, error) {
	src, err := parseSource(file, text)
	if err != nil {
		return nil, err
	}
	return src.root.json(), nil
}
