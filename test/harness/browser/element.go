package browser

import (
	"context"
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

// Click clicks the middle of the element with the mouse.
func (e *Element) Click() {
	e.page.t.Helper()
	var at rect
	e.page.Until(e.describe()+" that stands still", func(ctx context.Context) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, attempt)
		defer cancel()
		now, err := e.page.tab.place(ctx, e.query)
		if err != nil {
			return false, err
		}
		// Click only when the element has stopped moving. Otherwise the click may hit something else.
		still := at == now
		at = now
		return still, errors.New("it moves")
	})
	e.page.do("clicking "+e.describe(), func(ctx context.Context) error { return e.page.tab.mouse(ctx, at.middle()) })
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
