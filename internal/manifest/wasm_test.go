package manifest

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckWasm(t *testing.T) {
	goFrontend := &Dev{Frontends: map[string]Frontend{"main": {Package: "./frontend"}}}
	for _, c := range []struct {
		name, old, new string
		dev            *Dev
		file           string
		place, fix     string // empty: no error
	}{
		{name: "allowed", dev: goFrontend, file: "static/app.wasm"},
		{name: "no WebAssembly", old: "unsafe-eval", new: "unsafe-hashes"},
		{"Go front end, other scripts", "unsafe-eval", "unsafe-hashes", goFrontend, "", "40:5", "Add under scripts:\n  - unsafe-eval"},
		{"file in a folder", "unsafe-eval", "unsafe-hashes", nil, "static/js/app.wasm", "40:5", "Add under scripts:\n  - unsafe-eval"},
		{"empty scripts", "scripts:\n      - unsafe-eval\n", "scripts:\n", goFrontend, "", "40:5", "Add under scripts:\n  - unsafe-eval"},
		{"no scripts", "    scripts:\n      - unsafe-eval\n", "", nil, "static/app.wasm", "39:3", "Add under content:\n  scripts:\n    - unsafe-eval"},
		{"no content", "  content:\n    scripts:\n      - unsafe-eval\n    styles:\n      - unsafe-inline\n", "", nil, "static/app.wasm", "34:1", "Add under permissions:\n  content:\n    scripts:\n      - unsafe-eval"},
		{"no permissions", tasks[strings.Index(tasks, "permissions:"):], "", nil, "static/app.wasm", "29:5", "Add to the file:\n  permissions:\n    content:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(tasks, c.old, c.new, 1)
			if c.name == "no permissions" {
				text = strings.ReplaceAll(text, "enabled: true", "enabled: false")
			}
			files := []string{"manifest.yml", text}
			if c.file != "" {
				files = append(files, c.file, "\x00asm")
			}
			m, err := Load(app(t, files...))
			if err != nil {
				t.Fatal(err)
			}
			err = m.CheckWasm(c.dev)
			if c.place == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := errors.AsType[*Error](err)
			if !ok || !strings.Contains(e.Error(), "manifest.yml:"+c.place+":") || !strings.Contains(e.Fix, c.fix) || !strings.Contains(e.Fix, "admins must consent") {
				t.Errorf("got:\n%v", err)
			}
		})
	}
}

func TestCheckWasmWithoutSource(t *testing.T) {
	m := &Manifest{Dir: app(t, "static/x.wasm", "\x00asm"), Resources: []Resource{{Key: "main", Path: "static"}}}
	if err := m.CheckWasm(nil); err == nil || !strings.Contains(err.Error(), "static/x.wasm") {
		t.Errorf("got %v, want an error that contains %q", err, "static/x.wasm")
	}
}
