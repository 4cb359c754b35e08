package conformance

import (
	"cmp"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

const (
	golden   = "testdata/calls.golden"
	document = "../../../docs/conformance.md"
	accept   = "to accept it: make conformance UPDATE=1"
)

// checkGolden compares what our client sent with the accepted state in the golden file.
func checkGolden(t *testing.T, results []result) {
	t.Helper()
	var b strings.Builder
	b.WriteString("What our client sends to the host, case by case: the command and its payload.\n")
	for _, r := range results {
		fmt.Fprintf(&b, "\n# %s, %s\n", r.Call, r.Name)
		if len(r.Ours.Calls) == 0 {
			b.WriteString("nothing: " + r.Ours.Outcome.Error + "\n")
		}
		for i, c := range r.Ours.Calls {
			if i > 0 && reflect.DeepEqual(c, r.Ours.Calls[i-1]) {
				continue
			}
			fmt.Fprintf(&b, "%s %s\n", c.Command, encode(c.Payload))
		}
		if n := len(r.Ours.Calls); n > 1 {
			fmt.Fprintf(&b, "%d calls\n", n)
		}
	}
	checkFile(t, golden, b.String())
}

// checkDocument compares the tables of the document with the cases, and with what an engine did.
func checkDocument(t *testing.T, engine browser.Engine, results []result, operated []operationResult) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	tables := map[string]string{"cases": countTable()}
	if engine == browser.Chromium {
		tables["differences"] = differenceTable(results) + operationDifferences(operated)
	} else {
		tables["differences in "+string(engine)] = elsewhereTable(results)
	}
	for name, content := range tables {
		begin, end := "<!-- "+name+": written by make conformance UPDATE=1 -->\n", "<!-- end of "+name+" -->"
		before, rest, ok := strings.Cut(doc, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("%s has no place for the table %q", document, name)
		}
		doc = before + begin + content + end + after
	}
	checkFile(t, document, doc)
}

// checkFile compares a file with the wanted content, or writes it.
func checkFile(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (%s)", err, accept)
	}
	if string(got) == want {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			at := func(lines []string) string { return strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], "") }
			t.Errorf("%s:%d is\n%s\nbut now it is\n%s\n(%s)", path, i+1, at(g), at(w), accept)
			return
		}
	}
}

// groupOf returns the first part of a case's name.
func groupOf(name string) string {
	group, _, _ := strings.Cut(name, ": ")
	return group
}

// countTable returns how many cases of each kind there are, and how many of them are equal in each engine.
func countTable() string {
	type count struct {
		cases int
		equal map[browser.Engine]int
	}
	counts := map[string]*count{}
	var order []string
	total := count{equal: map[browser.Engine]int{}}
	for _, engine := range browser.All {
		add := func(call, group, different string) {
			key := call + " | " + group
			if counts[key] == nil {
				counts[key] = &count{equal: map[browser.Engine]int{}}
				order = append(order, key)
			}
			for _, c := range []*count{counts[key], &total} {
				if engine == browser.All[0] {
					c.cases++
				}
				if different == "" {
					c.equal[engine]++
				}
			}
		}
		for _, c := range casesIn(engine) {
			add(c.Call, groupOf(c.Name), c.Different)
		}
		for _, o := range operations() {
			add(o.call(), groupOf(o.Name), o.Different)
		}
	}
	var b strings.Builder
	b.WriteString("| call | about | cases | equal in Chromium | in Firefox | in WebKit |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, key := range order {
		c := counts[key]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", key, c.cases, c.equal[browser.Chromium], c.equal[browser.Firefox], c.equal[browser.WebKit])
	}
	fmt.Fprintf(&b, "| **all** | | **%d** | **%d** | **%d** | **%d** |\n", total.cases, total.equal[browser.Chromium], total.equal[browser.Firefox], total.equal[browser.WebKit])
	return b.String()
}

// elsewhereTable returns the cases whose result depends on the engine.
func elsewhereTable(results []result) string {
	var b strings.Builder
	b.WriteString("| case | what this engine does | `@forge/bridge` | forgego |\n| --- | --- | --- | --- |\n")
	for _, r := range results {
		if r.Engine == "" {
			continue
		}
		theirs, ours := r.shown()
		if r.Different == "" {
			theirs, ours = "equal", "equal"
		} else {
			theirs, ours = code(theirs), code(ours)+": "+cell(r.Different)
		}
		fmt.Fprintf(&b, "| %s, %s | %s | %s | %s |\n", r.Call, cell(r.Name), cell(r.Engine), theirs, ours)
	}
	return b.String()
}

