package check

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each manifest in testdata/faults says in its first lines what Run must report: "# want: 7:5 error: text". Nothing else may
// be reported.
func TestFaults(t *testing.T) {
	files, err := filepath.Glob("testdata/faults/*.yml")
	if err != nil || len(files) < 40 {
		t.Fatalf("only %d manifests: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(text)) {
				if w, ok := strings.CutPrefix(line, "# want: "); ok {
					want = append(want, strings.TrimSpace(w))
				}
			}
			if len(want) == 0 {
				t.Fatal("no # want: line")
			}
			dir := app(t, string(text))
			problems := Run(t.Context(), Options{Dir: dir})
			for i, p := range problems {
				got := fmt.Sprintf("%d:%d %s: %s", p.Line, p.Column, p.Severity, p.Message)
				if i >= len(want) || !strings.HasPrefix(got, want[i]) {
					t.Errorf("problem %d is\n%s", i, got)
				}
				if p.Fix == "" {
					t.Errorf("no remedy for: %s", p.Message)
				}
			}
			if len(problems) != len(want) {
				t.Errorf("%d problems, want %d: %q", len(problems), len(want), want)
			}
		})
	}
}

// app makes a folder with the files of testdata/app and a manifest. files are pairs of name and text.
func app(t testing.TB, manifest string, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/app")); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(dir, files[i]), files[i+1])
	}
	write(t, filepath.Join(dir, "manifest.yml"), manifest)
	return dir
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The manifests without a fault have no errors here, and none of them is a surprise elsewhere.
func TestManifestsWithoutFaults(t *testing.T) {
	files, _ := filepath.Glob("testdata/manifests/*.yml")
	if len(files) < 20 {
		t.Fatalf("only %d manifests", len(files))
	}
	for _, file := range files {
		for _, p := range Run(t.Context(), Options{Dir: app(t, read(t, file))}) {
			if p.Severity == Error {
				t.Errorf("%s: %s: %s", file, p.place(), p.Message)
			}
		}
	}
}
