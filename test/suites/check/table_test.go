package check

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const (
	docs  = "../../../docs/check.md"
	begin = "<!-- table: written by test/suites/check with UPDATE=1 -->\n"
	end   = "<!-- end of the table -->\n"
)

// table counts, for each kind of fault, the manifests in which both, one or none of the checks found something.
type table struct {
	kinds []string
	rows  map[string]*row
}

type row struct{ all, both, theirs, ours, none int }

func newTable() *table { return &table{rows: map[string]*row{}} }

func (t *table) add(kind string, theirs, ours bool) {
	r := t.rows[kind]
	if r == nil {
		r = &row{}
		t.rows[kind] = r
		t.kinds = append(t.kinds, kind)
	}
	r.all++
	switch {
	case theirs && ours:
		r.both++
	case theirs:
		r.theirs++
	case ours:
		r.ours++
	default:
		r.none++
	}
}

func (t *table) String() string {
	var b strings.Builder
	b.WriteString("| manifests | number | both find a fault | only Atlassian's | only forgego check | none |\n| --- | --- | --- | --- | --- | --- |\n")
	total := row{}
	line := func(kind string, r row) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", kind, r.all, r.both, r.theirs, r.ours, r.none)
	}
	for _, kind := range t.kinds {
		r := *t.rows[kind]
		line(kind, r)
		total = row{total.all + r.all, total.both + r.both, total.theirs + r.theirs, total.ours + r.ours, total.none + r.none}
	}
	line("all", total)
	return b.String()
}

// compare compares the table with the one in the document, or writes it there.
func (t *table) compare(tb testing.TB) {
	tb.Helper()
	text, err := os.ReadFile(docs)
	if err != nil {
		tb.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		tb.Fatalf("%s has no place for the table", docs)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(docs, []byte(before+begin+t.String()+end+after), 0o644); err != nil {
			tb.Fatal(err)
		}
		return
	}
	if old != t.String() {
		tb.Errorf("the table in docs/check.md is not up to date (UPDATE=1 rewrites it):\n%s", t)
	}
}
