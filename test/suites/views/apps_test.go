package views

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/check"
)

// Whole apps of these kinds run, and forgego check finds nothing wrong with them, or what Forge refuses too.
func TestWholeApps(t *testing.T) {
	const (
		panel = "modules:\n  jira:issuePanel:\n    - {key: panel, title: Panel, icon: https://example.com/icon.svg, resource: main%s}\n%s"
		rest  = "resources:\n  - key: main\n    path: %s\napp:\n  runtime: {name: nodejs22.x}\n  id: " + appID + "\n"
		page  = "<!doctype html><title>x</title>"
	)
	app := func(more, modules, path string) string { return fmt.Sprintf(panel+rest, more, modules, path) }
	const resolver = ", resolver: {function: fn}"
	const function = "  function:\n    - {key: fn, handler: index.handler}\n"
	for name, tt := range map[string]struct {
		// files are the app's, by name. The app is in the folder dir of them.
		files map[string]string
		dir   string
		// notes are parts of what the terminal says, and problems of what forgego check reports.
		notes, problems []string
	}{
		"a resource outside of the app's folder": {
			dir: "app", files: map[string]string{"app/manifest.yml": app("", "", "../ui/dist"), "ui/dist/index.html": page},
		},
		"a development server": {files: map[string]string{"manifest.yml": strings.Replace(app("", "", "static"), "path: static", "path: static\n    tunnel: {port: 3917}", 1), "static/index.html": page}},
		"a context in forgego.yml": {
			files: map[string]string{"manifest.yml": app("", "", "static"), "static/index.html": page, "forgego.yml": "context:\n  extension:\n    issue: {key: REAL-7}\n"},
		},
		"a function that a command answers": {
			files: map[string]string{"manifest.yml": app("", "", "static"), "static/index.html": page, "forgego.yml": "functions:\n  \"*\":\n    command: [node, -e, \"throw new Error('no luck')\"]\n"},
		},
		"a resolver": {
			files: map[string]string{"manifest.yml": app(resolver, function, "static"), "static/index.html": page, "src/index.js": "export const handler = () => 1;\n"},
		},
		"a resolver without its file": {
			files:    map[string]string{"manifest.yml": app(resolver, function, "static"), "static/index.html": page},
			problems: []string{`the handler "index.handler" of function "fn" has no file`},
		},
		"UI Kit 1 beside Custom UI": {
			files: map[string]string{"manifest.yml": app("", "  jira:adminPage:\n    - {key: admin, title: Admin, function: fn}\n"+function, "static"), "static/index.html": page, "src/index.jsx": "export const handler = () => <p>x</p>;\n"},
			notes: []string{`does not show module "admin"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range tt.files {
				path := filepath.Join(root, filepath.FromSlash(name))
				err := os.MkdirAll(filepath.Dir(path), 0o700)
				if err == nil {
					err = os.WriteFile(path, []byte(text), 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			dir := filepath.Join(root, tt.dir)
			text, notes, err := run(t, dir)
			if err != nil || !strings.Contains(text, `href="/?module=panel"`) {
				t.Fatalf("got %v and\n%s", err, text)
			}
			var problems []string
			for _, p := range check.Run(t.Context(), check.Options{Dir: dir}) {
				problems = append(problems, p.Message)
			}
			for what, both := range map[string][2][]string{
				"the terminal": {strings.Split(strings.TrimSpace(notes), "\n"), tt.notes}, "forgego check": {problems, tt.problems},
			} {
				said, wanted := strings.Join(both[0], "\n"), both[1]
				for _, part := range wanted {
					if !strings.Contains(said, part) {
						t.Errorf("%s does not say %q, but:\n%s", what, part, said)
					}
				}
				if len(wanted) == 0 && said != "" {
					t.Errorf("%s says:\n%s", what, said)
				}
			}
		})
	}
}
