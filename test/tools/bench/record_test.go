package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

func quartiles(median float64) stat.Quartiles {
	return stat.Quartiles{Low: median * 0.9, Median: median, High: median * 1.1}
}

func callCost(c cell, ours float64) CellCost {
	return CellCost{cell: c, Pairs: 15, Ratio: map[string]stat.Quartiles{"ours": quartiles(ours), "bare": quartiles(ours / 2), "copy": quartiles(ours / 4), "floor": quartiles(0.1)}}
}

func example() *Record {
	request := func(size, atOnce int, ours float64) CellCost {
		return callCost(cell{Op: spec.RequestRemote, Size: size, AtOnce: atOnce, Read: spec.Text}, ours)
	}
	state := func(calls, references int, heap int64) CountedState {
		return CountedState{Calls: calls, State: spec.State{References: references, Heap: heap, Goroutines: 3}, HeapNoise: 64}
	}
	return &Record{
		Environment: Environment{Browser: "Chrome/1", Go: "go1", Bridge: "7", Processors: 2},
		Calls: &Calls{Cells: []CellCost{
			request(100, 1, 0.5), request(100, 50, 0.125),
			callCost(cell{Op: spec.InvokeRemote, Size: 100, AtOnce: 1, Read: spec.Bytes}, 2),
			callCost(cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Text, Posted: true}, 100), // no goal is about this cell
		}},
		Values: &Values{
			Cells: []CellCost{
				callCost(cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Value}, 0.5),
				callCost(cell{Op: spec.RequestRemote, Size: 10_000, AtOnce: 1, Read: spec.Value, Shape: spec.Nested}, 0.72),
				callCost(cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Value, Posted: true}, 2),
				callCost(cell{Op: spec.InvokeRemote, Size: 100, AtOnce: 1, Read: spec.Value}, 100), // no goal is about this cell
				callCost(cell{Op: spec.InvokeRemote, Size: 100, AtOnce: 1, Read: spec.Value, Posted: true}, 1.4),
				callCost(cell{Op: spec.InvokeRemote, Size: 10_000, AtOnce: 1, Read: spec.Value, Posted: true}, 1.3),
			},
			Kept: &KeptTexts{Answers: 10, Size: 1000, Texts: 200, Held: 10_000},
		},
		Leaks: &Leaks{
			States: []CountedState{state(0, 20, 1000), state(10_000, 25, 5000), state(100_000, 25, 5050)},
			TinyGo: []CountedState{state(0, 10, 100), state(10_000, 12, 500), state(100_000, 13, 600)},
		},
		Weight: &Weight{Files: []Weighed{
			{Name: weightNames[1][1], Brotli: 1000}, {Name: weightNames[2][1], Brotli: 1100}, {Name: shimName, Brotli: 4000},
		}},
		Boot: &Boot{Encoding: "gzip", Cells: []BootCell{{
			condition:   condition{Latency: 100, Slowdown: 1},
			ScreenRatio: map[string]stat.Quartiles{pageOurs: quartiles(1.2), pageEarly: quartiles(1.1), pageBare: quartiles(1.18)},
		}, {
			condition:  condition{Latency: 0, Slowdown: 1},
			FirstRatio: map[string]stat.Quartiles{pageOurs: quartiles(1.9), pageEarly: quartiles(1.7), pageTiny: quartiles(1.25), pageTinyEarly: quartiles(1), pageBare: quartiles(1.85)},
		}, {
			condition:  condition{Warm: true, Latency: 0, Slowdown: 1},
			FirstRatio: map[string]stat.Quartiles{pageOurs: quartiles(1.5), pageEarly: quartiles(1.3), pageBare: quartiles(1.2)},
		}}},
		Growth:  &Growth{},
		Loading: &Loading{},
		Exports: &Exports{Pairs: 3, ListSize: 10_000, Micros: map[string]stat.Quartiles{"nothing": quartiles(16), "struct": quartiles(20)},
			Ratio: map[string]stat.Quartiles{"list": quartiles(2.5)}, States: []CountedState{
				{Calls: 10_000, State: spec.State{References: 30, Goroutines: 4, Heap: 1000}, HeapNoise: 10},
				{Calls: 100_000, State: spec.State{References: 31, Goroutines: 4, Heap: 1010}},
			}},
		Worker: &Worker{Pairs: 3, Cells: []WorkerCost{{cell: cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Text}, Page: quartiles(50), Worker: quartiles(100), Ratio: quartiles(2)}},
			Long: []LongTasks{{AtOnce: 1, Page: []float64{70, 90}, Worker: []float64{}}, {AtOnce: 50, Worker: []float64{60}}}},
		Firefox: &Record{
			Environment: Environment{Browser: "Firefox/1"},
			Calls:       &Calls{Cells: []CellCost{callCost(cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Text, Posted: true}, 0.8)}},
			Values:      &Values{},
			Boot:        &Boot{},
			Loading:     &Loading{},
		},
		WebKit: &Record{
			Environment: Environment{Browser: "WebKitGTK"},
			Calls:       &Calls{},
			Values:      &Values{Cells: []CellCost{callCost(cell{Op: spec.RequestRemote, Size: 10_000, AtOnce: 1, Read: spec.Value}, 20)}},
			Boot:        &Boot{},
			Loading:     &Loading{},
		},
	}
}

