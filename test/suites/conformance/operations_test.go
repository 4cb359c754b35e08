package conformance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/suites/conformance/spec"
)

// operations returns the cases of all exports except the two that send requests.
func operations() []operationCase {
	return slices.Concat(
		bridgeCases,
		viewCases, historyCases, frameCases, routerCases, modalCases, flagCases,
		eventCases, realtimeCases, permissionCases, checkCases, rovoCases, metricCases, consentCases,
		productCases, graphCases, objectCases, translationCases, featureFlagCases,
		jiraCases, modificationCases, confluenceCases, dashboardCases,
	)
}

// operationPlay is an operation as one client played it.
type operationPlay struct {
	// Calls are the calls that the host received, the requests that the page made itself, and the calls of the host's
	// functions.
	Calls   []call        `json:"calls"`
	Heard   []any         `json:"heard"`
	Results []spec.Result `json:"results"`
	// Marks are how many calls and callback calls there were after each step.
	Marks []struct {
		Calls int `json:"calls"`
		Heard int `json:"heard"`
	} `json:"marks"`
}

// UnmarshalJSON sorts the uploads and downloads that follow each other. The page sends them at the same time, and each engine
// begins with another one.
func (p *operationPlay) UnmarshalJSON(b []byte) error {
	type plain operationPlay
	if err := json.Unmarshal(b, (*plain)(p)); err != nil {
		return err
	}
	isTransfer := func(c call) bool {
		return c.Command == "(fetch)" && strings.Contains(encode(c.Payload), `"https://store.example/`)
	}
	for from := 0; from < len(p.Calls); from++ {
		to := from
		for to < len(p.Calls) && isTransfer(p.Calls[to]) {
			to++
		}
		slices.SortStableFunc(p.Calls[from:to], func(a, b call) int { return strings.Compare(encode(a.Payload), encode(b.Payload)) })
		from = max(from, to-1)
	}
	return nil
}

// operationResult is an operation as both clients played it.
type operationResult struct {
	spec.Operation
	Official operationPlay
	Ours     operationPlay
}

// firstCall returns the official client's name of the first call.
func (r *operationResult) firstCall() string { return r.Steps[0].Call }

// problems returns everything that is wrong with the result.
func (r *operationResult) problems() []string {
	var problems []string
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	calls := slices.DeleteFunc(slices.Clone(r.Steps), func(s spec.Step) bool { return s.Back != "" })
	if len(r.Official.Results) != len(calls) || len(r.Ours.Results) != len(calls) {
		add("%d and %d of %d calls were made", len(r.Official.Results), len(r.Ours.Results), len(calls))
		return problems
	}
	differing := -1
	for i, s := range calls {
		theirs, ours := r.Official.Results[i], r.Ours.Results[i]
		if ours.Error != s.Error {
			add("%s of our client fails with %q (%s), want %q", s.Call, ours.Error, ours.Message, s.Error)
		}
		if !strings.Contains(ours.Message, s.Says) {
			add("%s of our client says %q, want %q in it", s.Call, ours.Message, s.Says)
		}
		if differing < 0 && !sameResult(theirs, ours) {
			differing = i
		}
	}
	sameWire, sameHeard := reflect.DeepEqual(r.Official.Calls, r.Ours.Calls), reflect.DeepEqual(r.Official.Heard, r.Ours.Heard)
	if r.Different == "" {
		if !sameWire {
			add("what crosses differs:\n%s", differences(r.Official.Calls, r.Ours.Calls))
		}
		if !sameHeard {
			add("what callbacks hear differs:\nofficial %s\nours     %s", encode(r.Official.Heard), encode(r.Ours.Heard))
		}
		if differing >= 0 {
			add("what the caller gets from %s differs:\nofficial %s\nours     %s", calls[differing].Call,
				resultSummary(r.Official.Results[differing]), resultSummary(r.Ours.Results[differing]))
		}
		return problems
	}
	if sameWire && sameHeard && differing < 0 {
		add("it is no longer different: remove the reason %q", r.Different)
	}
	if sameWire == r.Wire {
		add("what crosses differs: %v, want %v\n%s", !sameWire, r.Wire, differences(r.Official.Calls, r.Ours.Calls))
	}
	if sameHeard == r.Operation.Heard {
		add("what callbacks hear differs: %v, want %v\nofficial %s\nours     %s", !sameHeard, r.Operation.Heard, encode(r.Official.Heard), encode(r.Ours.Heard))
	}
	switch {
	case differing < 0 && r.Operation.Ours != "":
		add("our caller gets the same, and not %s", r.Operation.Ours)
	case differing >= 0 && resultSummary(r.Ours.Results[differing]) != r.Operation.Ours:
		add("our caller gets from %s %s\nwant %s\n(official %s)", calls[differing].Call,
			resultSummary(r.Ours.Results[differing]), r.Operation.Ours, resultSummary(r.Official.Results[differing]))
	}
	return problems
}

