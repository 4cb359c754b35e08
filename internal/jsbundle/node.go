package jsbundle

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// BuildError says why modules of the user cannot be bundled.
type BuildError struct {
	// Faults are at least one.
	Faults []Fault
}

// Fault is a fault in a file. If File is empty, it is in no particular one.
type Fault struct {
	File string
	// Line counts from 1, and Column from 1 in bytes.
	Line, Column int
	// Source is the text of the line.
	Source, Message string
}

// Error returns a line for each fault.
func (e *BuildError) Error() string {
	var lines []string
	for _, f := range e.Faults {
		text := f.Message
		if f.File != "" {
			text = fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// Node returns a script for Node.js that has the module entry and all modules that it imports, from the files below dir and
// from node_modules. The entry is the text of a module in dir, and out is where the script will be: its source map, which is a
// part of it, names the files relative to that. inputs are the files that were read, as absolute paths. The error is a
// *BuildError if the modules are not valid.
func Node(dir, entry, out string) (script []byte, inputs []string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, nil, err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:  dir,
		Stdin:          &api.StdinOptions{Contents: entry, ResolveDir: dir, Sourcefile: "forgego-functions.js"},
		Outfile:        out,
		Bundle:         true,
		Platform:       api.PlatformNode,
		Format:         api.FormatCommonJS,
		Engines:        []api.Engine{{Name: api.EngineNode, Version: "20"}},
		Sourcemap:      api.SourceMapInline,
		SourcesContent: api.SourcesContentExclude,
		Metafile:       true,
		Define:         importMetaNames,
		Plugins:        []api.Plugin{importMeta()},
	})
	if len(result.Errors) > 0 {
		failed := &BuildError{}
		for _, m := range result.Errors {
			f := Fault{Message: m.Text}
			if at := m.Location; at != nil && at.File != "" {
				f.File, f.Line, f.Column, f.Source = filepath.Join(dir, filepath.FromSlash(at.File)), at.Line, at.Column+1, at.LineText
			}
			if module, ok := strings.CutPrefix(m.Text, `Could not resolve "`); ok {
				if fix := howToResolve(dir, strings.TrimSuffix(module, `"`)); fix != "" {
					f.Message += ". " + fix
				}
			}
			failed.Faults = append(failed.Faults, f)
		}
		return nil, nil, failed
	}
	var meta struct {
		Inputs map[string]struct{} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, nil, err
	}
	for name := range meta.Inputs {
		if name != "forgego-functions.js" && !strings.HasPrefix(name, "import-meta:") {
			inputs = append(inputs, filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	slices.Sort(inputs)
	return result.OutputFiles[0].Contents, inputs, nil
}
