package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Values is the result of the part values: calls from a value of the language to a value of the language.
type Values struct {
	Cells []CellCost `json:"cells"`
	// Kept is left out if only some cells were measured, and outside Chromium: Go's heap is the same everywhere.
	Kept *KeptTexts `json:"kept,omitempty"`
}

// KeptTexts is what the program holds when it keeps one text of each of many answers, and nothing else.
type KeptTexts struct {
	Answers int `json:"answers"`
	// Size is the size of an answer in bytes, and Texts that of the texts that are kept.
	Size  int `json:"size"`
	Texts int `json:"texts"`
	// Held is how many bytes of Go's heap they hold, with their places in a slice.
	Held int64 `json:"held"`
}

func measureValues(ctx context.Context, b *bench) (result, error) {
	cells, err := measureCells(ctx, b, valueCells())
	if err != nil || b.cells.String() != "" || !b.isChromium() {
		return &Values{Cells: cells}, err
	}
	kept, err := measureKept(ctx, b)
	if err != nil {
		return nil, err
	}
	progress("%d texts of %d bytes hold %d bytes", kept.Answers, kept.Texts, kept.Held)
	return &Values{cells, kept}, nil
}

// measureKept keeps one text of each of 1,000 answers of 500 KB.
func measureKept(ctx context.Context, b *bench) (*KeptTexts, error) {
	p, closePlayer, err := openPlayer(ctx, b, false)
	if err != nil {
		return nil, err
	}
	defer closePlayer()
	kept := &KeptTexts{Answers: 1000, Size: 500_000}
	if err := p.prepare(ctx, cell{Size: kept.Size}.body()); err != nil {
		return nil, err
	}
	var held [2]int64
	for i, s := range []spec.Sample{
		{Op: spec.RequestRemote, Read: spec.Value, Calls: 20, AtOnce: 1}, // keeps nothing
		{Op: spec.RequestRemote, Read: spec.Value, Calls: kept.Answers, AtOnce: 1, KeepText: true},
	} {
		var got spec.Result
		if err := p.tab.eval(ctx, "bench.sample(\"ours\", "+literal(s)+")", &got); err != nil {
			return nil, err
		}
		kept.Texts = got.Kept
		state, err := p.state(ctx)
		if err != nil {
			return nil, err
		}
		held[i] = state.Heap
	}
	kept.Held = held[1] - held[0]
	return kept, p.problem()
}

// Markdown returns a table of the cells and a sentence about the texts that are kept.
func (v *Values) Markdown() string {
	rows := [][]string{{"call", "behind `postMessage`", "value", "each way", "at once", "ours", "ours, by TinyGo", "bare `Host.Call`", "one copy each way", "official, µs", "ours, µs"}}
	var pairs int
	for _, cost := range v.Cells {
		pairs = cost.Pairs
		posted, shape := "no", spec.Flat
		if cost.Posted {
			posted = "yes"
		}
		if cost.Shape != "" {
			shape = cost.Shape
		}
		rows = append(rows, []string{cost.Op, posted, shape, sizeText(cost.Size), fmt.Sprint(cost.AtOnce), ratio(cost.Ratio["ours"]),
			ratioOf(cost.Ratio, clientTiny), ratioOf(cost.Ratio, "bare"), ratioOf(cost.Ratio, "copy"), number(cost.Micros["official"].Median), number(cost.Micros["ours"].Median)})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d pairs.\n\n%s", pairs, table(measured(rows)))
	for _, g := range []struct {
		name   string
		posted bool
	}{{"`requestRemote`", false}, {"`requestRemote` behind `postMessage`", true}} {
		ours, _ := ratios(v.Cells, func(c cell) bool { return c.Op == spec.RequestRemote && c.Posted == g.posted })
		if len(ours) > 0 {
			fmt.Fprintf(&b, "\nGeometric mean of %s: %s.\n", g.name, number(stat.GeometricMean(ours)))
		}
	}
	if k := v.Kept; k != nil {
		fmt.Fprintf(&b, "\nOne text kept from each of %s answers of %s: the texts have %s bytes and hold %s.\n", thousands(int64(k.Answers)), sizeText(k.Size),
			thousands(int64(k.Texts)), thousands(k.Held))
	}
	return b.String()
}
