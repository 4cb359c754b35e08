package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"

	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Growth is the result of the part growth: two rows of cells, one with more and more calls at once and one with larger and
// larger bodies.
type Growth struct {
	AtOnce Curve `json:"atOnce"`
	Size   Curve `json:"size"`
}

// Curve describes how time and memory of a call grow with one quantity.
type Curve struct {
	Points []Point `json:"points"`
	// The slopes are the exponents of the growth, by client: 0 if it does not grow, 1 if it grows in proportion.
	TimeSlope     map[string]float64 `json:"timeSlope"`
	AskedSlope    map[string]float64 `json:"askedSlope"`
	AnsweredSlope map[string]float64 `json:"answeredSlope"`
}

// Point is one cell of a curve.
type Point struct {
	CellCost
	// Asked is the number of bytes that a call holds while the host works on it. Answered is the number of bytes that an
	// answer holds while the caller keeps it. Both are by client and count JavaScript's heap, buffers, Go's heap and stacks
	// after a garbage collection.
	Asked    map[string]float64 `json:"asked"`
	Answered map[string]float64 `json:"answered"`
}

var growthClients = []string{"official", "ours"}

func measureGrowth(ctx context.Context, b *bench) (result, error) {
	p, closePlayer, err := openPlayer(ctx, b, false)
	if err != nil {
		return nil, err
	}
	defer closePlayer()
	// The calls read bytes, because the browser counts them. It does not report what a short text holds outside its heap.
	var atOnce, size []cell
	for _, n := range []int{1, 10, 100, 1000} {
		atOnce = append(atOnce, cell{Op: spec.RequestRemote, Size: 100, AtOnce: n, Read: spec.Bytes})
	}
	for _, n := range []int{100, 1000, 10_000, 100_000, 1_000_000, 5_000_000} {
		size = append(size, cell{Op: spec.RequestRemote, Size: n, AtOnce: 1, Read: spec.Bytes})
	}
	growth := &Growth{}
	if growth.AtOnce, err = p.curve(ctx, b, atOnce, func(c cell) int { return c.AtOnce }); err != nil {
		return nil, err
	}
	if growth.Size, err = p.curve(ctx, b, size, func(c cell) int { return c.Size }); err != nil {
		return nil, err
	}
	return growth, p.tab.problem()
}

func (p *player) curve(ctx context.Context, b *bench, cells []cell, x func(cell) int) (Curve, error) {
	c := Curve{TimeSlope: map[string]float64{}, AskedSlope: map[string]float64{}, AnsweredSlope: map[string]float64{}}
	var xs []float64
	times, asked, answered := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	for _, cell := range cells {
		cost, err := p.compare(ctx, b, cell)
		if err != nil {
			return c, err
		}
		point := Point{cost, map[string]float64{}, map[string]float64{}}
		for _, client := range growthClients {
			point.Asked[client], point.Answered[client], err = p.heldBy(ctx, client, cell)
			if err != nil {
				return c, err
			}
			times[client] = append(times[client], cost.Micros[client].Median)
			asked[client] = append(asked[client], point.Asked[client])
			answered[client] = append(answered[client], point.Answered[client])
		}
		c.Points = append(c.Points, point)
		xs = append(xs, float64(x(cell)))
		progress("%-28s ours %s of official; bytes held when asked: %s and %s, answered: %s and %s", cell.Name(), ratio(cost.Ratio["ours"]),
			number(point.Asked["ours"]), number(point.Asked["official"]), number(point.Answered["ours"]), number(point.Answered["official"]))
	}
	for _, client := range growthClients {
		c.TimeSlope[client] = stat.Slope(xs, times[client])
		c.AskedSlope[client] = stat.Slope(xs, asked[client])
		c.AnsweredSlope[client] = stat.Slope(xs, answered[client])
	}
	return c, nil
}

// heldBy returns the number of bytes that a call holds while the host works on it, and the number that it holds while its
// answer is kept. Each is the median of three measurements.
func (p *player) heldBy(ctx context.Context, client string, c cell) (asked, answered float64, err error) {
	// A single small call is lost in what the page itself allocates.
	calls := c.AtOnce
	if c.AtOnce*c.Size < 100_000 {
		calls = max(calls, 100)
	}
	sample := spec.Sample{Op: c.Op, Read: c.Read, Calls: calls, AtOnce: calls, Keep: true}
	drop := spec.Sample{Op: c.Op, Read: c.Read, Calls: 1, AtOnce: 1}
	var during, after []float64
	for range 3 {
		var levels [3]float64
		for i, step := range []string{
			"bench.sample(" + literal(client) + ", " + literal(drop) + ")",
			"bench.begin(" + literal(client) + ", " + literal(sample) + ")",
			"bench.end()",
		} {
			if err := p.tab.eval(ctx, step, nil); err != nil {
				return 0, 0, err
			}
			if levels[i], err = p.memory(ctx); err != nil {
				return 0, 0, err
			}
		}
		during = append(during, (levels[1]-levels[0])/float64(calls))
		after = append(after, (levels[2]-levels[0])/float64(calls))
	}
	return stat.Of(during).Median, stat.Of(after).Median, nil
}

// memory returns the number of bytes that the page holds after a garbage collection. Of the program's memory, it counts
// only what Go uses.
func (p *player) memory(ctx context.Context) (float64, error) {
	state, err := p.state(ctx)
	if err != nil {
		return 0, err
	}
	if err := p.tab.collect(ctx); err != nil {
		return 0, err
	}
	heap, err := call(ctx, p.tab, "measuring the heap", runtime.GetHeapUsage, cdp.Empty{})
	return heap.UsedSize + heap.EmbedderHeapUsedSize + heap.BackingStorageSize + float64(state.Heap+state.Stacks), err
}

// Markdown returns a table for each curve, with the slopes in the last row.
func (g *Growth) Markdown() string {
	text := func(c Curve, what string, x func(cell) string) string {
		rows := [][]string{{what, "official, µs", "ours, µs", "ours to official", "asked: official, bytes", "ours", "answered: official, bytes", "ours"}}
		for _, p := range c.Points {
			rows = append(rows, []string{x(p.cell), number(p.Micros["official"].Median), number(p.Micros["ours"].Median), ratio(p.Ratio["ours"]),
				number(p.Asked["official"]), number(p.Asked["ours"]), number(p.Answered["official"]), number(p.Answered["ours"])})
		}
		slope := func(v map[string]float64, client string) string { return fmt.Sprintf("%.2f", v[client]) }
		return table(append(rows, []string{"slope", slope(c.TimeSlope, "official"), slope(c.TimeSlope, "ours"), "",
			slope(c.AskedSlope, "official"), slope(c.AskedSlope, "ours"), slope(c.AnsweredSlope, "official"), slope(c.AnsweredSlope, "ours")}))
	}
	return text(g.AtOnce, "at once", func(c cell) string { return fmt.Sprint(c.AtOnce) }) + "\n" +
		text(g.Size, "body each way", func(c cell) string { return sizeText(c.Size) })
}

// state returns what the program holds. It asks twice, because the first question leaves a few things behind.
func (p *player) state(ctx context.Context) (state spec.State, err error) {
	var text string
	for range 2 {
		if err := p.tab.eval(ctx, `goState("")`, &text); err != nil {
			return state, err
		}
	}
	err = unmarshal(text, &state)
	return state, err
}

func unmarshal(text string, out any) error { return json.Unmarshal([]byte(text), out) }