func TestGoals(t *testing.T) {
	got := map[string]string{}
	for _, g := range example().goals() {
		got[g.what] = g.got
		if !g.met {
			got[g.what] += " missed"
		}
		if g.beyond {
			got[g.what] += " below " + g.bound
		}
	}
	want := map[string]string{
		"`requestRemote`, slowest of 2 cells":                                             "0.50",
		"`requestRemote`, geometric mean of the cells":                                    "0.25",
		"`invokeRemote`, slowest of 1 cells":                                              "2.00 missed below 1.00",
		"`invokeRemote`, geometric mean of the cells":                                     "2.00 missed below 1.00",
		"both, geometric mean of the cells":                                               "0.50 missed",
		"`requestRemote`, 50 and 500 at once, 100 B, slowest":                             "0.12",
		"`RequestRemote` and `Text` to `safejs` alone, brotli 11":                         "1.100 missed",
		"`requestRemote`, value to value, slowest":                                        "0.72 missed",
		"`requestRemote`, value to value, geometric mean":                                 "0.60 missed",
		"`requestRemote`, value to value, behind `postMessage`, slowest":                  "2.00 missed below 1.00",
		"`requestRemote`, value to value, behind `postMessage`, geometric mean":           "2.00 missed below 1.00",
		"`invokeRemote`, value to value, behind `postMessage`, 10 KB and 500 KB, slowest": "1.30 missed",
		"`invokeRemote`, value to value, behind `postMessage`, 100 B, slowest":            "1.40",
		"one text kept from each of 10 answers: bytes of Go's heap for each":              "1000 missed",
		"the shim in a bundle, brotli 11, bytes":                                          "4000",
		"the answer on the screen, cold, host takes 100 ms, ours":                         "1.20 missed below 1.18",
		"the answer on the screen, cold, host takes 100 ms, early":                        "1.10",
		"references more after 100,000 calls than after 10,000":                           "0",
		"the first call, cold, host takes 0 ms, ours":                                     "1.90 missed below 1.85",
		"the first call, cold, host takes 0 ms, early":                                    "1.70",
		"the first call, warm, host takes 0 ms, ours":                                     "1.50 missed",
		"the first call, warm, host takes 0 ms, early":                                    "1.30",
		"the first call, cold, host takes 0 ms, official to ours by TinyGo":               "0.80 missed",
		"the first call, cold, host takes 0 ms, official to early by TinyGo":              "1.00",
		"by TinyGo: references more":                                                      "1 missed",
		"by TinyGo: heap more, bytes":                                                     "100 missed",
		"Firefox, `requestRemote` behind `postMessage`, text and bytes, 100 B, slowest":   "0.80 missed",
		"WebKit, `requestRemote`, value to value, 10 KB, slowest":                         "20.00 missed below 10.00",
		"goroutines more": "0",
		"an exported function, a struct of five fields each way, µs":                         "20.0 missed below 16.00",
		"an exported function, 10 KB each way, to `JSON.parse(JSON.stringify(x))`":           "2.50",
		"exported functions: references more after 100,000 calls than after 10,000":          "1 missed",
		"exported functions: goroutines more":                                                "0",
		"exported functions: heap more, bytes (one sample differs from the next by as much)": "10",
		"in a worker, 50 answers of 500 KB, 1 at once: tasks of the page over 50 ms":         "0",
		"in a worker, 50 answers of 500 KB, 50 at once: tasks of the page over 50 ms":        "1 missed",
		"Go's heap more, bytes (one sample differs from the next by as much)":                "50",
	}
	if !reflect.DeepEqual(got, want) {
		for what := range want {
			if got[what] != want[what] {
				t.Errorf("%s: got %q, want %q", what, got[what], want[what])
			}
		}
		t.Errorf("got %d goals, want %d: %v", len(got), len(want), got)
	}
	if goals := (&Record{}).goals(); len(goals) > 0 {
		t.Errorf("a record of nothing has goals: %v", goals)
	}
}

