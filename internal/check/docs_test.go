package check

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

// TestManifestsOfDocs checks the complete manifests that the README and the documents show.
func TestManifestsOfDocs(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	manifests := 0
	for _, file := range append(files, "../../README.md") {
		text := strings.ReplaceAll(read(t, file), "\r\n", "\n")
		for block := range strings.SplitSeq(text, "```yaml\n") {
			block, _, _ := strings.Cut(block, "```")
			if !strings.HasPrefix(block, "app:") {
				continue
			}
			manifests++
			doc, err := manifest.ParseDocument("manifest.yml", []byte(block))
			if err != nil {
				t.Errorf("%s: %v in\n%s", file, err, block)
				continue
			}
			for _, p := range Document(doc) {
				if p.Severity == Error {
					t.Errorf("%s: %d:%d: %s in\n%s", file, p.Line, p.Column, p.Message, block)
				}
			}
		}
	}
	if manifests < 3 {
		t.Errorf("the documents show only %d manifests", manifests)
	}
}
