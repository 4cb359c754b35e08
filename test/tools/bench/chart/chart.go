// Package chart draws ratios as an SVG picture. Each row has a point with its quartiles on a logarithmic axis, on which 2
// and 1/2 are equally far from 1. The picture follows the light or dark scheme of the reader.
package chart

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// Chart is a picture.
type Chart struct {
	// Title and Description are for readers who cannot see the picture.
	Title, Description string
	// One is what the line at 1 stands for.
	One    string
	Series []string
	Groups []Group
}

// Group is some rows with a heading.
type Group struct {
	Heading string
	Rows    []Row
}

// Row has one point for each series. A point whose Median is not above 0 is left out.
type Row struct {
	Label  string
	Points []Point
}

// Point is a median between its quartiles.
type Point struct{ Low, Median, High float64 }

const (
	width      = 760
	labels     = 210 // where the axis begins
	numbers    = 690 // where it ends
	rowHeight  = 20
	headHeight = 30
	top        = 64
	bottom     = 16
)

// ticks are the values on the axis where a line can be drawn.
var ticks = []float64{0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000}

const style = `
:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --one: #59636e; --s0: #0969da; --s1: #bc4c00; --s2: #8250df; --back: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --quiet: #9198a1; --line: #3d444d; --one: #9198a1; --s0: #4493f8; --s1: #f0883e; --s2: #ab7df8; --back: #0d1117; } }
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--text); }
.heading { font-weight: 600; } .quiet { fill: var(--quiet); font-size: 12px; } .end { text-anchor: end; } .middle { text-anchor: middle; }
.back { fill: var(--back); } .line { stroke: var(--line); } .one { stroke: var(--one); stroke-width: 2; }
.s0 { fill: var(--s0); stroke: var(--s0); } .s1 { fill: var(--s1); stroke: var(--s1); } .s2 { fill: var(--s2); stroke: var(--s2); }
.range { stroke-width: 5; stroke-opacity: .35; stroke-linecap: round; }
`

// SVG returns the chart as an SVG document.
func (c *Chart) SVG() []byte {
	low, high := c.bounds()
	x := func(v float64) float64 {
		return labels + (math.Log(v)-math.Log(low))/(math.Log(high)-math.Log(low))*(numbers-labels)
	}
	height := top + bottom
	for _, g := range c.Groups {
		height += headHeight + rowHeight*len(g.Rows)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title description">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n<desc id=\"description\">%s</desc>\n<style>%s</style>\n", escape(c.Title), escape(c.Description), style)
	fmt.Fprintf(&b, `<rect class="back" width="%d" height="%d" rx="6"/>`+"\n", width, height)
	c.legend(&b)
	for _, t := range ticks {
		if t < low || t > high {
			continue
		}
		class := "line"
		if t == 1 {
			class = "line one"
		}
		fmt.Fprintf(&b, `<line class="%s" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, class, x(t), x(t), top, height-bottom)
		fmt.Fprintf(&b, `<text class="quiet middle" x="%.1f" y="%d">%g×</text>`+"\n", x(t), top-6, t)
	}
	y := top
	for _, g := range c.Groups {
		fmt.Fprintf(&b, `<text class="heading" x="12" y="%d">%s</text>`+"\n", y+headHeight-8, escape(g.Heading))
		y += headHeight
		for _, r := range g.Rows {
			r.draw(&b, y, x)
			y += rowHeight
		}
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func (c *Chart) legend(b *strings.Builder) {
	at := 16
	for i, name := range c.Series {
		fmt.Fprintf(b, `<circle class="s%d" cx="%d" cy="20" r="5"/><text x="%d" y="24">%s</text>`, i, at, at+10, escape(name))
		at += 34 + 7*len([]rune(name))
	}
	fmt.Fprintf(b, `<text class="quiet end" x="%d" y="24">1× is %s; left of it is less</text>`+"\n", width-16, escape(c.One))
}

func (r *Row) draw(b *strings.Builder, y int, x func(float64) float64) {
	middle := y + rowHeight/2
	fmt.Fprintf(b, `<text x="24" y="%d">%s</text>`, middle+4, escape(r.Label))
	// Draw the first series last, so that it is in front.
	for i := len(r.Points) - 1; i >= 0; i-- {
		p := r.Points[i]
		if p.Median <= 0 {
			continue
		}
		radius := 5
		if i > 0 {
			radius = 4
		}
		fmt.Fprintf(b, `<line class="s%d range" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, i, x(p.Low), x(p.High), middle, middle)
		fmt.Fprintf(b, `<circle class="s%d" cx="%.1f" cy="%d" r="%d"/>`, i, x(p.Median), middle, radius)
	}
	if len(r.Points) > 0 && r.Points[0].Median > 0 {
		fmt.Fprintf(b, `<text class="end" x="%d" y="%d">%s</text>`, width-16, middle+4, short(r.Points[0].Median))
	}
	b.WriteString("\n")
}

// bounds returns the ticks around all points. The range includes 1 and at least one more tick.
func (c *Chart) bounds() (low, high float64) {
	low, high = 0.5, 2
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			for _, p := range r.Points {
				if p.Median > 0 {
					low, high = min(low, p.Low), max(high, p.High)
				}
			}
		}
	}
	for i := len(ticks) - 1; i >= 0; i-- {
		if ticks[i] <= low {
			low = ticks[i]
			break
		}
	}
	for _, t := range ticks {
		if t >= high {
			high = t
			break
		}
	}
	return low, high
}

func short(v float64) string {
	switch {
	case v >= 10:
		return fmt.Sprintf("%.0f×", v)
	case v >= 0.995:
		return fmt.Sprintf("%.1f×", v)
	}
	return fmt.Sprintf("%.2f×", v)
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder never returns an error
	return b.String()
}
