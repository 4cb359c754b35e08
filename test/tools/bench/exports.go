package main

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"

	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Exports is the result of the part exports: calls of functions that a Go program exports, one at a time.
type Exports struct {
	Pairs int `json:"pairs"`
	// Micros is the time of one call, by what is called, as testdata/exports/calls.js names it.
	Micros map[string]stat.Quartiles `json:"micros"`
	// Ratio is the ratio to the same value as JSON in JavaScript, and for a call in a worker the ratio to that in the page, pair by
	// pair.
	Ratio map[string]stat.Quartiles `json:"ratio"`
	// ListSize is the size of the list in bytes.
	ListSize int `json:"listSize"`
	// States are what the program holds after calls with a struct. They are measured in Chromium only.
	States []CountedState `json:"states,omitempty"`
}

// exportCalls are all calls. Each has what it is compared with.
var exportCalls = []struct{ name, to, text string }{
	{"nothing", "", "a function that does nothing: the floor"},
	{"struct", "struct as JSON", "a struct of five fields each way"},
	{"list", "list as JSON", "a list each way, 10 KB of JSON"},
	{"bytes", "nothing", "10 KB of bytes each way"},
	{"nothing in a worker", "nothing", "in a worker: nothing"},
	{"struct in a worker", "struct", "in a worker: the struct"},
	{"list in a worker", "list", "in a worker: the list"},
	{"bytes in a worker", "bytes", "in a worker: the bytes"},
	{"struct as JSON", "", "the struct: `JSON.parse(JSON.stringify(x))`"},
	{"list as JSON", "", "the list: `JSON.parse(JSON.stringify(x))`"},
}

func measureExports(ctx context.Context, b *bench) (result, error) {
	t, closeAll, err := openExports(ctx, b)
	if err != nil {
		return nil, err
	}
	defer closeAll()
	e := &Exports{Pairs: b.pairs, Micros: map[string]stat.Quartiles{}, Ratio: map[string]stat.Quartiles{}}
	if err := t.eval(ctx, "listSize", &e.ListSize); err != nil {
		return nil, err
	}
	sample := func(name string, n int) (micros float64, err error) {
		if err := t.collect(ctx); err != nil {
			return 0, err
		}
		// A collection also discards what makes the next calls fast.
		if err := t.eval(ctx, "sample("+literal(name)+", "+literal((n+4)/5)+")", nil); err != nil {
			return 0, err
		}
		err = t.eval(ctx, "sample("+literal(name)+", "+literal(n)+")", &micros)
		return micros, err
	}
	calls := map[string]int{}
	var names []string
	for _, c := range exportCalls {
		names = append(names, c.name)
		want := float64(b.sample.Microseconds())
		for n := 1; ; {
			took, err := sample(c.name, n)
			if err != nil {
				return nil, err
			}
			if calls[c.name] = n; took*float64(n) >= want && n > 100 {
				break
			}
			n = int(math.Ceil(float64(n) * min(max(want*1.2/(took*float64(n)), 1.3), 8)))
		}
	}
	micros := map[string][]float64{}
	for range b.pairs {
		for _, name := range names {
			took, err := sample(name, calls[name])
			if err != nil {
				return nil, err
			}
			micros[name] = append(micros[name], took)
		}
		slices.Reverse(names)
	}
	for _, c := range exportCalls {
		e.Micros[c.name] = stat.Of(micros[c.name])
		if c.to != "" {
			e.Ratio[c.name] = stat.Of(stat.Ratios(micros[c.name], micros[c.to]))
		}
		progress("%-22s %s µs, %s", c.name, number(e.Micros[c.name].Median), ratioOf(e.Ratio, c.name))
	}
	if b.isChromium() {
		if e.States, err = exportStates(ctx, t); err != nil {
			return nil, err
		}
	}
	return e, t.problem()
}

// exportStates returns what the program holds after 10,000 calls with a struct, and after 100,000.
func exportStates(ctx context.Context, t *tab) (states []CountedState, err error) {
	made := 0
	for _, count := range leakCounts[1:] {
		for ; made < count; made += 10_000 { // in parts, because one wait has a time limit
			if err := t.eval(ctx, "many(10000)", nil); err != nil {
				return nil, err
			}
		}
		looks := make([]spec.State, leakLooks)
		for i := range looks {
			if err := t.eval(ctx, "many(100)", &looks[i]); err != nil {
				return nil, err
			}
		}
		state := quietest(looks)
		state.Calls = count
		states = append(states, state)
		progress("after %s calls: %d references, %s bytes of heap, %d goroutines", thousands(int64(count)), state.References, thousands(state.Heap), state.Goroutines)
	}
	return states, nil
}

// openExports opens the page that calls exported functions.
func openExports(ctx context.Context, b *bench) (t *tab, closeAll func(), err error) {
	dir, err := os.MkdirTemp("", "forgego-bench-")
	if err != nil {
		return nil, nil, err
	}
	closers := []func(){func() { os.RemoveAll(dir) }}
	closeAll = func() {
		for _, c := range slices.Backward(closers) {
			c()
		}
	}
	defer func() {
		if err != nil {
			closeAll()
		}
	}()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(testdata, "exports"))); err != nil {
		return nil, nil, err
	}
	if err := buildModule(ctx, "programs/module", dir); err != nil {
		return nil, nil, err
	}
	server := httptest.NewServer(isolated(http.FileServer(http.Dir(dir))))
	closers = append(closers, server.Close)
	if t, err = openTab(ctx, b.browser); err != nil {
		return nil, nil, err
	}
	closers = append(closers, t.close)
	if err := t.visit(ctx, server.URL); err != nil {
		return nil, nil, err
	}
	return t, closeAll, t.until(ctx, "both programs", "globalThis.listSize")
}

// isolated serves a cross-origin isolated page, whose clock has a resolution of 5 µs instead of 100 µs.
func isolated(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		files.ServeHTTP(w, r)
	})
}

// Markdown returns a table of the calls, and one of what is left after them.
func (e *Exports) Markdown() string {
	rows := [][]string{{"one call", "µs", "ratio", "to"}}
	for _, c := range exportCalls {
		row := []string{c.text, number(e.Micros[c.name].Median), ratioOf(e.Ratio, c.name), "–"}
		for _, other := range exportCalls {
			if other.name == c.to {
				row[3] = other.text
			}
		}
		rows = append(rows, row)
	}
	text := thousands(int64(e.Pairs)) + " pairs. The list has " + thousands(int64(e.ListSize)) + " bytes.\n\n" + table(rows)
	if len(e.States) == 0 {
		return text
	}
	return text + "\n" + (&Leaks{States: e.States}).Markdown()
}

// goals adds the goals about exported functions. A state after 100,000 calls may have as much as that after 10,000.
func (e *Exports) goals(most func(what string, got, want float64, format string), bound func(bound, want float64)) {
	most("an exported function, a struct of five fields each way, µs", e.Micros["struct"].Median, 15, "%.1f")
	bound(e.Micros["nothing"].Median, 15)
	most("an exported function, 10 KB each way, to `JSON.parse(JSON.stringify(x))`", e.Ratio["list"].Median, 3, "%.2f")
	if len(e.States) == 2 {
		a, b := e.States[0], e.States[1]
		most("exported functions: references more after 100,000 calls than after 10,000", float64(b.References-a.References), 0, "%.0f")
		most("exported functions: goroutines more", float64(b.Goroutines-a.Goroutines), 0, "%.0f")
		most("exported functions: heap more, bytes (one sample differs from the next by as much)", float64(b.Heap-a.Heap), float64(max(a.HeapNoise, b.HeapNoise)), "%.0f")
	}
}