// sameResult compares what the callers get. It does not compare error texts, because each client has its own.
func sameResult(a, b spec.Result) bool {
	if a.Failed || b.Failed {
		return a.Failed == b.Failed
	}
	return reflect.DeepEqual(a.Value, b.Value)
}

// resultSummary returns a result as one line.
func resultSummary(r spec.Result) string {
	if r.Failed {
		return "fails: " + r.Error
	}
	return encode(r.Value)
}

// uncovered returns the functions of the official package that no case calls.
func uncovered(functions []string, results []result, operated []operationResult) []string {
	called := map[string]bool{}
	for _, r := range results {
		called[r.Call] = true
	}
	for _, r := range operated {
		for _, s := range r.Steps {
			name := s.Call
			if strings.HasPrefix(name, ".") {
				name = r.firstCall() + name
			}
			called[name] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(functions), func(name string) bool { return called[name] })
}

// checkOperationGolden compares what our client does with the accepted state in the golden file.
func checkOperationGolden(t *testing.T, operated []operationResult) {
	t.Helper()
	var b strings.Builder
	b.WriteString("What our client sends to the host, case by case: the command and its payload; (fetch) is the page's own request,\n" +
		"(host) a function of the host's that was called. Behind > is what its callers get, behind < what callbacks hear.\n")
	for _, r := range operated {
		fmt.Fprintf(&b, "\n# %s, %s\n", r.firstCall(), r.Name)
		for i, c := range r.Ours.Calls {
			if i > 0 && reflect.DeepEqual(c, r.Ours.Calls[i-1]) {
				continue
			}
			fmt.Fprintf(&b, "%s %s\n", c.Command, encode(c.Payload))
		}
		if n := len(r.Ours.Calls); n > 20 {
			fmt.Fprintf(&b, "%d calls\n", n)
		}
		for _, o := range r.Ours.Results {
			fmt.Fprintf(&b, "> %s\n", resultSummary(o))
		}
		for _, h := range r.Ours.Heard {
			fmt.Fprintf(&b, "< %s\n", encode(h))
		}
	}
	checkFile(t, "testdata/operations.golden", b.String())
}

// operationDifferences returns the tables of the intended differences, one for each export.
func operationDifferences(operated []operationResult) string {
	tables := map[string]*strings.Builder{}
	var exports []string
	for _, r := range operated {
		if r.Different == "" {
			continue
		}
		export, _, _ := strings.Cut(r.firstCall(), ".")
		table := tables[export]
		if table == nil {
			table = &strings.Builder{}
			tables[export], exports = table, append(exports, export)
			fmt.Fprintf(table, "\n### %s\n\n| call | case | official | forgego | why |\n| --- | --- | --- | --- | --- |\n", export)
		}
		theirs, ours := r.difference()
		fmt.Fprintf(table, "| %s | %s | %s | %s | %s |\n", r.firstCall(), cell(r.Name), code(theirs), code(ours), cell(r.Different))
	}
	var b strings.Builder
	for _, export := range exports {
		b.WriteString(tables[export].String())
	}
	return b.String() + "\n"
}

// difference returns the first thing that differs, as each client has it.
func (r *operationResult) difference() (theirs, ours string) {
	for i := range r.Ours.Results {
		if a, b := r.Official.Results[i], r.Ours.Results[i]; !sameResult(a, b) {
			theirs, ours = resultSummary(a), resultSummary(b)
			if b.Failed && len(r.Ours.Calls) < len(r.Official.Calls) {
				theirs = "sends it"
			}
			return theirs, ours
		}
	}
	if !reflect.DeepEqual(r.Official.Calls, r.Ours.Calls) {
		return firstDifference(r.Official.Calls, r.Ours.Calls)
	}
	return encode(r.Official.Heard), encode(r.Ours.Heard)
}
