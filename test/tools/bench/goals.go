package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

// goal is a target and the result that was measured for it.
type goal struct {
	what, want, got string
	met             bool
	// bound is the measured value of a lower bound: no client that is built on it can be faster. It is "" if none was
	// measured. beyond reports whether the goal lies below the bound.
	bound  string
	beyond bool
}

// goals compares the results of all parts that were run with the targets.
func (r *Record) goals() []goal {
	var goals []goal
	most := func(what string, got, want float64, format string) {
		goals = append(goals, goal{what: what, want: "≤ " + fmt.Sprintf(format, want), got: fmt.Sprintf(format, got), met: got <= want})
	}
	// bound sets the bound of the last goal in the list.
	bound := func(bound, want float64) {
		if bound > 0 {
			g := &goals[len(goals)-1]
			g.bound, g.beyond = fmt.Sprintf("%.2f", bound), bound > want
		}
	}
	least := func(what string, got, want float64, format string) {
		goals = append(goals, goal{what: what, want: "≥ " + fmt.Sprintf(format, want), got: fmt.Sprintf(format, got), met: got >= want})
	}
	if r.Calls != nil {
		for _, op := range []string{spec.RequestRemote, spec.InvokeRemote} {
			ours, bare := r.Calls.ratios(func(c cell) bool { return c.Op == op })
			if len(ours) > 0 {
				most("`"+op+"`, slowest of "+fmt.Sprint(len(ours))+" cells", slices.Max(ours), 0.6, "%.2f")
				bound(slices.Max(bare), 0.6)
				most("`"+op+"`, geometric mean of the cells", stat.GeometricMean(ours), 0.35, "%.2f")
				bound(stat.GeometricMean(bare), 0.35)
			}
		}
		if ours, bare := r.Calls.ratios(func(cell) bool { return true }); len(ours) > 0 {
			most("both, geometric mean of the cells", stat.GeometricMean(ours), 0.35, "%.2f")
			bound(stat.GeometricMean(bare), 0.35)
		}
		small := func(op string) func(cell) bool {
			return func(c cell) bool { return c.Op == op && c.Size == 100 && c.AtOnce > 1 }
		}
		for _, op := range []string{spec.RequestRemote, spec.InvokeRemote} {
			if ours, bare := r.Calls.ratios(small(op)); len(ours) > 0 {
				most("`"+op+"`, 50 and 500 at once, 100 B, slowest", slices.Max(ours), 0.2, "%.2f")
				bound(slices.Max(bare), 0.2)
			}
		}
	}
	if r.Values != nil {
		cells := func(what string, want float64, choose func(cell) bool, of func([]float64) float64) {
			if ours, bare := ratios(r.Values.Cells, choose); len(ours) > 0 {
				most(what, of(ours), want, "%.2f")
				bound(of(bare), want)
			}
		}
		for _, posted := range []bool{false, true} {
			what, slowest, mean := "`requestRemote`, value to value", 0.7, 0.55
			if posted {
				what, slowest, mean = what+", behind `postMessage`", 0.9, 0.7
			}
			choose := func(c cell) bool { return c.Op == spec.RequestRemote && c.Posted == posted }
			cells(what+", slowest", slowest, choose, slices.Max[[]float64])
			cells(what+", geometric mean", mean, choose, stat.GeometricMean)
		}
		const invoke = "`invokeRemote`, value to value, behind `postMessage`, "
		cells(invoke+"10 KB and 500 KB, slowest", 1.2, func(c cell) bool { return c.Op == spec.InvokeRemote && c.Posted && c.Size > 100 }, slices.Max[[]float64])
		cells(invoke+"100 B, slowest", 1.5, func(c cell) bool { return c.Op == spec.InvokeRemote && c.Posted && c.Size == 100 }, slices.Max[[]float64])
		if k := r.Values.Kept; k != nil {
			// Memory comes in sizes, of which the next is at most 8 bytes larger for a short text. Its place in the slice has 16.
			most(fmt.Sprintf("one text kept from each of %s answers: bytes of Go's heap for each", thousands(int64(k.Answers))),
				float64(k.Held)/float64(k.Answers), float64(k.Texts)/float64(k.Answers)+8+16, "%.0f")
		}
	}
	goals = append(goals, r.Firefox.goalsOf("Firefox", 0.7, 0.7, 0.7, 0.4, 0.6, 0.8)...)
	goals = append(goals, r.WebKit.goalsOf("WebKit", 1.2, 1.2, 2.5, 2, 3, 3)...)
	if r.Weight != nil {
		if text, safejs := r.Weight.brotli("text"), r.Weight.brotli("safejs"); safejs > 0 {
			most("`RequestRemote` and `Text` to `safejs` alone, brotli 11", float64(text)/float64(safejs), 1.08, "%.3f")
		}
		if script := r.Weight.named(tinyExecName).Brotli; script > 0 {
			for _, c := range []struct {
				name   string
				budget float64
			}{{tinyPrograms[0][1], 64_000}, {tinyPrograms[len(tinyPrograms)-1][1], 150_000}} {
				most(c.name+", and its `wasm_exec.js`, brotli 11, bytes", float64(r.Weight.named(c.name).Brotli+script), c.budget, "%.0f")
			}
		}
		most("the shim in a bundle, brotli 11, bytes", float64(r.Weight.named(shimName).Brotli), 4608, "%.0f")
	}
	if r.Boot != nil {
		for _, c := range r.Boot.Cells {
			for _, page := range []string{pageOurs, pageEarly} {
				switch c.condition {
				case condition{Latency: 100, Slowdown: 1}:
					most("the answer on the screen, cold, host takes 100 ms, "+page, c.ScreenRatio[page].Median, 1.15, "%.2f")
					if page == pageOurs {
						bound(c.ScreenRatio[pageBare].Median, 1.15)
					}
				case condition{Slowdown: 1}, condition{Warm: true, Slowdown: 1}:
					limit := 1.8
					if c.Warm {
						limit = 1.3
					}
					most("the first call, "+c.cache()+", host takes 0 ms, "+page, c.FirstRatio[page].Median, limit, "%.2f")
					if page == pageOurs {
						bound(c.FirstRatio[pageBare].Median, limit)
					}
				}
			}
			for _, page := range [][2]string{{pageTiny, "ours by TinyGo"}, {pageTinyEarly, "early by TinyGo"}} {
				if tiny, ok := c.FirstRatio[page[0]]; ok && c.condition == (condition{Slowdown: 1}) {
					least("the first call, cold, host takes 0 ms, official to "+page[1], 1/tiny.Median, 0.9, "%.2f")
				}
			}
		}
	}
	if r.Loop != nil {
		for _, c := range r.Loop.Cells {
			what := c.App + ", " + c.Saved + " saved: visible after, milliseconds"
			if c.Build.Median > 0 {
				what = c.App + ", " + c.Saved + " saved: visible after `go build` and, milliseconds"
			}
			most(what, c.measured().Median, c.Limit, "%.0f")
			if c.App == "custom-ui" && c.Saved == "front-end Go" {
				most("custom-ui, front-end Go saved: visible after, milliseconds", c.Visible.Median, 1500, "%.0f")
			}
		}
	}
	if r.Exports != nil {
		r.Exports.goals(most, bound)
	}
	if r.Worker != nil {
		r.Worker.goals(most)
	}
	if r.Leaks != nil && len(r.Leaks.States) == 3 {
		a, b := r.Leaks.States[1], r.Leaks.States[2]
		most("references more after 100,000 calls than after 10,000", float64(b.References-a.References), 0, "%.0f")
		most("goroutines more", float64(b.Goroutines-a.Goroutines), 0, "%.0f")
		most("Go's heap more, bytes (one sample differs from the next by as much)", float64(b.Heap-a.Heap), float64(max(a.HeapNoise, b.HeapNoise)), "%.0f")
	}
	if r.Leaks != nil && len(r.Leaks.TinyGo) == 3 {
		a, b := r.Leaks.TinyGo[1], r.Leaks.TinyGo[2]
		most("by TinyGo: references more", float64(b.References-a.References), 0, "%.0f")
		most("by TinyGo: heap more, bytes", float64(b.Heap-a.Heap), float64(max(a.HeapNoise, b.HeapNoise)), "%.0f")
	}
	return goals
}

