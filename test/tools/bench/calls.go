package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Calls is the result of the part calls.
type Calls struct {
	Cells []CellCost `json:"cells"`
}

// CellCost is the result of one cell.
type CellCost struct {
	cell
	Pairs int `json:"pairs"`
	// Calls is the number of calls in a sample, by client.
	Calls map[string]int `json:"calls"`
	// Micros is the time of one call in microseconds, by client. It is a rough guide only, because machines differ.
	Micros map[string]stat.Quartiles `json:"micros"`
	// Ratio is the ratio of each client's time to the official client's time, pair by pair. "ours/parsing" compares our
	// client with the official client when that one must parse the body first.
	Ratio map[string]stat.Quartiles `json:"ratio"`
}

// compare measures a cell. It runs the clients in turn, every other time in reverse order.
func (p *player) compare(ctx context.Context, b *bench, c cell) (CellCost, error) {
	cost := CellCost{cell: c, Pairs: b.pairsOf(c), Calls: map[string]int{}, Micros: map[string]stat.Quartiles{}, Ratio: map[string]stat.Quartiles{}}
	if err := p.prepare(ctx, c.body()); err != nil {
		return cost, err
	}
	if err := p.post(ctx, c.Posted); err != nil {
		return cost, err
	}
	clients := p.clients(c)
	for _, client := range clients {
		var err error
		if cost.Calls[client], err = p.warm(ctx, client, c, b.sample); err != nil {
			return cost, err
		}
	}
	micros := map[string][]float64{}
	for range b.pairsOf(c) {
		for _, client := range clients {
			took, err := p.play(ctx, client, c, cost.Calls[client])
			if err != nil {
				return cost, err
			}
			micros[client] = append(micros[client], took)
		}
		slices.Reverse(clients)
	}
	for client, times := range micros {
		cost.Micros[client] = stat.Of(times)
		if client != "official" {
			cost.Ratio[client] = stat.Of(stat.Ratios(times, micros["official"]))
		}
	}
	if parsing, ok := micros["parsing"]; ok {
		cost.Ratio["ours/parsing"] = stat.Of(stat.Ratios(micros["ours"], parsing))
	}
	return cost, p.problem()
}

// pairsOf returns the number of pairs for a cell. A cell that moves more than 100 MB each way in one batch gets a third of
// the pairs, because it would take most of the time. With -full it gets all of them.
func (b *bench) pairsOf(c cell) int {
	if c.isHuge() && !b.full {
		return (b.pairs + 2) / 3
	}
	return b.pairs
}

func measureCalls(ctx context.Context, b *bench) (result, error) {
	all := callCells()
	if !b.isChromium() {
		all = callCellsElsewhere()
	}
	cells, err := measureCells(ctx, b, all)
	if err != nil {
		return nil, err
	}
	return &Calls{cells}, nil
}

// measureCells measures those of the cells that the flag -cells matches.
func measureCells(ctx context.Context, b *bench, all []cell) ([]CellCost, error) {
	p, closePlayer, err := openPlayer(ctx, b, b.tinygo)
	if err != nil {
		return nil, err
	}
	defer closePlayer()
	cells := slices.DeleteFunc(all, func(c cell) bool { return !b.cells.MatchString(c.Name()) })
	if len(cells) == 0 {
		return nil, fmt.Errorf("no cell matches %s", b.cells)
	}
	// The browser compiles code that runs often a second time, and optimizes it.
	for _, op := range []string{spec.RequestRemote, spec.InvokeRemote} {
		c := cell{Op: op, Size: 1000, AtOnce: 50, Read: cells[0].Read}
		if err := p.prepare(ctx, c.body()); err != nil {
			return nil, err
		}
		for _, client := range p.clients(c) {
			if _, err := p.warm(ctx, client, c, 500*time.Millisecond); err != nil {
				return nil, err
			}
		}
	}
	var costs []CellCost
	for i, c := range cells {
		cost, err := p.compare(ctx, b, c)
		if err != nil {
			return nil, err
		}
		costs = append(costs, cost)
		progress("%2d/%d %-28s ours %s of official, by TinyGo %s, bare %s, one copy %s (%s and %s µs)", i+1, len(cells), c.Name(), ratio(cost.Ratio["ours"]),
			ratioOf(cost.Ratio, clientTiny), ratioOf(cost.Ratio, "bare"), ratioOf(cost.Ratio, "copy"), number(cost.Micros["ours"].Median), number(cost.Micros["official"].Median))
	}
	return costs, nil
}

// Markdown returns three tables: the cells that goals are about, those of invokeRemote again, compared with an official
// client that must parse, and the cells behind postMessage.
func (c *Calls) Markdown() string {
	head := []string{"call", "body each way", "at once", "read as", "ours", "ours, by TinyGo", "bare `Host.Call`", "floor", "one copy each way", "official, µs", "ours, µs"}
	cells, posted := [][]string{head}, [][]string{head}
	invoke := [][]string{{"body each way", "at once", "read as", "ours to official that parses"}}
	var all []float64
	met := 0
	pairs, pairsOfHuge := 0, 0
	for _, cost := range c.Cells {
		if cost.isHuge() {
			pairsOfHuge = cost.Pairs
		} else {
			pairs = cost.Pairs
		}
		row := []string{cost.Op, sizeText(cost.Size), fmt.Sprint(cost.AtOnce), cost.Read, ratio(cost.Ratio["ours"]), ratioOf(cost.Ratio, clientTiny),
			ratioOf(cost.Ratio, "bare"), "–", ratioOf(cost.Ratio, "copy"), number(cost.Micros["official"].Median), number(cost.Micros["ours"].Median)}
		if floor, ok := cost.Ratio["floor"]; ok {
			row[7] = number(floor.Median)
		}
		if cost.Posted {
			posted = append(posted, row)
			continue
		}
		cells = append(cells, row)
		all = append(all, cost.Ratio["ours"].Median)
		if cost.Ratio["ours"].Median <= 0.6 {
			met++
		}
		if q, ok := cost.Ratio["ours/parsing"]; ok {
			invoke = append(invoke, []string{sizeText(cost.Size), fmt.Sprint(cost.AtOnce), cost.Read, ratio(q)})
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d pairs", pairs)
	if pairsOfHuge > 0 {
		fmt.Fprintf(&b, ", and %d of 500 KB with 500 at once", pairsOfHuge)
	}
	b.WriteString(".\n")
	if len(all) > 0 {
		fmt.Fprintf(&b, "\n%s\nGeometric mean of these %d: %s. At most 0.6: %d.\n", table(measured(cells)), len(all), number(stat.GeometricMean(all)), met)
	}
	if len(invoke) > 1 {
		fmt.Fprintf(&b, "\n%s", table(invoke))
	}
	if len(posted) > 1 {
		fmt.Fprintf(&b, "\nBehind `postMessage`:\n\n%s", table(measured(posted)))
	}
	return b.String()
}

// sizeText formats a size for people: 100 B, 10 KB.
func sizeText(size int) string {
	name := sizeName(size)
	at := strings.IndexAny(name, "BKM")
	return name[:at] + " " + name[at:]
}
