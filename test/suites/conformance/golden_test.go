package conformance

import (
	"cmp"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

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

// checkDocument compares the tables of the document with the cases.
func checkDocument(t *testing.T, results []result, operated []operationResult) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	for name, content := range map[string]string{
		"cases": countTable(results, operated), "differences": differenceTable(results) + operationDifferences(operated),
	} {
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

func countTable(results []result, operated []operationResult) string {
	type count struct{ equal, different int }
	counts := map[string]*count{}
	var order []string
	total := count{}
	add := func(call, group, different string) {
		key := call + " | " + group
		if counts[key] == nil {
			counts[key] = &count{}
			order = append(order, key)
		}
		if different == "" {
			counts[key].equal++
			total.equal++
		} else {
			counts[key].different++
			total.different++
		}
	}
	for _, r := range results {
		add(r.Call, groupOf(r.Name), r.Different)
	}
	for _, r := range operated {
		add(r.firstCall(), groupOf(r.Name), r.Different)
	}
	var b strings.Builder
	b.WriteString("| call | about | cases | equal | different on purpose |\n| --- | --- | --- | --- | --- |\n")
	for _, key := range order {
		c := counts[key]
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", key, c.equal+c.different, c.equal, c.different)
	}
	fmt.Fprintf(&b, "| **all** | | **%d** | **%d** | **%d** |\n", total.equal+total.different, total.equal, total.different)
	return b.String()
}

func differenceTable(results []result) string {
	var b strings.Builder
	for _, name := range []string{spec.RequestRemote, spec.InvokeRemote} {
		fmt.Fprintf(&b, "\n### %s\n\n| case | `@forge/bridge` | forgego | why |\n| --- | --- | --- | --- |\n", name)
		for _, r := range results {
			if r.Call != name || r.Different == "" {
				continue
			}
			theirs, ours := summary(r.Official.Outcome), summary(r.Ours.Outcome)
			if theirs == ours {
				theirs, ours = firstDifference(r.Official.Calls, r.Ours.Calls)
			} else if r.Ours.Outcome.Failed && len(r.Ours.Calls) == 0 && !r.Official.Outcome.Failed {
				theirs = "sends it"
				if body := crossing(r.Official.Calls); body != "" {
					theirs += ": " + body
				}
			}
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
