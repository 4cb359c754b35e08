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

// Frame is a document: a page's own, or that of an iframe on the same site (another port is the same site, and another
// origin).
type Frame struct {
	page *Page
	// prefix is how the address of an iframe's document starts; empty for the page's own.
	prefix string
}

// Iframe gives the iframe whose address starts with prefix. It need not be there yet.
func (p *Page) Iframe(prefix string) *Frame { return &Frame{page: p, prefix: prefix} }

// errNoFrame and errNoValue are passing states of a page that loads.
var (
	errNoFrame = errors.New("there is no such frame")
	errNoValue = errors.New("not so yet")
)

// Eval evaluates a JavaScript expression in the frame, awaits it if it is a promise, and reads its JSON form into out,
// which may be nil. An exception ends the test.
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

// Text gives the text of the document as a person sees it.
func (f *Frame) Text() string {
	f.page.t.Helper()
	return f.String(`document.body.innerText`)
}

// Wait waits until a JavaScript expression is true in the frame; what says what is waited for. The expression is
// evaluated again and again, after a reload in the new document. A promise is awaited.
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

func evaluateIn(ctx context.Context, id runtime.ExecutionContextID, expression string, out any) error {
	value, exception, err := runtime.Evaluate(expression).WithContextID(id).WithAwaitPromise(true).WithReturnByValue(true).Do(ctx)
	return result(value, exception, err, out)
}

func result(value *runtime.RemoteObject, exception *runtime.ExceptionDetails, err error, out any) error {
	switch {
	case err != nil:
		return err
	case exception != nil && exception.Exception != nil:
		return errors.New(textOf(exception.Exception))
	case exception != nil:
		return exception
	case out == nil:
		return nil
	case len(value.Value) == 0:
		return fmt.Errorf("the value is %s and has no JSON form", textOf(value))
	}
	return json.Unmarshal([]byte(value.Value), out)
}

// context finds the execution context of the frame's document.
func (f *Frame) context(ctx context.Context) (runtime.ExecutionContextID, error) {
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
			continue // it goes away just now
		}
		if strings.HasPrefix(address, f.prefix) {
			return id, nil
		}
	}
	return 0, fmt.Errorf("%w: %s", errNoFrame, f.prefix)
}

// isPassing reports whether an evaluation failed because the document was about to change.
func isPassing(err error) bool {
	return err != nil && (errors.Is(err, errNoFrame) || strings.Contains(err.Error(), "Cannot find context"))
}
