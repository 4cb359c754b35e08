package host

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestDesignTokensAreAtlassians checks that the design tokens of the local host are the tokens of the package that an app
// uses, by name and value.
func TestDesignTokensAreAtlassians(t *testing.T) {
	token := regexp.MustCompile(`--ds-([\w-]+): (.*?);\\n`)
	themes := map[string]map[string]string{}
	for _, name := range []string{"light", "dark", "spacing", "shape", "typography-modernized"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "@atlaskit", "tokens", "dist", "cjs", "artifacts", "themes", "atlassian-"+name+".js"))
		if err != nil {
			t.Fatalf("%v (npm packages missing? run: make setup)", err)
		}
		themes[name] = map[string]string{}
		for _, found := range token.FindAllStringSubmatch(string(text), -1) {
			themes[name][found[1]] = regexp.MustCompile(`\\"`).ReplaceAllString(found[2], `"`)
		}
	}
	ours, err := os.ReadFile(filepath.Join("..", "..", "..", "devhost", "page", "product", "designtokens.js"))
	if err != nil {
		t.Fatal(err)
	}
	colors := regexp.MustCompile(`(?m)^  \['([\w-]+)', '([^']*)', '([^']*)'\],$`).FindAllStringSubmatch(string(ours), -1)
	measures := regexp.MustCompile(`(?m)^  \['([\w-]+)', '([^']*)'\],$`).FindAllStringSubmatch(string(ours), -1)
	if len(colors) < 100 || len(measures) < 30 {
		t.Errorf("only %d colors and %d measures", len(colors), len(measures))
	}
	for _, c := range colors {
		if light, dark := themes["light"][c[1]], themes["dark"][c[1]]; c[2] != light || c[3] != dark {
			t.Errorf("--ds-%s is %s and %s, want %s and %s", c[1], c[2], c[3], light, dark)
		}
	}
	for _, m := range measures {
		want := themes["spacing"][m[1]] + themes["shape"][m[1]] + themes["typography-modernized"][m[1]]
		if m[2] != want {
			t.Errorf("--ds-%s is %s, want %s", m[1], m[2], want)
		}
	}
}
