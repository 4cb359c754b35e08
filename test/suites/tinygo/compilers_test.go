package tinygo

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/program"
)

const twoPrograms = `<!doctype html>
<title>Two programs</title>
<link rel="icon" href="data:,">
<script>
	globalThis.calls = 0;
	globalThis.__bridge = { async callBridge() { calls++; return { status: 200, headers: {}, body: "" }; } };
	globalThis.failures = [];
	document.addEventListener("forgego:failed", (event) => failures.push(event.detail.title));
</script>
<script src="{first}/forgego.js" data-program="app.wasm" defer></script>
<script src="{second}/forgego.js" data-program="app.wasm" defer></script>
`

// TestProgramsOfBothCompilersOnOnePage loads programs of both compilers in one page. Each script must start its program
// with its own wasm_exec.js, in any order.
func TestProgramsOfBothCompilersOnOnePage(t *testing.T) {
	dir := t.TempDir()
	if err := program.Build(t.Context(), "sizes/text", filepath.Join(dir, "go"), bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "tinygo"), os.DirFS(built(t, "sizes/text"))); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	for _, order := range [][2]string{{"go", "tinygo"}, {"tinygo", "go"}} {
		t.Run(order[0]+" first", func(t *testing.T) {
			page := strings.NewReplacer("{first}", order[0], "{second}", order[1]).Replace(twoPrograms)
			if err := os.WriteFile(filepath.Join(dir, order[0]+".html"), []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
			tab := chromium.Open(t, server.URL+"/"+order[0]+".html")
			tab.Wait("a call of each program, or a failure", `calls === 2 || failures.length > 0`)
			if failed := tab.String(`failures.join()`); failed != "" {
				t.Errorf("failed: %s", failed)
			}
			tab.Quiet()
		})
	}
}
