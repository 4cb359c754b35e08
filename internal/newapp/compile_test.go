package newapp

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCompiles checks the code of the apps with this version of forgego. The suite tutorial of the folder test/ runs their
// tests and their pages.
func TestCompiles(t *testing.T) {
	source, err := FindSource("")
	if err != nil {
		t.Fatal(err)
	}
	for name, app := range map[string]App{
		"macro with a backend": {Template: Macro, Product: Confluence, Backend: true},
		"React":                {Template: React, Product: Jira, Backend: true},
		"search in Jira":       {Template: Panel, Product: Jira},
		"search in Confluence": {Template: Page, Product: Confluence},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app.Name, app.Module, app.Source = "Notes", "example.com/notes", source
			dir := filepath.Join(t.TempDir(), "notes")
			if err := app.Write(dir); err != nil {
				t.Fatal(err)
			}
			if err := Tidy(t.Context(), dir); err != nil {
				t.Fatal(err)
			}
			vet(t, dir, "./...")
			page := "./frontend"
			if app.Template == React {
				page = "./src/logic"
			}
			vet(t, dir, page, "GOOS=js", "GOARCH=wasm")
		})
	}
}

func vet(t *testing.T, dir, packages string, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "vet", packages)
	cmd.Dir, cmd.Env = dir, append(append(os.Environ(), "GOWORK=off"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go vet %s (%v): %v\n%s", packages, env, err, out)
	}
}
