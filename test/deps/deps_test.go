// Package deps guards what a front end brings into the page: net/http alone would make it three times as large.
//
// Run it from the folder test/:
//
//	go test -count=1 ./deps
//
// With -count=1, because the cache of go test does not see what the programs import.
package deps

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	// What testdata/frontend imports: go.mod lists nothing for folders of that name.
	_ "github.com/forgego/forgego/bridge"
	_ "github.com/forgego/forgego/wasm"
)

func TestFrontendIsSmall(t *testing.T) {
	empty, frontend := dependencies(t, "./testdata/empty"), dependencies(t, "./testdata/frontend")
	if !slices.Contains(frontend, "github.com/forgego/forgego/bridge") {
		t.Fatal("bridge is not in the list: this test sees nothing")
	}
	for _, name := range frontend {
		forbidden := name == "net/http" || strings.HasPrefix(name, "net/http/") || name == "net" || name == "crypto" || strings.HasPrefix(name, "crypto/")
		if forbidden && !slices.Contains(empty, name) {
			t.Errorf("a front end that only uses RequestRemote links %s; see who imports it: GOOS=js GOARCH=wasm go list -deps", name)
		}
	}
}

// dependencies lists all packages that a program links in a page.
func dependencies(t *testing.T, program string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", program)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", program, err)
	}
	return strings.Fields(string(out))
}
