package lifecycle

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

var update = flag.Bool("update", false, "write the measured columns into docs/browsers.md")

const document = "../../../docs/browsers.md"

// unmeasured is the cell of an engine in which the test has not run.
const unmeasured = "not measured yet"

// TestTable measures the features in this browser and compares them with its column of the table in docs/browsers.md.
func TestTable(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- features: written by this test with -update -->\n", "<!-- end of features -->"
	before, rest, ok := strings.Cut(string(text), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", document)
	}
	column := 1 + slices.Index(browser.All, shared.Engine)
	old := map[string][]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if len(cells) == 1+len(browser.All) {
			old[cells[0]] = cells
		}
	}
	lab := newLab(t)
	var b strings.Builder
	b.WriteString("| | Chromium | Firefox | WebKit |\n| --- | --- | --- | --- |\n")
	for _, f := range features {
		cells := old[f.name]
		if cells == nil {
			cells = []string{f.name, unmeasured, unmeasured, unmeasured}
		}
		t.Run(f.name, func(t *testing.T) {
			got := ""
			if f.measure != nil {
				got = f.measure(t, lab)
			} else {
				got = shared.Open(t, lab).String(f.script)
			}
			if cells[column] != got && !*update {
				t.Errorf("it is %q, and docs/browsers.md has %q", got, cells[column])
			}
			cells[column] = got
		})
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	if *update {
		if err := os.WriteFile(document, []byte(before+begin+b.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
