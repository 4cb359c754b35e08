package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Element is an element with a role and an accessible name in a frame. Each use looks it up again, so it still works after
// the page has drawn itself again.
type Element struct {
	frame      *Frame
	role, name string
}

// Find returns the element with the role, such as "button", and the accessible name. An empty name matches any name. The
// methods of the element wait until there is exactly one.
func (f *Frame) Find(role, name string) *Element { return &Element{f, role, name} }

func (e *Element) describe() string { return fmt.Sprintf("one %s %q", e.role, e.name) }

// Click clicks the middle of the element with the mouse.
func (e *Element) Click() {
	e.frame.page.t.Helper()
	var at dom.Quad
	e.frame.page.Until(e.describe()+" that stands still", func(ctx context.Context) (bool, error) {
		node, err := e.node(ctx)
		if err != nil {
			return false, err
		}
		if _, err := chromedp.Call(ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node}); err != nil {
			return false, err
		}
		answer, err := chromedp.Call(ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node})
		quads := answer.Quads
		if err != nil || len(quads) == 0 || len(quads[0]) != 8 {
			return false, errors.Join(err, errors.New("it takes no space on the page"))
		}
		// Click only when the element has stopped moving. Otherwise the click may hit something else.
		still := slices.Equal(at, quads[0])
		at = quads[0]
		return still, errors.New("it moves")
	})
	x, y := (at[0]+at[2]+at[4]+at[6])/4, (at[1]+at[3]+at[5]+at[7])/4
	e.frame.page.run("clicking "+e.describe(), chromedp.MouseClickXY(x, y))
}

// Type clicks the element, selects its content, and types the text with the keyboard. An empty text clears it.
func (e *Element) Type(text string) {
	e.frame.page.t.Helper()
	e.Click()
	e.Call(`function() { this.select() }`, nil)
	if text == "" {
		text = kb.Backspace
	}
	e.frame.page.Press(text)
}

// Fill clicks the element, selects its content, and replaces it with the text at once, as pasting does.
func (e *Element) Fill(text string) {
	e.frame.page.t.Helper()
	e.Click()
	e.Call(`function() { this.select() }`, nil)
	e.frame.page.run("filling "+e.describe(), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// Press presses keys of the keyboard: characters, or the keys of package kb, such as kb.Enter.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.run("pressing keys", chromedp.KeyEvent(keys))
}

// Call calls a JavaScript function with the element as this. It decodes the JSON form of the result into out, unless out is
// nil.
func (e *Element) Call(function string, out any) {
	e.frame.page.t.Helper()
	e.frame.page.Until(e.describe(), func(ctx context.Context) (bool, error) {
		node, err := e.node(ctx)
		if err != nil {
			return false, err
		}
		resolved, err := chromedp.Call(ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node})
		if err != nil {
			return false, err // the element has gone
		}
		answer, err := chromedp.Call(ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
			FunctionDeclaration: function, ObjectID: resolved.Object.ObjectID, AwaitPromise: new(true), ReturnByValue: new(true),
		})
		if err == nil {
			err = result(answer.Result, answer.ExceptionDetails, out)
		}
		if err != nil {
			e.frame.page.t.Fatalf("calling %s on %s: %v", function, e.describe(), err)
		}
		return true, nil
	})
}

// Text returns the element's text as a person sees it.
func (e *Element) Text() string {
	e.frame.page.t.Helper()
	var text string
	e.Call(`function() { return this.innerText ?? this.textContent }`, &text)
	return text
}

// Value returns the content of a field.
func (e *Element) Value() string {
	e.frame.page.t.Helper()
	var value string
	e.Call(`function() { return this.value }`, &value)
	return value
}

// Checked reports whether a checkbox or a radio button is checked.
func (e *Element) Checked() bool {
	e.frame.page.t.Helper()
	var checked bool
	e.Call(`function() { return this.checked }`, &checked)
	return checked
}

// HasFocus reports whether the element has the keyboard focus.
func (e *Element) HasFocus() bool {
	e.frame.page.t.Helper()
	var focused bool
	e.Call(`function() { return this.ownerDocument.activeElement === this && this.ownerDocument.hasFocus() }`, &focused)
	return focused
}

// WaitCount waits until there are exactly n such elements.
func (e *Element) WaitCount(n int) {
	e.frame.page.t.Helper()
	e.frame.page.Until(fmt.Sprintf("%d × %s %q", n, e.role, e.name), func(ctx context.Context) (bool, error) {
		nodes, err := e.nodes(ctx)
		if err != nil {
			return false, err
		}
		return len(nodes) == n, fmt.Errorf("there are %d", len(nodes))
	})
}

// Names returns the accessible names of all elements with the role, in document order.
func (f *Frame) Names(role string) []string {
	f.page.t.Helper()
	names := []string{}
	f.page.Until("the frame", func(ctx context.Context) (bool, error) {
		nodes, err := f.Find(role, "").nodes(ctx)
		for _, n := range nodes {
			var name string
			if n.Name != nil {
				err = errors.Join(err, json.Unmarshal([]byte(n.Name.Value), &name))
			}
			names = append(names, name)
		}
		return err == nil, err
	})
	return names
}

func (e *Element) node(ctx context.Context) (cdp.BackendNodeID, error) {
	nodes, err := e.nodes(ctx)
	if err != nil {
		return 0, err
	}
	if len(nodes) != 1 {
		return 0, fmt.Errorf("there are %d", len(nodes))
	}
	return nodes[0].BackendDOMNodeID, nil
}

// nodes returns the nodes of the frame's accessibility tree with the role and name. Hidden elements are not in the tree.
func (e *Element) nodes(ctx context.Context) ([]*accessibility.Node, error) {
	id, err := e.frame.context(ctx)
	if err != nil {
		return nil, err
	}
	document, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: `document`, UniqueContextID: id})
	if err != nil || document.ExceptionDetails != nil {
		return nil, errors.Join(err, errNoFrame)
	}
	answer, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
		ObjectID: document.Result.ObjectID, Role: e.role, AccessibleName: e.name,
	})
	return slices.DeleteFunc(answer.Nodes, func(n *accessibility.Node) bool { return n.Ignored }), err
}
