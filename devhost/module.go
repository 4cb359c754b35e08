package devhost

import (
	"fmt"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

func (h *Host) module(key string) (manifest.Module, error) {
	if m, ok := h.manifest.Module(key); ok {
		return m, nil
	}
	var keys []string
	for _, m := range h.manifest.Modules {
		keys = append(keys, m.Key)
	}
	if len(keys) == 0 {
		return manifest.Module{}, fmt.Errorf("%w %q: manifest.yml has no UI modules", ErrUnknownModule, key)
	}
	return manifest.Module{}, fmt.Errorf("%w %q: manifest.yml has %s", ErrUnknownModule, key, strings.Join(keys, ", "))
}
