package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/forgego/forgego/test/harness/browser"
)

// outcome is how the page's program ended: its exit status, or the reason why there is none.
type outcome struct {
	status int
	err    error
}

// watcher follows a page until its program ends.
type watcher struct {
	stdout, stderr io.Writer
	once           sync.Once
	done           chan outcome
	// opened is closed when the page is opened.
	opened      chan struct{}
	navigations int
}

// show opens the page and returns the exit status of its program. The program may run for limit, or forever if limit is 0.
func show(ctx context.Context, address string, limit time.Duration) (int, error) {
	b, err := browser.Start(context.WithoutCancel(ctx))
	if err != nil {
		return 0, err
	}
	defer b.Close()
	w := newWatcher(os.Stdout, os.Stderr)
	tab, closeTab, err := b.Tab(w.listen)
	if err != nil {
		return 0, err
	}
	defer closeTab()
	// chromedp.Navigate waits until the page is loaded. A program that hangs never lets that happen.
	go func() {
		_, err := chromedp.Call(tab, runtime.AddBinding, runtime.AddBindingParams{Name: "browserexec"})
		if err == nil {
			var answer page.NavigateResult
			answer, err = chromedp.Call(tab, page.Navigate, page.NavigateParams{URL: address})
			if answer.ErrorText != "" {
				err = errors.New(answer.ErrorText)
			}
		}
		if err != nil && tab.Err() == nil {
			w.end(outcome{err: fmt.Errorf("opening the page: %w", err)})
		}
	}()
	// The time that the browser needs to start does not count.
	var hung <-chan time.Time
	opened := w.opened
	for {
		select {
		case <-opened:
			opened = nil
			if limit > 0 {
				hung = time.After(limit)
			}
		case <-hung:
			return 0, fmt.Errorf("the page hangs: it still runs after %v", limit)
		case o := <-w.done:
			return o.status, o.err
		case <-tab.Done():
			return 0, errors.New("the browser has ended")
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

func newWatcher(stdout, stderr io.Writer) *watcher {
	return &watcher{stdout: stdout, stderr: stderr, done: make(chan outcome, 1), opened: make(chan struct{})}
}

func (w *watcher) end(o outcome) { w.once.Do(func() { w.done <- o }) }

// listen receives the page's events in order.
func (w *watcher) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventBindingCalled:
		w.receive(e.Payload)
	case *runtime.EventConsoleAPICalled:
		fmt.Fprintf(w.stderr, "console.%s: %s\n", e.Type, browser.ConsoleText(e))
	case *runtime.EventExceptionThrown:
		fmt.Fprintf(w.stderr, "uncaught exception: %v\n", &chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails})
	case *log.EventEntryAdded:
		fmt.Fprintf(w.stderr, "browser: %s %s\n", e.Entry.Text, e.Entry.URL)
	case *inspector.EventTargetCrashed:
		w.end(outcome{err: errors.New("the page's process has crashed; it may have run out of memory")})
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			w.navigations++
			if w.navigations == 1 {
				close(w.opened)
			} else {
				w.end(outcome{err: errors.New("the program has left its page for " + e.Frame.URL)})
			}
		}
	}
}

// receive handles a message of page.js.
func (w *watcher) receive(message string) {
	if message == "" {
		return
	}
	switch kind, text := message[0], message[1:]; kind {
	case '1':
		_, _ = w.stdout.Write(bytesOf(text))
	case '2':
		_, _ = w.stderr.Write(bytesOf(text))
	case '=':
		status, err := strconv.Atoi(text)
		w.end(outcome{status, err})
	case '!':
		w.end(outcome{err: errors.New(strings.TrimSpace(text))})
	}
}

// bytesOf decodes the text of page.js: each character is a byte.
func bytesOf(text string) []byte {
	b := make([]byte, 0, len(text))
	for _, c := range text {
		b = append(b, byte(c))
	}
	return b
}
