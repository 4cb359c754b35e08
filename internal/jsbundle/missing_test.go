package jsbundle

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestHowToResolve checks what is said about an import that is not found, with a package.json that lists @forge/kvs.
func TestHowToResolve(t *testing.T) {
	dir := t.TempDir()
	check := func(module, want string) {
		t.Helper()
		_, _, err := Node(dir, "import '"+module+"';", filepath.Join(dir, "out.cjs"))
		failed, ok := errors.AsType[*BuildError](err)
		if !ok || len(failed.Faults) != 1 || failed.Faults[0].Message != `Could not resolve "`+module+`"`+want {
			t.Errorf("%s: got %v, want the remedy %q", module, err, want)
		}
	}
	add := func(name string) string {
		return ". package.json does not list " + name + ". Correct the name, or add the package: npm install " + name
	}
	const install = ". Install the app's packages: npm install"
	check("left", add("left")) // without package.json
	packages := `{"dependencies": {"@forge/kvs": "1.0.0"}, "devDependencies": {"left": "1.0.0"}}`
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(packages), 0o600); err != nil {
		t.Fatal(err)
	}
	for module, want := range map[string]string{
		"@forge/kvs":       install,
		"@forge/kvs/inner": install,
		"left":             install,
		"left/inner":       install,
		"@forge/kv":        add("@forge/kv"),
		"@forge/kv/inner":  add("@forge/kv"),
		"right/inner":      add("right"),
		"./left":           "",
		"/left":            "",
		"#left":            "",
	} {
		check(module, want)
	}
}