func TestWantedParts(t *testing.T) {
	for name, c := range map[string]struct {
		chosen string
		engine browser.Engine
		want   string // the parts, or a piece of the error
	}{
		"all in Chromium":         {"", browser.Chromium, "calls values growth leaks exports worker weight boot loading loop"},
		"all in Firefox":          {"", browser.Firefox, "calls values exports worker boot loading"},
		"some":                    {"boot,calls", browser.WebKit, "boot calls"},
		"a part of Chromium only": {"calls,leaks", browser.WebKit, "leaks runs in Chromium only; in webkit run calls, values, exports, worker, boot, loading"},
		"no such part":            {"call", browser.Chromium, `no part "call"`},
		"no such browser":         {"calls", "opera", `no browser "opera"`},
	} {
		got, err := wantedParts(c.chosen, c.engine)
		if err != nil && !strings.Contains(err.Error(), c.want) || err == nil && strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestBrowserOf(t *testing.T) {
	for engine, c := range map[browser.Engine][2]string{
		browser.Firefox: {"Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox/153.0"},
		browser.WebKit:  {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "WebKitGTK, as Safari 26.0"},
	} {
		if got := browserOf(engine, c[0]); got != c[1] {
			t.Errorf("%s: %q, want %q", engine, got, c[1])
		}
	}
}

// TestRecordFile checks that a record can be written and read again, and that a part that was not run keeps its result.
func TestRecordFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "bench.json")
	var none Record
	if err := none.read(file); err != nil || !reflect.DeepEqual(none, Record{}) {
		t.Fatalf("a file that is not there: %v, %v", none, err)
	}
	before := example()
	if err := before.write(file); err != nil {
		t.Fatal(err)
	}
	after := &Record{}
	if err := after.read(file); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before.goals(), after.goals()) || after.Calls.Cells[1].AtOnce != 50 || after.Boot.Cells[0].Latency != 100 {
		t.Errorf("got %+v", after)
	}
	after.set(&Leaks{})
	if after.Leaks.States != nil || after.Calls == nil {
		t.Error("set changed the wrong part")
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := after.read(file); err == nil {
		t.Error("half a file is read without an error")
	}
}

func TestReplaceSection(t *testing.T) {
	const before = "A\n<!-- calls: written by make bench UPDATE=1 -->\nold\n<!-- end of calls -->\nB\n"
	got, err := replaceSection([]byte(before), "calls", "new\n")
	if want := strings.Replace(before, "old", "new", 1); err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	for _, text := range []string{"", "<!-- calls: written by make bench UPDATE=1 -->\nold", "<!-- end of calls -->"} {
		if got, err := replaceSection([]byte(text), "calls", "new"); err == nil {
			t.Errorf("without both marks: %q", got)
		}
	}
}

// TestDocument checks that the document has a place for every section, and that it shows the committed results.
func TestDocument(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile(filepath.Join(docs, "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range example().sections() {
		if _, err := replaceSection(text, s.name, s.text); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	var committedRecord Record
	if err := committedRecord.read(committed); err != nil {
		t.Fatal(err)
	}
	for _, s := range committedRecord.sections() {
		if !strings.Contains(string(text), s.text) {
			t.Errorf("the section %s is not what %s gives (run: go run ./tools/bench -rewrite)", s.name, committed)
		}
	}
}

func TestCharts(t *testing.T) {
	charts := example().charts()
	calls := charts["bench-calls.svg"]
	if len(charts) != 2 || len(calls.Groups) != 2 || len(calls.Groups[0].Rows) != 2 || calls.Groups[0].Rows[1].Points[0].Median != 0.125 {
		t.Errorf("got %+v", charts)
	}
	if rows := charts["bench-boot.svg"].Groups[1].Rows; len(rows) != 3 || rows[0].Points[1].Median != 1.1 {
		t.Errorf("got %+v", rows)
	}
}
