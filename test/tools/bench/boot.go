package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Boot is the result of the part boot.
type Boot struct {
	// Encoding is the content-encoding of every file that is loaded.
	Encoding string     `json:"encoding"`
	Pairs    int        `json:"pairs"`
	Cells    []BootCell `json:"cells"`
}

// BootCell is the result under one condition.
type BootCell struct {
	condition
	// First is the time of the first call to the bridge, and Screen the time when its answer is on the screen. Both are in
	// milliseconds from the navigation, by page. For the empty program, First is when its main runs, and there is no
	// Screen.
	First  map[string]stat.Quartiles `json:"first"`
	Screen map[string]stat.Quartiles `json:"screen"`
	// FirstRatio and ScreenRatio are the ratios of each page to the official client's page, pair by pair.
	FirstRatio  map[string]stat.Quartiles `json:"firstRatio"`
	ScreenRatio map[string]stat.Quartiles `json:"screenRatio"`
}

// condition is how a page is loaded.
type condition struct {
	Warm bool `json:"warm"`
	// Latency is the time that the host takes to answer, in milliseconds.
	Latency int `json:"latency"`
	// Slowdown is the factor by which the processor is slowed down.
	Slowdown float64 `json:"slowdown"`
}

func (c condition) cache() string {
	if c.Warm {
		return "warm"
	}
	return "cold"
}

// Name returns the name that the flag -cells matches, such as cold/100ms/4x.
func (c condition) Name() string { return fmt.Sprintf("%s/%dms/%gx", c.cache(), c.Latency, c.Slowdown) }

// isGoal reports whether a goal is about the condition.
func (c condition) isGoal() bool { return !c.Warm && c.Slowdown == 1 }

// goalTimes is how many times more often a condition with a goal is measured.
const goalTimes = 2

func conditions() []condition {
	var all []condition
	for _, warm := range []bool{false, true} {
		for _, latency := range []int{0, 100} {
			for _, slowdown := range []float64{1, 4} {
				all = append(all, condition{warm, latency, slowdown})
			}
		}
	}
	return all
}

const (
	pageOfficial = "official"
	pageOurs     = "ours"
	// pageEarly is our page with its first request in data-early.
	pageEarly = "early"
	// pageEmpty has a program that does nothing.
	pageEmpty = "empty"
	// pageBare has a program that makes the call with syscall/js alone.
	pageBare = "bare"
	// pageTiny is our page with a program built by TinyGo.
	pageTiny = "tinygo"
	// pageTinyEarly is pageTiny with its first request in data-early.
	pageTinyEarly = "tinygo-early"
)

// bootPages returns the pages of the part boot.
func (b *bench) bootPages() []string {
	pages := []string{pageOfficial, pageOurs, pageEarly, pageEmpty, pageBare}
	if b.tinygo {
		pages = append(pages, pageTiny, pageTinyEarly)
	}
	return pages
}

// marks are the times of one visit. Refused is why the page could not keep its compiled program, if it tried.
type marks struct {
	First, Screen float64
	Refused       string
}

func measureBoot(ctx context.Context, b *bench) (result, error) {
	site, err := newBootSite(ctx, b)
	if err != nil {
		return nil, err
	}
	defer site.close()
	w := &warmTabs{bench: b, site: site}
	defer w.close()
	boot := &Boot{Encoding: b.encoding, Pairs: b.bootPairs}
	for _, c := range conditions() {
		if !b.cells.MatchString(c.Name()) || c.Slowdown != 1 && !b.isChromium() {
			continue
		}
		cell, err := site.compare(ctx, b, w, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name(), err)
		}
		boot.Cells = append(boot.Cells, cell)
		progress("%-13s first call: official %s ms, ours %s, by TinyGo %s; on screen: official %s ms, ours %s, early %s, by TinyGo %s", c.Name(),
			number(cell.First[pageOfficial].Median), ratioOf(cell.FirstRatio, pageOurs), ratioOf(cell.FirstRatio, pageTiny),
			number(cell.Screen[pageOfficial].Median), ratioOf(cell.ScreenRatio, pageOurs), ratioOf(cell.ScreenRatio, pageEarly), ratioOf(cell.ScreenRatio, pageTiny))
	}
	if len(boot.Cells) == 0 {
		return nil, fmt.Errorf("no condition matches %s", b.cells)
	}
	return boot, nil
}

