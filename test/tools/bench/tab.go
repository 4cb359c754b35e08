package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/forgego/forgego/test/harness/browser"
)

// patience is the time limit for one action in a page.
const patience = 90 * time.Second

// tab is a tab of the browser. Chromium's is driven by chromedp, which can also collect garbage and slow the processor.
type tab struct {
	close func()
	// window is the tab of another browser than Chromium.
	window *browser.Window

	// The others are for Chromium only.
	ctx      context.Context
	mu       sync.Mutex
	problems []error
}

// openTab opens a tab with its own storage.
func openTab(ctx context.Context, b *browser.Browser) (*tab, error) {
	t := &tab{}
	var err error
	if b.Engine != browser.Chromium {
		if t.window, err = b.Window(ctx); err != nil {
			return nil, err
		}
		t.close = func() { _ = t.window.Close() } // the browser may have ended
		return t, nil
	}
	t.ctx, t.close, err = b.Tab(t.listen)
	return t, err
}

// listen keeps the errors of the page.
func (t *tab) listen(event any) {
	var problem string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError {
			return
		}
		problem = browser.ConsoleText(e)
	default:
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.problems = append(t.problems, errors.New("the page: "+problem))
}

// problem returns the errors in the page so far, or nil.
func (t *tab) problem() error {
	if t.window != nil {
		return t.windowProblem()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return errors.Join(t.problems...)
}

// windowProblem is problem for another browser than Chromium.
func (t *tab) windowProblem() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	messages, err := t.window.Console(ctx)
	problems := []error{err}
	for _, m := range messages {
		switch m.Type {
		case "error", browser.Exception, browser.Crash:
			problems = append(problems, errors.New("the page: "+m.Text))
		}
	}
	return errors.Join(problems...)
}

// inWindow does one thing in the tab of another browser than Chromium, with a time limit.
func (t *tab) inWindow(ctx context.Context, what string, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := do(ctx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// do runs actions of chromedp. If they do not end in time, it returns an error that contains what.
func (t *tab) do(ctx context.Context, what string, actions ...chromedp.Action[chromedp.Void]) error {
	inner, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	err := chromedp.Do(inner, actions...)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case inner.Err() != nil && t.ctx.Err() == nil:
		err = fmt.Errorf("no answer in %v", patience)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", what, err), t.problem())
	}
	return nil
}

// visit opens an address and waits until the page is loaded.
func (t *tab) visit(ctx context.Context, address string) error {
	if t.window != nil {
		return t.inWindow(ctx, "loading "+address, func(ctx context.Context) error { return t.window.Load(ctx, address) })
	}
	return t.do(ctx, "loading "+address, chromedp.Navigate(address))
}

// show brings the tab to the front. Chromium's tabs have windows of their own.
func (t *tab) show(ctx context.Context) error {
	if t.window == nil {
		return nil
	}
	return t.inWindow(ctx, "showing the tab", t.window.Show)
}

// eval evaluates an expression. If the result is a promise, eval waits for it. It decodes the JSON form of the result into
// out, unless out is nil.
func (t *tab) eval(ctx context.Context, expression string, out any) error {
	if t.window != nil {
		return t.inWindow(ctx, expression, func(ctx context.Context) error { return t.window.Eval(ctx, expression, out) })
	}
	return t.do(ctx, expression, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		answer, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{
			Expression: expression, AwaitPromise: new(true), ReturnByValue: new(true),
		})
		switch exception := answer.ExceptionDetails; {
		case err != nil:
			return err
		case exception != nil && exception.Exception != nil:
			return errors.New(exception.Exception.Description)
		case exception != nil:
			return &chromedp.ExceptionError{ExceptionDetails: exception}
		case out == nil:
			return nil
		}
		return json.Unmarshal([]byte(answer.Result.Value), out)
	}))
}

// slow makes the processor of the page this many times slower. 1 is its own speed, and the only one outside Chromium.
func (t *tab) slow(ctx context.Context, times float64) error {
	if t.window != nil && times == 1 {
		return nil
	}
	_, err := call(ctx, t, "slowing the processor", emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
	return err
}

// collect runs a garbage collection in the page. Outside Chromium it does nothing, because no command does that there.
func (t *tab) collect(ctx context.Context) error {
	if t.window != nil {
		return nil
	}
	_, err := call(ctx, t, "collecting garbage", heapprofiler.CollectGarbage, cdp.Empty{})
	return err
}

// call sends a command of the DevTools protocol and returns its result.
func call[P, R any](ctx context.Context, t *tab, what string, command cdp.Command[P, R], params P) (result R, err error) {
	if t.window != nil {
		return result, fmt.Errorf("%s: only Chromium can do this", what)
	}
	err = t.do(ctx, what, chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		result, err = cdp.Call(ctx, target, command, params)
		return err
	}))
	return result, err
}

// until waits until an expression is true in the page.
func (t *tab) until(ctx context.Context, what, expression string) error {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var ok bool
		err := t.eval(ctx, "Boolean("+expression+")", &ok)
		if ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			return errors.Join(fmt.Errorf("waited %v in vain for %s", patience, what), t.problem())
		}
	}
}

// literal returns a value as a JavaScript literal.
func literal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // v is always a text or a number
	}
	return string(b)
}
