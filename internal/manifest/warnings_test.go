package manifest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Forge accepts these manifests, so Load accepts them too, and says what is unusual or not shown.
func TestWarnings(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"nothing", "title: Tasks", "title: Tasks", nil},
		{"app.id without a UUID", "11111111-2222-3333-4444-555555555555", "my-app", []string{"2: app.id has no UUID"}},
		{"app.id with an undeclared variable", "11111111-2222-3333-4444-555555555555", "${MY_APP}", []string{"2: app.id has no UUID"}},
		{"UI Kit 1 beside Custom UI", "  macro:\n", "  jira:adminPage:\n    - key: admin\n      title: Admin\n      function: resolve\n  macro:\n",
			[]string{`11: the local host does not show module "admin": UI Kit modules run in the product only`}},
		{"UI Kit beside Custom UI", "  macro:\n", "  macro:\n    - key: kit\n      render: native\n      resource: main\n",
			[]string{`11: the local host does not show module "kit": UI Kit modules run in the product only`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(tasks, c.old) {
				t.Fatalf("the manifest has no %q", c.old)
			}
			m, err := Load(app(t, "manifest.yml", strings.Replace(tasks, c.old, c.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range m.Warnings {
				got = append(got, fmt.Sprintf("%d: %s", w.Line, w.Msg))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if len(m.Modules) != 2 {
				t.Errorf("got the modules %+v, want the two of Custom UI", m.Modules)
			}
		})
	}
}

// Forge accepts a resource's folder outside the app's.
func TestResourceOutsideTheApp(t *testing.T) {
	dir := app(t, "app/manifest.yml", strings.Replace(tasks, "path: static", "path: ../ui/dist", 1), "ui/dist/index.html", "<!doctype html>", "ui/secret.txt", "")
	m, err := Load(filepath.Join(dir, "app"))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := m.Resource("main")
	root, err := r.OpenFolder(m.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := root.Stat("index.html"); err != nil {
		t.Errorf("index.html: %v", err)
	}
	if _, err := root.Stat("../secret.txt"); err == nil {
		t.Error("a file outside the folder can be opened")
	}
}
