package browser

import "context"

// Window is a tab for tools. Its methods return errors instead of ending a test.
type Window struct{ tab tab }

// Window opens an empty tab with its own storage and cookies.
func (b *Browser) Window(ctx context.Context) (*Window, error) {
	opened, err := b.driver.open(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Window{opened}, nil
}

// Load opens an address and waits until the page is loaded.
func (w *Window) Load(ctx context.Context, address string) error { return w.tab.navigate(ctx, address) }

// Show brings the tab to the front. Browsers slow down the timers and frames of a tab behind another one.
func (w *Window) Show(ctx context.Context) error { return w.tab.setHidden(ctx, false) }

// Eval evaluates a JavaScript expression. If the result is a promise, Eval waits for it. It decodes the JSON form of the
// result into out, unless out is nil.
func (w *Window) Eval(ctx context.Context, expression string, out any) error {
	value, err := w.tab.evaluate(ctx, document{}, expression)
	if err != nil {
		return err
	}
	return decode(value, out)
}

// Address returns the address of the page.
func (w *Window) Address(ctx context.Context) (address string, err error) {
	err = w.Eval(ctx, `location.href`, &address)
	return address, err
}

// Console returns the messages so far.
func (w *Window) Console(ctx context.Context) ([]Message, error) { return w.tab.console(ctx) }

// Close closes the tab.
func (w *Window) Close() error { return w.tab.close() }
