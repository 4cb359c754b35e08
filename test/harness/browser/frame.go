package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Frame is the document of a page, or of an iframe on the same site. Another port is the same site, but another origin.
type Frame struct {
	page *Page
	// prefix is the start of the address of an iframe's document. It is empty for the page's own document.
	prefix string
}

// Iframe returns the iframe whose address starts with prefix. The iframe does not need to exist yet.
func (p *Page) Iframe(prefix string) *Frame { return &Frame{page: p, prefix: prefix} }

// errNoFrame and errNoValue are temporary states of a page that loads.
var (
	errNoFrame = errors.New("there is no such frame")
	errNoValue = errors.New("not so yet")
)

// Eval evaluates a JavaScript expression in the frame. If the result is a promise, Eval waits for it. It decodes the JSON
// form of the result into out, unless out is nil. An exception ends the test.
func (f *Frame) Eval(expression string, out any) {
	f.page.t.Helper()
	f.page.Until("the frame", func(ctx context.Context) (bool, error) {
		err := f.evaluate(ctx, expression, out)
		if isPassing(err) {
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
		var ok bool
		err := f.evaluate(ctx, "(async () => Boolean(await ("+expression+")))()", &ok)
		if err == nil && !ok {
			err = errNoValue
		}
		return ok, err
	})
}

func (f *Frame) evaluate(ctx context.Context, expression string, out any) error {
	id, err := f.context(ctx)
	if err != nil {
		return err
	}
	return evaluateIn(ctx, id, expression, out)
}

func evaluateIn(ctx context.Context, id string, expression string, out any) error {
	answer, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, UniqueContextID: id, AwaitPromise: new(true), ReturnByValue: new(true),
	})
	if err != nil {
		return err
	}
	return result(answer.Result, answer.ExceptionDetails, out)
}

// result decodes the JSON form of a value into out, unless out is nil. It returns the exception, if there is one.
func result(value *runtime.RemoteObject, exception *runtime.ExceptionDetails, out any) error {
	switch {
	case exception != nil && exception.Exception != nil:
		return errors.New(textOf(exception.Exception))
	case exception != nil:
		return &chromedp.ExceptionError{ExceptionDetails: exception}
	case out == nil:
		return nil
	case len(value.Value) == 0:
		return fmt.Errorf("the value is %s and has no JSON form", textOf(value))
	}
	return json.Unmarshal([]byte(value.Value), out)
}

// context returns the unique ID of the execution context of the frame's document.
func (f *Frame) context(ctx context.Context) (string, error) {
	f.page.mu.Lock()
	contexts := maps.Clone(f.page.contexts)
	f.page.mu.Unlock()
	top := cdp.FrameID(chromedp.FromContext(f.page.ctx).Target.TargetID)
	for id, frame := range contexts {
		if f.prefix == "" {
			if frame == top {
				return id, nil
			}
			continue
		}
		var address string
		if frame == top || evaluateIn(ctx, id, `location.href`, &address) != nil {
			continue // the frame has just gone
		}
		if strings.HasPrefix(address, f.prefix) {
			return id, nil
		}
	}
	return "", fmt.Errorf("%w: %s", errNoFrame, f.prefix)
}

// isPassing reports whether an evaluation failed because the document was about to change.
func isPassing(err error) bool {
	return err != nil && (errors.Is(err, errNoFrame) || strings.Contains(err.Error(), "uniqueContextId not found"))
}