// compare visits all pages in turn under one condition.
func (s *bootSite) compare(ctx context.Context, b *bench, w *warmTabs, c condition) (BootCell, error) {
	cell := BootCell{condition: c, First: map[string]stat.Quartiles{}, Screen: map[string]stat.Quartiles{},
		FirstRatio: map[string]stat.Quartiles{}, ScreenRatio: map[string]stat.Quartiles{}}
	first, screen := map[string][]float64{}, map[string][]float64{}
	pages := slices.Clone(s.pages)
	pairs := b.bootPairs
	if c.isGoal() {
		pairs *= goalTimes
	}
	for range pairs {
		for _, page := range pages {
			if page == pageEmpty && c.Latency > 0 {
				continue // it makes no call
			}
			t, done, err := w.tab(ctx, page, c.Warm)
			if err != nil {
				return cell, err
			}
			m, err := s.visit(ctx, t, page, c)
			done()
			if err != nil {
				return cell, fmt.Errorf("%s: %w", page, err)
			}
			first[page] = append(first[page], m.First)
			if page != pageEmpty {
				screen[page] = append(screen[page], m.Screen)
			}
		}
		slices.Reverse(pages)
	}
	for page := range first {
		cell.First[page] = stat.Of(first[page])
		cell.FirstRatio[page] = stat.Of(stat.Ratios(first[page], first[pageOfficial]))
		if page != pageEmpty {
			cell.Screen[page] = stat.Of(screen[page])
			cell.ScreenRatio[page] = stat.Of(stat.Ratios(screen[page], screen[pageOfficial]))
		}
	}
	return cell, nil
}

// visit loads a page and returns its marks.
func (s *bootSite) visit(ctx context.Context, t *tab, page string, c condition) (marks, error) {
	address := fmt.Sprintf("%s/%s/index.html?latency=%d", s.address, page, c.Latency)
	var m marks
	err := errors.Join(
		t.slow(ctx, c.Slowdown),
		t.visit(ctx, address),
		t.eval(ctx, `bootMarks.then((marks) => ({ ...marks, refused: globalThis.refused ?? "" }))`, &m),
		t.problem(),
		// Leaving the page stops everything on it before the next visit.
		t.slow(ctx, 1),
		t.visit(ctx, "about:blank"),
	)
	return m, err
}

// warmTabs provides the tabs for visits. A cold visit gets a new tab with an empty cache. A warm visit gets the same tab
// each time, whose cache has the page and its compiled code.
type warmTabs struct {
	bench *bench
	site  *bootSite
	tabs  map[string]*tab
}

func (w *warmTabs) tab(ctx context.Context, page string, warm bool) (t *tab, done func(), err error) {
	if !warm {
		t, err := openTab(ctx, w.bench.browser)
		if err != nil {
			return nil, nil, err
		}
		// The process of a new tab is still busy with its own start.
		if err := t.eval(ctx, "new Promise((resolve) => (globalThis.requestIdleCallback ?? setTimeout)(() => resolve(), { timeout: 500 }))", nil); err != nil {
			t.close()
			return nil, nil, err
		}
		return t, t.close, nil
	}
	if w.tabs == nil {
		if err := w.open(ctx); err != nil {
			return nil, nil, err
		}
	}
	t = w.tabs[page]
	return t, func() {}, t.show(ctx)
}

// open visits each page three times. The browser stores a program's compiled code only some seconds after the page is idle,
// so one visit has to stay that long.
func (w *warmTabs) open(ctx context.Context) error {
	w.tabs = map[string]*tab{}
	for _, page := range w.site.pages {
		t, err := openTab(ctx, w.bench.browser)
		if err != nil {
			return err
		}
		w.tabs[page] = t
	}
	const stay = 3 * time.Second
	for range 3 {
		for _, page := range w.site.pages {
			t := w.tabs[page]
			address := fmt.Sprintf("%s/%s/index.html?latency=0", w.site.address, page)
			if err := errors.Join(t.show(ctx), t.visit(ctx, address), t.eval(ctx, "bootMarks", nil)); err != nil {
				return err
			}
		}
		select {
		case <-time.After(stay):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func (w *warmTabs) close() {
	for _, t := range w.tabs {
		t.close()
	}
}

// Markdown returns two tables: one for the first call and one for the answer on the screen.
func (b *Boot) Markdown() string {
	head := []string{"cache", "host takes", "processor", "official, ms", "ours", "ours, early request", "ours, by TinyGo", "by TinyGo, early request", "`syscall/js` alone"}
	first, screen := [][]string{append(slices.Clone(head), "an empty program's `main`")}, [][]string{head}
	for _, c := range b.Cells {
		row := []string{c.cache(), fmt.Sprintf("%d ms", c.Latency), fmt.Sprintf("%g× slower", c.Slowdown)}
		if c.Slowdown == 1 {
			row[2] = "as it is"
		}
		columns := func(official stat.Quartiles, ratios map[string]stat.Quartiles, pages ...string) []string {
			columns := append(slices.Clone(row), number(official.Median))
			for _, page := range pages {
				columns = append(columns, ratioOf(ratios, page))
			}
			return columns
		}
		first = append(first, columns(c.First[pageOfficial], c.FirstRatio, pageOurs, pageEarly, pageTiny, pageTinyEarly, pageBare, pageEmpty))
		screen = append(screen, columns(c.Screen[pageOfficial], c.ScreenRatio, pageOurs, pageEarly, pageTiny, pageTinyEarly, pageBare))
	}
	return fmt.Sprintf("`content-encoding: %s`, %d pairs, and %d of the cold page with the processor as it is. The first call:\n\n", b.Encoding, b.Pairs, goalTimes*b.Pairs) + table(measured(first)) + "\nThe answer on the screen:\n\n" + table(measured(screen))
}
