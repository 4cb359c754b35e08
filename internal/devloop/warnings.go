package devloop

import (
	"fmt"
	"maps"
	"slices"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/check/shape"
	"github.com/forgego/forgego/internal/manifest"
)

// noteWarnings reports the warnings about manifest.yml that another manifest, read before, did not have.
func (l *Loop) noteWarnings(before *manifest.Manifest) {
	var known []string
	if before != nil {
		known = warnings(before)
	}
	for _, text := range warnings(l.app.Manifest) {
		if !slices.Contains(known, text) {
			l.note("%s", text)
		}
	}
}

// warnings returns the manifest's warnings, each on one line.
func warnings(m *manifest.Manifest) (texts []string) {
	for _, e := range m.Warnings {
		texts = append(texts, fmt.Sprintf("manifest.yml:%d: %s", e.Line, e.Msg))
	}
	types := slices.Sorted(maps.Keys(forge.Modules()))
	for _, mod := range m.Modules {
		if !slices.Contains(types, mod.Type) {
			text := fmt.Sprintf("manifest.yml: Forge has no module type %s", mod.Type)
			if near := shape.Nearest(mod.Type, types); near != "" {
				text += "; did you mean " + near + "?"
			}
			texts = append(texts, text)
		}
	}
	return slices.Compact(texts)
}
