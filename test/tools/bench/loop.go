package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Loop is the result of the part loop: how long after a save its effect is visible in an open page of forgego dev.
type Loop struct {
	Saves int        `json:"saves"`
	Cells []LoopCell `json:"cells"`
}

// LoopCell is the result for one kind of file in one app. All times are in milliseconds.
type LoopCell struct {
	App string `json:"app"`
	// Saved is the kind of file.
	Saved string `json:"saved"`
	// Visible is the time from the end of the save until the effect is visible.
	Visible stat.Quartiles `json:"visible"`
	// Build is the time of "go build" alone after the same change, and Beyond the difference, pair by pair. Both are zero if
	// there is nothing to build.
	Build  stat.Quartiles `json:"build"`
	Beyond stat.Quartiles `json:"beyond"`
	// Limit is the target for Visible, or for Beyond if there is something to build.
	Limit float64 `json:"limit"`
}

// measured returns what the target is about.
func (c LoopCell) measured() stat.Quartiles {
	if c.Build.Median > 0 {
		return c.Beyond
	}
	return c.Visible
}

// measureLoop runs forgego dev on four apps, saves files, and waits until the open page shows it.
func measureLoop(ctx context.Context, b *bench) (result, error) {
	l := &Loop{Saves: b.saves}
	for _, a := range loopApps() {
		cells, err := b.measureLoopApp(ctx, a)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
		l.Cells = append(l.Cells, cells...)
	}
	return l, nil
}

func (b *bench) measureLoopApp(ctx context.Context, a loopApp) (cells []LoopCell, err error) {
	run, err := a.start(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, run.stop()) }()
	t, err := openTab(ctx, b.browser)
	if err != nil {
		return nil, err
	}
	defer t.close()
	err = t.do(ctx, "opening the app", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: collectMarks})
		return err
	}), chromedp.Navigate(run.url))
	if err != nil {
		return nil, err
	}
	mark := 0
	for _, kind := range a.kinds {
		if !b.cells.MatchString(a.name + "/" + kind.name) {
			continue
		}
		var visible, build, beyond []float64
		// The first save of a kind is not counted: caches are cold.
		for i := -1; i < b.saves; i++ {
			mark++
			text := strconv.Itoa(mark)
			took, err := run.save(ctx, t, kind, text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", kind.name, err)
			}
			alone := 0.0
			if kind.build != nil {
				if alone, err = run.buildAlone(ctx, kind, text); err != nil {
					return nil, fmt.Errorf("%s: %w", kind.name, err)
				}
			}
			if i < 0 {
				continue
			}
			visible, build, beyond = append(visible, took), append(build, alone), append(beyond, took-alone)
		}
		c := LoopCell{App: a.name, Saved: kind.name, Visible: stat.Of(visible), Limit: kind.limit}
		if kind.build != nil {
			c.Build, c.Beyond = stat.Of(build), stat.Of(beyond)
		}
		progress("%-10s %-15s visible after %s ms, go build alone %s", a.name, kind.name, milliseconds(c.Visible), milliseconds(c.Build))
		cells = append(cells, c)
	}
	return cells, nil
}

// save makes one change and returns after how many milliseconds it is visible.
func (r *loopRun) save(ctx context.Context, t *tab, kind loopKind, mark string) (float64, error) {
	if err := kind.save(r.dir, mark); err != nil {
		return 0, err
	}
	start := time.Now()
	for {
		seen, err := kind.seen(ctx, r, t)
		if err != nil {
			return 0, err
		}
		if seen == mark {
			return float64(time.Since(start).Microseconds()) / 1000, nil
		}
		if time.Since(start) > patience {
			return 0, fmt.Errorf("the change %s is not visible after %v; the page shows %q. forgego printed:\n%s", mark, patience, seen, r.printed.end())
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// Markdown returns the table for docs/performance.md.
func (l *Loop) Markdown() string {
	rows := [][]string{{"app", "saved", "visible after", "`go build` alone", "beyond it", "target"}}
	for _, c := range l.Cells {
		build, beyond, target := "–", "–", fmt.Sprintf("%.0f", c.Limit)
		if c.Build.Median > 0 {
			build, beyond, target = milliseconds(c.Build), milliseconds(c.Beyond), fmt.Sprintf("build + %.0f", c.Limit)
		}
		rows = append(rows, []string{c.App, c.Saved, milliseconds(c.Visible), build, beyond, target})
	}
	return table(rows) + fmt.Sprintf("\nMilliseconds, medians of %d saves with their quartiles.\n", l.Saves)
}

// milliseconds formats a time with its quartiles: 31 (30–33).
func milliseconds(q stat.Quartiles) string {
	return fmt.Sprintf("%.0f (%.0f–%.0f)", q.Median, q.Low, q.High)
}
