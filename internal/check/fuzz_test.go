package check

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

// For any bytes, the check ends, and each problem has a text and a place inside the file.
func FuzzManifest(f *testing.F) {
	for _, pattern := range []string{"testdata/manifests/*.yml", "testdata/faults/*.yml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds", err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := manifest.ParseDocument("manifest.yml", text)
		if err != nil {
			return // package manifest has a fuzz test for these
		}
		for _, p := range Document(doc) {
			if p.Message == "" || p.Line < 1 || p.Column < 1 {
				t.Errorf("not a complete problem: %+v", p)
			}
		}
	})
}