// goalsOf returns the goals for another browser than Chromium: those for texts and bytes of requestRemote behind postMessage,
// and for its values in the same page, each for 100 B, 10 KB and 500 KB. The bound is one copy of each body or the bare call,
// whichever takes longer.
func (r *Record) goalsOf(name string, wanted ...float64) (goals []goal) {
	if r == nil {
		return nil
	}
	var costs []CellCost
	if r.Calls != nil {
		costs = append(costs, r.Calls.Cells...)
	}
	if r.Values != nil {
		costs = append(costs, r.Values.Cells...)
	}
	for i, want := range wanted {
		size, value := []int{100, 10_000, 500_000}[i%3], i >= 3
		var got, bound float64
		for _, c := range costs {
			if c.Op == spec.RequestRemote && c.Size == size && c.Posted != value && (c.Read == spec.Value) == value && c.Ratio["ours"].Median > got {
				got, bound = c.Ratio["ours"].Median, max(c.Ratio["copy"].Median, c.Ratio["bare"].Median)
			}
		}
		if got == 0 {
			continue
		}
		what := name + ", `requestRemote` behind `postMessage`, text and bytes, " + sizeText(size) + ", slowest"
		if value {
			what = name + ", `requestRemote`, value to value, " + sizeText(size) + ", slowest"
		}
		goals = append(goals, goal{what: what, want: fmt.Sprintf("≤ %.1f", want), got: fmt.Sprintf("%.2f", got), met: got <= want, bound: fmt.Sprintf("%.2f", bound), beyond: bound > want})
	}
	return goals
}

// goalsMarkdown returns the goals as a table.
func (r *Record) goalsMarkdown() string {
	rows := [][]string{{"what", "goal", "measured", "bound", ""}}
	for _, g := range r.goals() {
		mark := "reached"
		switch {
		case !g.met && g.beyond:
			mark = "**not reached**; it lies below the bound"
		case !g.met:
			mark = "**not reached**"
		}
		rows = append(rows, []string{g.what, g.want, g.got, cmp.Or(g.bound, "–"), mark})
	}
	return table(rows)
}

// ratios returns our ratios in the cells that goals are about, and the ratios of the bare call.
func (c *Calls) ratios(choose func(cell) bool) (ours, bare []float64) {
	return ratios(c.Cells, func(c cell) bool { return c.isGoal() && choose(c) })
}

// ratios returns our ratios in some cells, and the ratios of the bare call.
func ratios(cells []CellCost, choose func(cell) bool) (ours, bare []float64) {
	for _, cost := range cells {
		if choose(cost.cell) {
			ours = append(ours, cost.Ratio["ours"].Median)
			bare = append(bare, cost.Ratio["bare"].Median)
		}
	}
	return ours, bare
}
