package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// outcome is how the page's program ended: its exit status, or the reason why there is none.
type outcome struct {
	status int
	err    error
}

// show opens the page and returns the exit status of its program. The program may run for limit, or forever if limit is 0.
func show(ctx context.Context, engine browser.Engine, s *server, limit time.Duration) (int, error) {
	b, err := browser.Start(context.WithoutCancel(ctx), engine)
	if err != nil {
		return 0, err
	}
	defer b.Close()
	tab, err := b.Window(ctx)
	if err != nil {
		return 0, fmt.Errorf("opening the page: %w", err)
	}
	// Load waits until the page is loaded. A program that hangs never lets that happen.
	go func() {
		if err := tab.Load(ctx, s.URL); err != nil && ctx.Err() == nil && !s.isOpen() {
			s.end(outcome{err: fmt.Errorf("opening the page: %w", err)})
		}
	}()
	w := &watcher{tab: tab, address: s.URL, stderr: s.stderr}
	// The time that the browser needs to start does not count.
	var hung <-chan time.Time
	opened, tick := s.opened, time.NewTicker(500*time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-opened:
			opened = nil
			if limit > 0 {
				hung = time.After(limit)
			}
		case <-hung:
			return 0, fmt.Errorf("the page hangs: it still runs after %v", limit)
		case <-tick.C:
			if opened == nil {
				if err := w.look(ctx); err != nil {
					return 0, err
				}
			}
		case o := <-s.done:
			return o.status, errors.Join(o.err, w.listenLast(ctx))
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// watcher looks at a page while its program runs.
type watcher struct {
	tab interface {
		Address(context.Context) (string, error)
		Console(context.Context) ([]browser.Message, error)
	}
	address string
	stderr  io.Writer
	// heard is the number of messages that were printed.
	heard int
	// gone is how often in a row there was no page.
	gone int
}

// lookLimit is the time limit for one look. A page that is busy does not answer.
const lookLimit = 2 * time.Second

// look returns an error if the page has left, crashed or disappeared.
func (w *watcher) look(ctx context.Context) error {
	if err := w.listen(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	address, err := w.tab.Address(ctx)
	switch {
	case ctx.Err() != nil:
		return nil // it is busy
	case err != nil:
		// While a page is left, there is no page for a moment.
		if w.gone++; w.gone > 5 {
			return fmt.Errorf("the page has gone; it may have run out of memory: %w", err)
		}
		return nil
	}
	w.gone = 0
	if !strings.HasPrefix(address, w.address) {
		return errors.New("the program has left its page for " + address)
	}
	return nil
}

// listenLast prints what is new in the console when the program has ended. The browser sends messages before its reply to a
// later command, so listenLast asks for the address first.
func (w *watcher) listenLast(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	_, _ = w.tab.Address(asking) // the reply itself does not matter
	return w.listen(ctx)
}

// listen prints what is new in the console.
func (w *watcher) listen(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	messages, _ := w.tab.Console(ctx)
	for _, m := range messages[min(w.heard, len(messages)):] {
		switch m.Type {
		case browser.Crash:
			return errors.New("the page's process has crashed; it may have run out of memory")
		case browser.Exception:
			fmt.Fprintf(w.stderr, "uncaught exception: %s\n", m.Text)
		case browser.BrowserError:
			fmt.Fprintf(w.stderr, "browser: %s\n", m.Text)
		default:
			fmt.Fprintf(w.stderr, "console.%s: %s\n", m.Type, m.Text)
		}
	}
	w.heard = max(w.heard, len(messages))
	return nil
}
