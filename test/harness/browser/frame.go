package browser

import (
	"context"
	"encoding/json"
	"errors"
)

// Frame is the document of a page, or of an iframe on the same site. Another port is the same site, but another origin.
type Frame struct {
	page     *Page
	document document
}

// Iframe returns the iframe whose address starts with prefix. The iframe does not need to exist yet.
func (p *Page) Iframe(prefix string) *Frame { return &Frame{p, document{prefix: prefix}} }

// LastIframe returns the last of at least two iframes. A dialog of the product page is one.
func (p *Page) LastIframe() *Frame { return &Frame{p, document{last: true}} }

// Eval evaluates a JavaScript expression in the frame. If the result is a promise, Eval waits for it. It decodes the JSON
// form of the result into out, unless out is nil. An exception ends the test. The expression may also be statements if out
// is nil.
func (f *Frame) Eval(expression string, out any) {
	f.page.t.Helper()
	f.page.Until("the frame", func(ctx context.Context) (bool, error) {
		err := f.evaluate(ctx, expression, out)
		if errors.Is(err, errNoFrame) {
			return false, err // nothing was evaluated
		}
		if err != nil {
			f.page.t.Fatalf("evaluating %s: %v", expression, err)
		}
		return true, nil
	})
}

// String evaluates an expression whose value is a string.
func (f *Frame) String(expression string) string {
	f.page.t.Helper()
	var text string
	f.Eval(expression, &text)
	return text
}

// Text returns the text of the document as a person sees it.
func (f *Frame) Text() string {
	f.page.t.Helper()
	return f.String(`document.body.innerText`)
}

// Wait waits until a JavaScript expression is true in the frame. what describes the expression in error messages. Wait
// evaluates the expression again and again, after a reload in the new document. If the result is a promise, Wait waits for
// it.
func (f *Frame) Wait(what, expression string) {
	f.page.t.Helper()
	f.page.Until(what, func(ctx context.Context) (bool, error) {
		// A driver may never answer if the page goes into the back/forward cache meanwhile.
		ctx, cancel := context.WithTimeout(ctx, attempt)
		defer cancel()
		var ok bool
		err := f.evaluate(ctx, "(async () => Boolean(await ("+expression+")))()", &ok)
		if err == nil && !ok {
			err = errNoValue
		}
		return ok, err
	})
}

func (f *Frame) evaluate(ctx context.Context, expression string, out any) error {
	value, err := f.page.tab.evaluate(ctx, f.document, expression)
	if err != nil {
		return err
	}
	return decode(value, out)
}

// decode decodes the JSON form of a value into out, unless out is nil.
func decode(value json.RawMessage, out any) error {
	switch {
	case out == nil:
		return nil
	case value == nil:
		return errors.New("the value has no JSON form")
	}
	return json.Unmarshal(value, out)
}
