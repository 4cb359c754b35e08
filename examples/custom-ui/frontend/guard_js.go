package main

import (
	"context"
	"math"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/wasm"
)

const (
	// guardTime is how soon after an activation another one counts as unintended, in milliseconds. It is the longest time
	// between the two clicks of a double click on most systems.
	guardTime = 500
	// guardDistance is how far apart the two clicks of a double click may be, in pixels.
	guardDistance = 8
)

// guard ignores clicks and keys that the user cannot have meant, for all controls of the page. When a button removes or moves
// its own row, another button comes under the pointer or gets the focus. Without the guard, the second click of a double click
// or a held key would press that other button.
type guard struct {
	control js.Value
	at      float64 // in milliseconds
	// x and y are where it was, NaN for a key.
	x, y float64
}

func newGuard() *guard { return &guard{at: math.Inf(-1)} }

// listen comes before all other listeners of the page.
func (g *guard) listen(ctx context.Context, doc dom.HTMLDocument) {
	on(ctx, doc, "keydown", g.pressed, wasm.WithCapture())
	on(ctx, doc, "click", g.clicked, wasm.WithCapture())
}

// pressed ignores the repeats of a key that activates controls. Another key shows that the user has seen where the focus is.
func (g *guard) pressed(_ context.Context, event js.Value) {
	switch key := event.Get("key").String(); {
	case key != "Enter" && key != " ":
		g.at = math.Inf(-1)
	case event.Get("repeat").Bool() && event.Get("target").Get("localName").String() != "textarea":
		ignore(event)
	}
}

// clicked ignores a click that comes soon after another one at the same place, if there is another control now.
func (g *guard) clicked(_ context.Context, event js.Value) {
	if !event.Get("isTrusted").Bool() {
		return
	}
	control, at := controlOf(event.Get("target")), event.Get("timeStamp").Float()
	x, y := event.Get("screenX").Float(), event.Get("screenY").Float()
	if event.Get("detail").Int() == 0 { // by a key
		x, y = math.NaN(), math.NaN()
	}
	isSoon := at-g.at < guardTime
	g.at = at
	if isSoon && !control.Equal(g.control) && isNear(x, g.x) && isNear(y, g.y) {
		ignore(event)
		return
	}
	g.control, g.x, g.y = control, x, y
}

func isNear(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= guardDistance
}

// controlOf returns the control that a click on the element activates, or null.
func controlOf(element js.Value) js.Value {
	control := element.Call("closest", "button, a, summary, input, label")
	if !control.IsNull() && control.Get("localName").String() == "label" {
		return control.Get("control")
	}
	return control
}

func ignore(event js.Value) {
	event.Call("preventDefault")
	event.Call("stopImmediatePropagation")
}
