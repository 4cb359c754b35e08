package browser

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// Press presses keys one after the other: characters, or keys without a character, such as [Enter].
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.do("pressing keys", func(ctx context.Context) error { return p.tab.keys(ctx, typed(keys)) })
}

// PressTogether presses keys together, such as [Control] and "z".
func (p *Page) PressTogether(keys ...string) {
	p.t.Helper()
	p.do("pressing keys", func(ctx context.Context) error { return p.tab.keys(ctx, chord(keys...)) })
}

// ClickAt clicks at a place in the window. The page takes it for a click at that time, so a slow test does not change what
// it means.
func (p *Page) ClickAt(x, y float64, when time.Time) {
	p.t.Helper()
	p.atTime(when, func(ctx context.Context) error { return p.tab.mouse(ctx, point{x, y}) })
}

// HoldEnter presses Enter. When meanwhile returns, the key repeats n times and is released. The page takes it for keys that
// are pressed at that time; a zero time means now. The driver of WebKit does not repeat keys.
func (p *Page) HoldEnter(when time.Time, n int, meanwhile func()) {
	p.t.Helper()
	enter := stroke{key: []rune(Enter)[0]}
	p.atTime(when, func(ctx context.Context) error { return p.tab.keys(ctx, []stroke{enter}) })
	meanwhile()
	strokes := make([]stroke, n+1)
	for i := range strokes {
		strokes[i] = enter
	}
	strokes[n].up = true
	p.atTime(when, func(ctx context.Context) error { return p.tab.keys(ctx, strokes) })
}

// atTime gives the page input that it takes for input at that time.
func (p *Page) atTime(when time.Time, input func(ctx context.Context) error) {
	p.t.Helper()
	p.do("the input", func(ctx context.Context) error {
		if when.IsZero() {
			return input(ctx)
		}
		if err := p.tab.at(ctx, when); err != nil {
			return err
		}
		if err := input(ctx); err != nil {
			return err
		}
		return p.tab.at(ctx, time.Time{})
	})
}

// MiddleOf returns the middle of the first element that the selector finds, as a place in the window. It does not scroll.
func (f *Frame) MiddleOf(selector string) (x, y float64) {
	f.page.t.Helper()
	const rectOf = `(({ x, y, width, height }) => ({ x, y, width, height }))(document.querySelector(%q).getBoundingClientRect())`
	var inside, frame rect
	f.Eval(fmt.Sprintf(rectOf, selector), &inside)
	if !f.document.isTop() {
		f.page.Eval(fmt.Sprintf(rectOf, "iframe"), &frame)
	}
	at := inside.middle()
	return frame.X + at.X, frame.Y + at.Y
}

// ChooseFiles chooses files of this machine in the field that the selector finds, as a user does in the file dialog.
func (f *Frame) ChooseFiles(selector string, paths ...string) {
	f.page.t.Helper()
	f.page.Until("the field "+selector, func(ctx context.Context) (bool, error) {
		err := f.page.tab.choose(ctx, f.document, selector, paths)
		return err == nil, err
	})
}

// dropped is the id of the field that holds the files that a script drops.
const dropped = "forgego-dropped"

// Drop drops files of this machine on the middle of the first element that the selector finds. In Chromium they may be
// folders too, and the browser itself makes the events. Other drivers cannot drag files into a window, so there a script makes
// the events, with the files of a field.
func (f *Frame) Drop(selector string, paths ...string) {
	f.page.t.Helper()
	if f.page.Engine == Chromium {
		x, y := f.MiddleOf(selector)
		f.page.dropAt(x, y, paths)
		return
	}
	f.Eval(fmt.Sprintf(`{
		const field = Object.assign(document.createElement("input"), { type: "file", multiple: true, id: %q, hidden: true });
		for (const type of ["input", "change"]) field.addEventListener(type, (event) => event.stopPropagation());
		document.body.append(field);
	}`, dropped), nil)
	f.ChooseFiles("#"+dropped, paths...)
	f.Eval(fmt.Sprintf(`{
		const field = document.getElementById(%q);
		const dataTransfer = new DataTransfer();
		for (const file of field.files) dataTransfer.items.add(file);
		field.remove();
		const on = document.querySelector(%q);
		const { left, top, width, height } = on.getBoundingClientRect();
		const init = { bubbles: true, cancelable: true, composed: true, dataTransfer, clientX: left + width / 2, clientY: top + height / 2 };
		on.dispatchEvent(new DragEvent("dragenter", init));
		// A browser opens files that the page does not take.
		if (on.dispatchEvent(new DragEvent("dragover", init))) throw new Error("the page does not take the files");
		on.dispatchEvent(new DragEvent("drop", init));
	}`, dropped, selector), nil)
}

// SetOffline takes the network from the page, or returns it.
func (p *Page) SetOffline(offline bool) {
	p.t.Helper()
	p.do("the network", func(ctx context.Context) error { return p.tab.setOffline(ctx, offline) })
}

// SetSize sets the size of the window in CSS pixels. A usual window at 400 % has 320 × 256.
func (p *Page) SetSize(width, height int) {
	p.t.Helper()
	p.do("the size", func(ctx context.Context) error { return p.tab.setSize(ctx, width, height) })
}

// Screenshot returns a picture of the window, as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	var picture []byte
	p.do("the screenshot", func(ctx context.Context) (err error) {
		picture, err = p.tab.screenshot(ctx)
		return err
	})
	return picture
}

// Axe returns the violations that axe-core finds in the frame's document, without frames in it, one a line. script is the
// path of axe.min.js. The rules in except are off.
func (f *Frame) Axe(script string, except ...string) string {
	f.page.t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		f.page.t.Fatalf("%v (run: make setup)", err)
	}
	f.Eval("{\n"+string(text)+"\n}", nil)
	var rules strings.Builder
	for _, rule := range except {
		fmt.Fprintf(&rules, "%q: { enabled: false },", rule)
	}
	return f.String(`axe.run({ iframes: false, rules: {` + rules.String() + `} }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html + " " + n.failureSummary).join("; ")).join("\n"))`)
}
