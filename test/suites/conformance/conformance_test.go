// Package conformance compares our client with the official ones. A page has a recording host, @forge/bridge and
// the product bridges from npm, and a Go program. Both clients play the same cases. The tests compare what crosses the bridge and what the
// callers get.
//
// Run it from this folder; the browsers and the npm packages must be installed (make setup). BROWSER says in which browsers:
//
//	BROWSER=all go test -count=1          # prints cases, equal, different on purpose, failing
//	BROWSER=all go test -count=1 -update  # accepts what crosses now (testdata/calls.golden) and rewrites the tables in docs/conformance.md
//	go test -count=1 -tinygo  # also with our client built by TinyGo, which must be installed (test/tools/tinygo/setup.sh)
package conformance

import (
	"encoding/json"
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

var (
	update = flag.Bool("update", false, "rewrite testdata/calls.golden and the tables in docs/conformance.md")
	tinygo = flag.Bool("tinygo", false, "compare our client as TinyGo builds it too")
)

var (
	chromium *browser.Browser
	// pages is the folder with the page of each compiler, which is built once for all browsers.
	pages string
)

func TestMain(m *testing.M) {
	flag.Parse()
	apphost.Main(m, &chromium, func(dir string) error {
		pages = dir
		return nil
	})
}

// play is a case as one client played it.
type play struct {
	Calls   []call       `json:"calls"`
	Outcome spec.Outcome `json:"outcome"`
}

// call is one call of callBridge.
type call struct {
	Command string
	Payload any
}

func (c *call) UnmarshalJSON(b []byte) error {
	var pair [2]json.RawMessage
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if err := json.Unmarshal(pair[0], &c.Command); err != nil {
		return err
	}
	return json.Unmarshal(pair[1], &c.Payload)
}

// result is a case as both clients played it.
type result struct {
	spec.Case
	Official play
	Ours     play
	// Stable reports whether our client sent the same data when it made the call a second time.
	Stable bool
}

// official is what the official client did: one element a case.
type official struct {
	plays      []play
	operations []operationPlay
	// functions are the names of all functions of the package.
	functions []string
}

func playOfficial(page *browser.Page) (o official) {
	all, allOperations := cases(), operations()
	o.plays = playAll[play](page, "playOfficial", len(all), func(i int) []any { return []any{all[i]} })
	o.operations = playAll[operationPlay](page, "performOfficial", len(allOperations), func(i int) []any { return []any{allOperations[i].Operation} })
	page.Eval(`officialFunctions()`, &o.functions)
	return o
}

// batch is how many cases cross to the page at once. A browser needs longer for the way than for a case.
const batch = 50

// playAll calls a function of the page n times, one call after the other, and returns the results. arguments returns those of
// a call.
func playAll[Result any](page *browser.Page, function string, n int, arguments func(i int) []any) []Result {
	calls := make([][]any, n)
	for i := range calls {
		calls[i] = arguments(i)
	}
	var results []Result
	for some := range slices.Chunk(calls, batch) {
		var part []Result
		page.Eval(`(async () => {
			const results = [];
			for (const args of `+encode(some)+`) results.push(await `+function+`(...args));
			return results;
		})()`, &part)
		results = append(results, part...)
	}
	return results
}

func TestConformance(t *testing.T) {
	compilers := []string{bundle.Go}
	if *tinygo {
		compilers = append(compilers, bundle.TinyGo)
	}
	var theirs *official
	for _, compiler := range compilers {
		t.Run(compiler, func(t *testing.T) {
			page := chromium.Open(t, newSite(t, compiler))
			page.Wait("both clients", `globalThis.official && globalThis.goPlay && globalThis.performOurs`)
			if theirs == nil {
				o := playOfficial(page)
				theirs = &o
			}
			compareClients(t, page, compiler, theirs)
		})
	}
}

// compareClients plays all cases with our client, which the compiler has built, and compares it with the official client.
func compareClients(t *testing.T, page *browser.Page, compiler string, theirs *official) {
	var n counts
	var results []result
	type ourPlay struct {
		play
		Stable bool
	}
	all, allOperations := casesIn(page.Engine), operations()
	ours := playAll[ourPlay](page, "playOurs", len(all), func(i int) []any { return []any{all[i]} })
	for i, c := range all {
		r := result{Case: c, Official: theirs.plays[i], Ours: ours[i].play, Stable: ours[i].Stable}
		results = append(results, r)
		n.run(t, c.Call+"/"+c.Name, c.Different != "", r.problems)
	}
	ourOperations := playAll[operationPlay](page, "performOurs", len(allOperations), func(i int) []any {
		turns := 200
		o := allOperations[i].Operation
		if o.Wire || o.Heard {
			turns = 20 // Our client may make fewer calls.
		}
		return []any{o, theirs.operations[i].Marks, turns}
	})
	var operated []operationResult
	for i, o := range allOperations {
		r := operationResult{Operation: o.Operation, Official: theirs.operations[i], Ours: ourOperations[i]}
		operated = append(operated, r)
		n.run(t, r.firstCall()+"/"+o.Name, o.Different != "", r.problems)
	}
	uncovered := uncovered(theirs.functions, results, operated)
	for _, name := range uncovered {
		t.Errorf("no case calls %s", name)
	}
	fmt.Printf("conformance with @forge/bridge %s and the product bridges in %s, built by %s: %d cases, %d equal, %d different on purpose, %d failing; %d of %d functions are called\n",
		officialVersion, page.Engine, compiler, len(n.names), n.equal, n.different, n.failing, len(theirs.functions)-len(uncovered), len(theirs.functions))
	checkGolden(t, results)
	checkOperationGolden(t, operated)
	checkDocument(t, page.Engine, results, operated)
}

// counts counts the cases by their result.
type counts struct {
	names                     map[string]bool
	equal, different, failing int
}

func (n *counts) run(t *testing.T, name string, different bool, problems func() []string) {
	if n.names == nil {
		n.names = map[string]bool{}
	}
	if n.names[name] {
		t.Fatalf("there are two cases %q", name)
	}
	n.names[name] = true
	passed := t.Run(name, func(t *testing.T) {
		for _, problem := range problems() {
			t.Error(problem)
		}
	})
	switch {
	case !passed:
		n.failing++
	case different:
		n.different++
	default:
		n.equal++
	}
}

// problems returns everything that is wrong with the result.
func (r *result) problems() []string {
	var problems []string
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if !r.Stable {
		add("the same call sent something else the second time")
	}
	theirs, ours := summary(r.Official.Outcome), summary(r.Ours.Outcome)
	sameWire, sameOutcome := reflect.DeepEqual(r.Official.Calls, r.Ours.Calls), sameOutcome(r.Official.Outcome, r.Ours.Outcome)
	if r.Ours.Outcome.Error != r.Error {
		add("our client fails with %q (%s), want %q", r.Ours.Outcome.Error, r.Ours.Outcome.Message, r.Error)
	}
	if r.Different == "" {
		if !sameWire {
			add("what crosses differs:\n%s", differences(r.Official.Calls, r.Ours.Calls))
		}
		if !sameOutcome {
			add("what the caller gets differs:\nofficial %s\nours     %s", theirs, ours)
		}
		return problems
	}
	if sameWire && sameOutcome {
		add("it is no longer different: remove the reason %q", r.Different)
	}
	// A client that refuses a call sends nothing.
	refused := len(r.Ours.Calls) < len(r.Official.Calls) && r.Ours.Outcome.Failed
	if sameWire == r.Wire && !refused {
		add("what crosses differs: %v, want %v\n%s", !sameWire, r.Wire, differences(r.Official.Calls, r.Ours.Calls))
	}
	switch {
	case r.Case.Ours != "" && ours != r.Case.Ours:
		add("our caller gets %s\nwant           %s\n(official      %s)", ours, r.Case.Ours, theirs)
	case r.Case.Ours == "" && r.Error == "" && !sameOutcome:
		add("what the caller gets differs, and the case does not say how:\nofficial %s\nours     %s", theirs, ours)
	}
	return problems
}

// sameOutcome compares what the callers get. It does not compare error texts, because each client has its own.
func sameOutcome(a, b spec.Outcome) bool {
	if a.Failed || b.Failed {
		return a.Failed == b.Failed
	}
	if len(a.Headers)+len(b.Headers) == 0 {
		a.Headers, b.Headers = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// summary returns an outcome as one line.
func summary(o spec.Outcome) string {
	if o.Failed {
		return "fails: " + o.Error
	}
	line := []string{strings.TrimSpace(fmt.Sprintf("%v %s", encode(o.Status), o.StatusText))}
	for _, h := range o.Headers {
		line = append(line, h[0]+": "+h[1])
	}
	// Show the bytes too if the text does not show them exactly.
	if o.Bytes != fmt.Sprintf("%x", o.Text) && !strings.Contains(o.Bytes, "…") {
		line = append(line, "bytes "+o.Bytes)
	}
	if o.Text != "" {
		line = append(line, encode(o.Text))
	}
	return strings.Join(line, ", ")
}

// invisible replaces characters that a reader of a table or a golden file would not see.
var invisible = strings.NewReplacer("\uFEFF", `\ufeff`, "\u007f", `\u007f`, "\u0085", `\u0085`, "\u00a0", `\u00a0`)

// encode returns the value as one line of JSON in which all characters are visible.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // the value came from JSON
	}
	return invisible.Replace(strings.TrimSuffix(b.String(), "\n"))
}
