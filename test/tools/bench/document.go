package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/forgego/forgego/test/tools/bench/chart"
	"github.com/forgego/forgego/test/tools/bench/stat"
)

const docs = "../docs"

// document writes the tables into docs/performance.md and draws the pictures.
func (r *Record) document() error {
	file := filepath.Join(docs, "performance.md")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, section := range r.sections() {
		if text, err = replaceSection(text, section.name, section.text); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	for name, picture := range r.charts() {
		if err := os.WriteFile(filepath.Join(docs, "images", name), picture.SVG(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

type section struct{ name, text string }

// sections returns the text for each pair of marks in the document.
func (r *Record) sections() []section {
	environments := r.Environment.text()
	sections := r.parts("")
	for _, other := range []struct {
		name   string
		record *Record
	}{{"Firefox", r.Firefox}, {"WebKit", r.WebKit}} {
		if other.record != nil {
			environments += "\n" + other.record.Environment.text()
			sections = append(sections, other.record.parts(" in "+other.name)...)
		}
	}
	return append(sections, section{"environment", environments}, section{"goals", r.goalsMarkdown()})
}

// parts returns the sections of the parts that were run in one browser. Their names end with suffix.
func (r *Record) parts(suffix string) []section {
	var sections []section
	add := func(name string, present bool, part result) {
		if present {
			sections = append(sections, section{name + suffix, part.Markdown()})
		}
	}
	add("calls", r.Calls != nil, r.Calls)
	add("values", r.Values != nil, r.Values)
	add("growth", r.Growth != nil, r.Growth)
	add("leaks", r.Leaks != nil, r.Leaks)
	add("exports", r.Exports != nil, r.Exports)
	add("worker", r.Worker != nil, r.Worker)
	add("weight", r.Weight != nil, r.Weight)
	add("boot", r.Boot != nil, r.Boot)
	add("loading", r.Loading != nil, r.Loading)
	add("loop", r.Loop != nil, r.Loop)
	return sections
}

// replaceSection replaces the text between the two marks of a section.
func replaceSection(text []byte, name, content string) ([]byte, error) {
	begin := fmt.Appendf(nil, "<!-- %s: written by make bench UPDATE=1 -->\n", name)
	end := fmt.Appendf(nil, "<!-- end of %s -->", name)
	before, rest, ok := bytes.Cut(text, begin)
	if !ok {
		return nil, fmt.Errorf("no mark %q", begin)
	}
	_, after, ok := bytes.Cut(rest, end)
	if !ok {
		return nil, fmt.Errorf("no mark %q", end)
	}
	return bytes.Join([][]byte{before, begin, []byte(content), end, after}, nil), nil
}

// charts returns the pictures by file name.
func (r *Record) charts() map[string]*chart.Chart {
	charts := map[string]*chart.Chart{}
	if r.Calls != nil {
		charts["bench-calls.svg"] = r.Calls.chart()
	}
	if r.Boot != nil {
		charts["bench-boot.svg"] = r.Boot.chart()
	}
	return charts
}

func point(q stat.Quartiles) chart.Point {
	return chart.Point{Low: q.Low, Median: q.Median, High: q.High}
}

func (c *Calls) chart() *chart.Chart {
	picture := &chart.Chart{
		Title:       "Time of a call, as a multiple of the official client's",
		Description: "For each kind of call a point for forgego, the median of the paired ratios with its quartiles. The tables beside the picture have the same numbers.",
		One:         "@forge/bridge",
		Series:      []string{"forgego"},
	}
	for _, cost := range c.Cells {
		if !cost.isGoal() {
			continue
		}
		heading := cost.Op + ", " + sizeText(cost.Size) + " each way"
		if n := len(picture.Groups); n == 0 || picture.Groups[n-1].Heading != heading {
			picture.Groups = append(picture.Groups, chart.Group{Heading: heading})
		}
		g := &picture.Groups[len(picture.Groups)-1]
		g.Rows = append(g.Rows, chart.Row{Label: fmt.Sprintf("%d at once, %s", cost.AtOnce, cost.Read), Points: []chart.Point{point(cost.Ratio["ours"])}})
	}
	return picture
}

func (b *Boot) chart() *chart.Chart {
	picture := &chart.Chart{
		Title:       "Time from navigation, as a multiple of the official client's page",
		Description: "For each condition a point for forgego and one for forgego with its first request in data-early: medians of the paired ratios with their quartiles. The tables beside the picture have the same numbers.",
		One:         "@forge/bridge",
		Series:      []string{"forgego", "forgego, early request"},
		Groups:      []chart.Group{{Heading: "Until the first call"}, {Heading: "Until its answer is on the screen"}},
	}
	for _, c := range b.Cells {
		label := fmt.Sprintf("%s, host %d ms", c.cache(), c.Latency)
		if c.Slowdown > 1 {
			label += fmt.Sprintf(", CPU %g× slower", c.Slowdown)
		}
		for i, ratios := range []map[string]stat.Quartiles{c.FirstRatio, c.ScreenRatio} {
			g := &picture.Groups[i]
			g.Rows = append(g.Rows, chart.Row{Label: label, Points: []chart.Point{point(ratios[pageOurs]), point(ratios[pageEarly])}})
		}
	}
	return picture
}
