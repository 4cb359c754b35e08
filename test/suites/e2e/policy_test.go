package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

// permissions contain everything that changes the policy.
const permissions = `
permissions:
  scopes: []
  content:
    scripts: [unsafe-eval, unsafe-hashes, 'blob:']
    styles: [unsafe-inline]
  external:
    fonts: [https://fonts.example.com]
    frames: [https://frames.example.com]
    images: [https://images.example.com]
    media: [https://media.example.com]
    scripts: [https://scripts.example.com]
    styles: [https://styles.example.com]
    fetch:
      client:
        - address: https://client.example.com
        - remote: tasks-api
`

// TestPolicyIsAtlassians compares the policy that the host serves with the policy that Atlassian's own package computes for
// the same manifest and page. They differ only in what a local run needs.
func TestPolicyIsAtlassians(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(t *testing.T, dir string)
	}{
		{"the example", func(*testing.T, string) {}},
		{"all permissions", func(t *testing.T, dir string) {
			text := read(t, filepath.Join(dir, "manifest.yml"))
			before, rest, ok := strings.Cut(text, "\npermissions:\n")
			_, remotes, ok2 := strings.Cut(rest, "\nremotes:\n")
			if !ok || !ok2 {
				t.Fatal("the example's manifest has another order: change this test")
			}
			// Without OAuth tokens, because they need scopes.
			before = strings.ReplaceAll(before, "enabled: true", "enabled: false")
			write(t, filepath.Join(dir, "manifest.yml"), before+"\n"+permissions+"\nremotes:\n"+remotes)
		}},
		{"scripts in the page", func(t *testing.T, dir string) {
			index := read(t, filepath.Join(dir, "static", "index.html"))
			write(t, filepath.Join(dir, "static", "index.html"), strings.Replace(index, "</head>",
				"<script>console.log('an inline script')</script><script type=module>\nconsole.log(\"ü\")\n</script></head>", 1))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			const local = "http://127.0.0.1:9"
			dir := exampleapp.Copy(t, example, local)
			test.change(t, dir)
			h := dev(t, nil, dir)
			a := h.open(t)
			address := a.Page.String(`document.querySelector("iframe").src`)
			response, err := http.Get(address)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			served := response.Header.Values("Content-Security-Policy")
			if len(served) != 1 {
				t.Fatalf("%s is served with %d policies", address, len(served))
			}

			want := withLocalDifferences(t, atlassianPolicy(t, dir, h.origin()), local)
			if got := strings.Split(served[0], "; "); !slices.Equal(got, want) {
				t.Errorf("the host serves\n  %s\nand Atlassian, with the local differences,\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
			}
		})
	}
}

// withLocalDifferences changes Atlassian's policy in the same way as the local host: the app may connect to the local
// address of its remote, and a local run sends no reports to Atlassian.
func withLocalDifferences(t *testing.T, directives []string, remote string) []string {
	t.Helper()
	find := func(name string) int {
		i := slices.IndexFunc(directives, func(d string) bool { return strings.HasPrefix(d, name+" ") })
		if i < 0 {
			t.Fatalf("Atlassian's policy has no %s", name)
		}
		return i
	}
	directives[find("connect-src")] += " " + remote
	report := find("report-uri")
	return slices.Delete(directives, report, report+1)
}

// atlassianPolicy computes the policy of an app's main page for a site with @forge/csp.
func atlassianPolicy(t *testing.T, dir, site string) []string {
	t.Helper()
	file, err := manifest.Value(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Permissions any
		Remotes     []struct{ Key, BaseURL string }
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	remotes := map[string]string{}
	for _, r := range m.Remotes {
		remotes[r.Key] = r.BaseURL
	}
	input, err := json.Marshal(map[string]any{
		"permissions": m.Permissions,
		"remotes":     remotes,
		"page":        read(t, filepath.Join(dir, "static", "index.html")),
		"hostname":    site,
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/policy.mjs")
	cmd.Stdin = strings.NewReader(string(input))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node testdata/policy.mjs: %v (npm packages missing? run: make setup)", err)
	}
	var policy []string
	if err := json.Unmarshal(out, &policy); err != nil {
		t.Fatal(err)
	}
	return policy
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
