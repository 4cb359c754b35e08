package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Worker is the result of the part worker: calls of a program in a worker beside the same program in the page.
type Worker struct {
	Pairs int          `json:"pairs"`
	Cells []WorkerCost `json:"cells"`
	// Long are the long tasks of the page. Only Chromium counts them.
	Long []LongTasks `json:"long,omitempty"`
}

// WorkerCost is the result of one cell.
type WorkerCost struct {
	cell
	// Page and Worker are the times of one call in microseconds. Ratio is that of the second to the first, pair by pair.
	Page   stat.Quartiles `json:"page"`
	Worker stat.Quartiles `json:"worker"`
	Ratio  stat.Quartiles `json:"ratio"`
}

// LongTasks are the tasks of the page that took longer than 50 ms while the program got 50 answers of 500 KB and decoded them.
type LongTasks struct {
	AtOnce int `json:"atOnce"`
	// Page and Worker are the durations in milliseconds, with the program in the page and in a worker.
	Page   []float64 `json:"page"`
	Worker []float64 `json:"worker"`
}

// clientWorker is our client in a worker.
const clientWorker = "worker"

func workerCells() (cells []cell) {
	for _, size := range []int{100, 10_000, 500_000} {
		for _, atOnce := range []int{1, 50} {
			cells = append(cells, cell{Op: spec.RequestRemote, Size: size, AtOnce: atOnce, Read: spec.Text, Posted: true},
				cell{Op: spec.RequestRemote, Size: size, AtOnce: atOnce, Read: spec.Value, Posted: true})
		}
	}
	return cells
}

func measureWorker(ctx context.Context, b *bench) (result, error) {
	p, closePlayer, err := openPlayer(ctx, b, false)
	if err != nil {
		return nil, err
	}
	defer closePlayer()
	if err := p.tab.eval(ctx, "bench.startWorker()", nil); err != nil {
		return nil, err
	}
	w := &Worker{Pairs: b.pairs}
	for _, c := range workerCells() {
		if !b.cells.MatchString(c.Name()) {
			continue
		}
		cost, err := p.compareWorker(ctx, b, c)
		if err != nil {
			return nil, err
		}
		w.Cells = append(w.Cells, cost)
		progress("%-32s %s µs in the page, %s µs in a worker: %s", c.Name(), number(cost.Page.Median), number(cost.Worker.Median), ratio(cost.Ratio))
	}
	if !b.isChromium() {
		return w, p.problem()
	}
	for _, atOnce := range []int{1, 50} {
		c := cell{Op: spec.RequestRemote, Size: 500_000, AtOnce: atOnce, Read: spec.Value, Posted: true}
		if err := p.prepare(ctx, c.body()); err != nil {
			return nil, err
		}
		if err := p.post(ctx, true); err != nil {
			return nil, err
		}
		long := LongTasks{AtOnce: atOnce}
		for client, to := range map[string]*[]float64{"ours": &long.Page, clientWorker: &long.Worker} {
			s := spec.Sample{Op: c.Op, Read: c.Read, Calls: 50, AtOnce: atOnce}
			if err := p.tab.eval(ctx, "bench.longTasks("+literal(client)+", "+literal(s)+")", to); err != nil {
				return nil, err
			}
		}
		w.Long = append(w.Long, long)
		progress("50 answers of 500 KB, %d at once: long tasks %v in the page, %v with a worker", atOnce, long.Page, long.Worker)
	}
	return w, p.problem()
}

// compareWorker measures a cell, in turns.
func (p *player) compareWorker(ctx context.Context, b *bench, c cell) (cost WorkerCost, err error) {
	if err := p.prepare(ctx, c.body()); err != nil {
		return cost, err
	}
	if err := p.post(ctx, c.Posted); err != nil {
		return cost, err
	}
	clients := []string{"ours", clientWorker}
	calls, micros := map[string]int{}, map[string][]float64{}
	for _, client := range clients {
		if calls[client], err = p.warm(ctx, client, c, b.sample); err != nil {
			return cost, err
		}
	}
	for range b.pairs {
		for _, client := range clients {
			took, err := p.play(ctx, client, c, calls[client])
			if err != nil {
				return cost, err
			}
			micros[client] = append(micros[client], took)
		}
		slices.Reverse(clients)
	}
	return WorkerCost{cell: c, Page: stat.Of(micros["ours"]), Worker: stat.Of(micros[clientWorker]),
		Ratio: stat.Of(stat.Ratios(micros[clientWorker], micros["ours"]))}, nil
}

// Markdown returns a table of the cells, and one of the long tasks.
func (w *Worker) Markdown() string {
	rows := [][]string{{"body each way", "at once", "read as", "in a worker to in the page", "in the page, µs", "in a worker, µs"}}
	for _, c := range w.Cells {
		rows = append(rows, []string{sizeText(c.Size), fmt.Sprint(c.AtOnce), c.Read, ratio(c.Ratio), number(c.Page.Median), number(c.Worker.Median)})
	}
	text := fmt.Sprintf("%d pairs.\n\n%s", w.Pairs, table(rows))
	if len(w.Long) == 0 {
		return text
	}
	rows = [][]string{{"50 answers of 500 KB, at once", "long tasks of the page", "the longest, ms", "with a worker", "the longest, ms"}}
	for _, l := range w.Long {
		rows = append(rows, []string{fmt.Sprint(l.AtOnce), fmt.Sprint(len(l.Page)), longest(l.Page), fmt.Sprint(len(l.Worker)), longest(l.Worker)})
	}
	return text + "\n" + table(rows)
}

func longest(tasks []float64) string {
	if len(tasks) == 0 {
		return "–"
	}
	return number(slices.Max(tasks))
}

// goals adds the goals about workers.
func (w *Worker) goals(most func(what string, got, want float64, format string)) {
	for _, l := range w.Long {
		most(fmt.Sprintf("in a worker, 50 answers of 500 KB, %d at once: tasks of the page over 50 ms", l.AtOnce), float64(len(l.Worker)), 0, "%.0f")
	}
}
