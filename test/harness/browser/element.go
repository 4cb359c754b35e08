package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Element is an element with a role and an accessible name in a frame. Each use looks it up again, so it still works after
// the page has drawn itself again.
type Element struct {
	page  *Page
	query query
}

// Find returns the element with the role, such as "button", and the accessible name. An empty name matches any name. The
// methods of the element wait until there is exactly one.
func (f *Frame) Find(role, name string) *Element {
	return &Element{f.page, query{f.document, role, name}}
}

func (e *Element) describe() string { return fmt.Sprintf("one %s %q", e.query.role, e.query.name) }

// Click clicks the middle of the element with the mouse. If something else of its document is there when the mouse button goes
// down, that gets no click, and Click tries again.
func (e *Element) Click() {
	e.page.t.Helper()
	e.page.Until(e.describe()+" that gets the click", func(ctx context.Context) (bool, error) {
		at := e.stands()
		if _, err := e.page.tab.call(ctx, e.query, aim); err != nil {
			return false, err // it has just gone
		}
		e.page.do("clicking "+e.describe(), func(ctx context.Context) error { return e.page.tab.mouse(ctx, at.middle()) })
		return e.hit(ctx)
	})
}

// stands waits until the element stands still, and returns where it is in the window.
func (e *Element) stands() (at rect) {
	e.page.t.Helper()
	e.page.Until(e.describe()+" that stands still", func(ctx context.Context) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, attempt)
		defer cancel()
		now, err := e.page.tab.place(ctx, e.query)
		if err != nil {
			return false, err
		}
		still := at == now
		at = now
		return still, errors.New("it moves")
	})
	return at
}

// aim is a function that keeps the next click in its document from everything but its element. A page may still move the element
// after the driver has seen where it is, for example when a frame grows.
const aim = `function() {
	const name = Symbol.for("forgego.aim");
	globalThis[name]?.end.abort();
	const aim = (globalThis[name] = { end: new AbortController(), result: "" });
	const isAt = (event) => event.composedPath().some((node) => node === this || node.control === this);
	for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
		addEventListener(type, (event) => {
			if (!event.isTrusted) return;
			const target = event.target.outerHTML ?? "the page";
			aim.result ||= isAt(event) ? "it moved while the mouse button was down" : "instead there is " + target.slice(0, 100);
			if (isAt(event)) {
				if (type === "click") aim.result = "clicked";
				return;
			}
			event.preventDefault();
			event.stopImmediatePropagation();
		}, { capture: true, signal: aim.end.signal });
	}
}`

// hit reports whether the element got the click after aim. The error says what was there instead.
func (e *Element) hit(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	value, err := e.page.tab.evaluate(ctx, e.query.in, `(() => {
		const aim = globalThis[Symbol.for("forgego.aim")];
		aim?.end.abort();
		return aim?.result ?? "clicked";
	})()`)
	var result string
	if err != nil || json.Unmarshal(value, &result) != nil || result == "clicked" {
		return true, nil // also if the click has replaced the document
	}
	if result == "" {
		// A disabled button is silent too, so this may be right.
		e.page.t.Logf("the click on %s did not reach its document", e.describe())
		return true, nil
	}
	return false, errors.New(result)
}

// Type clicks the element, selects its content, and types the text with the keyboard. An empty text clears it.
func (e *Element) Type(text string) {
	e.page.t.Helper()
	e.Click()
	e.Call(`function() { this.select() }`, nil)
	if text == "" {
		text = Backspace
	}
	e.page.Press(text)
}

// Fill clicks the element, selects its content, and replaces it with the text at once, as pasting does.
func (e *Element) Fill(text string) {
	e.page.t.Helper()
	e.Click()
	e.Call(`function() { this.select() }`, nil)
	e.page.do("filling "+e.describe(), func(ctx context.Context) error { return e.page.tab.insert(ctx, text) })
}

// Call calls a JavaScript function with the element as this. It decodes the JSON form of the result into out, unless out is
// nil.
func (e *Element) Call(function string, out any) {
	e.page.t.Helper()
	e.page.Until(e.describe(), func(ctx context.Context) (bool, error) {
		value, err := e.page.tab.call(ctx, e.query, function)
		if failed := new(scriptError); errors.As(err, &failed) {
			e.page.t.Fatalf("calling %s on %s: %v", function, e.describe(), err)
		}
		if err != nil {
			return false, err // the element is not there
		}
		if err := decode(value, out); err != nil {
			e.page.t.Fatalf("calling %s on %s: %v", function, e.describe(), err)
		}
		return true, nil
	})
}

// Text returns the element's text as a person sees it.
func (e *Element) Text() string {
	e.page.t.Helper()
	var text string
	e.Call(`function() { return this.innerText ?? this.textContent }`, &text)
	return text
}

// Value returns the content of a field.
func (e *Element) Value() string {
	e.page.t.Helper()
	var value string
	e.Call(`function() { return this.value }`, &value)
	return value
}

// Checked reports whether a checkbox or a radio button is checked.
func (e *Element) Checked() bool {
	e.page.t.Helper()
	var checked bool
	e.Call(`function() { return this.checked }`, &checked)
	return checked
}

// HasFocus reports whether the element has the keyboard focus.
func (e *Element) HasFocus() bool {
	e.page.t.Helper()
	var focused bool
	e.Call(`function() { return this.ownerDocument.activeElement === this && this.ownerDocument.hasFocus() }`, &focused)
	return focused
}

// Choose chooses an option of a list by its value.
func (e *Element) Choose(value string) {
	e.page.t.Helper()
	e.Call(fmt.Sprintf(`function() { this.value = %q; this.dispatchEvent(new Event("change", { bubbles: true })); }`, value), nil)
}

// WaitCount waits until there are exactly n such elements.
func (e *Element) WaitCount(n int) {
	e.page.t.Helper()
	e.page.Until(fmt.Sprintf("%d × %s %q", n, e.query.role, e.query.name), func(ctx context.Context) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, attempt)
		defer cancel()
		names, err := e.page.tab.names(ctx, e.query)
		if err != nil {
			return false, err
		}
		return len(names) == n, countError(len(names))
	})
}

// Names returns the accessible names of all elements with the role, in document order.
func (f *Frame) Names(role string) []string {
	f.page.t.Helper()
	var names []string
	f.page.Until("the frame", func(ctx context.Context) (_ bool, err error) {
		names, err = f.page.tab.names(ctx, query{in: f.document, role: role})
		return err == nil, err
	})
	return names
}