// shown returns what differs, as each client has it.
func (r *result) shown() (theirs, ours string) {
	theirs, ours = summary(r.Official.Outcome), summary(r.Ours.Outcome)
	if theirs == ours {
		return firstDifference(r.Official.Calls, r.Ours.Calls)
	}
	if r.Ours.Outcome.Failed && len(r.Ours.Calls) == 0 && !r.Official.Outcome.Failed {
		theirs = "sends it"
		if body := crossing(r.Official.Calls); body != "" {
			theirs += ": " + body
		}
	}
	return theirs, ours
}

func differenceTable(results []result) string {
	var b strings.Builder
	for _, name := range []string{spec.RequestRemote, spec.InvokeRemote} {
		fmt.Fprintf(&b, "\n### %s\n\n| case | `@forge/bridge` | forgego | why |\n| --- | --- | --- | --- |\n", name)
		for _, r := range results {
			if r.Call != name || r.Different == "" {
				continue
			}
			theirs, ours := r.shown()
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(r.Name), code(theirs), code(ours), cell(r.Different))
		}
	}
	return b.String()
}

// crossing returns the body of the first request that crossed the bridge, or "" if it has none.
func crossing(calls []call) string {
	if len(calls) == 0 {
		return ""
	}
	payload, _ := calls[0].Payload.(map[string]any)
	if init, ok := payload["fetchRequestInit"].(map[string]any); ok {
		payload = init
	}
	if body := payload["body"]; body != nil && body != "" {
		return "body " + encode(body)
	}
	return ""
}

func cell(text string) string { return strings.NewReplacer("|", "\\|", "\n", " ").Replace(text) }

// code formats the text as code in Markdown.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + cell(text) + fence
}

// differences lists the places where the data that crossed the bridge differs.
func differences(official, ours []call) string {
	if len(official) != len(ours) {
		return fmt.Sprintf("official %d calls %s\nours     %d calls %s", len(official), encode(head(official)), len(ours), encode(head(ours)))
	}
	var lines []string
	for i := range official {
		compare("", map[string]any{official[i].Command: official[i].Payload}, map[string]any{ours[i].Command: ours[i].Payload}, func(path, a, b string) {
			lines = append(lines, path+"\nofficial "+a+"\nours     "+b)
		})
	}
	return strings.Join(lines, "\n")
}

func head(calls []call) []call { return calls[:min(len(calls), 1)] }

func firstDifference(official, ours []call) (theirs, mine string) {
	if len(official) != len(ours) {
		return fmt.Sprintf("%d calls", len(official)), fmt.Sprintf("%d calls", len(ours))
	}
	for i := range official {
		compare("", official[i].Payload, ours[i].Payload, func(path, a, b string) {
			if theirs == "" {
				name := path[strings.LastIndexByte(path, '.')+1:]
				theirs, mine = cmp.Or(name, "payload")+" "+a, cmp.Or(name, "payload")+" "+b
			}
		})
	}
	return theirs, mine
}

// compare reports each place where two JSON values differ.
func compare(path string, a, b any, report func(path, a, b string)) {
	x, isObject := a.(map[string]any)
	y, isObject2 := b.(map[string]any)
	if isObject && isObject2 {
		names := map[string]bool{}
		for name := range x {
			names[name] = true
		}
		for name := range y {
			names[name] = true
		}
		sorted := make([]string, 0, len(names))
		for name := range names {
			sorted = append(sorted, name)
		}
		slices.Sort(sorted)
		for _, name := range sorted {
			v, inX := x[name]
			w, inY := y[name]
			switch {
			case !inX:
				report(path+"."+name, "absent", encode(w))
			case !inY:
				report(path+"."+name, encode(v), "absent")
			default:
				compare(path+"."+name, v, w, report)
			}
		}
		return
	}
	if !reflect.DeepEqual(a, b) {
		report(path, encode(a), encode(b))
	}
}
