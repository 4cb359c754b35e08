package browser

import (
	"context"
	"slices"
	"strings"
)

// The types of a [Message] that do not come from a method of console.
const (
	// Exception is an uncaught exception or an unhandled rejected promise.
	Exception = "exception"
	// BrowserError is an error that the browser itself reports, such as a missing file or a broken policy. Warnings of the
	// browser have the type "warning". Firefox reports only files that it did not get to its driver.
	BrowserError = "browser"
	// Crash is the end of the page's process.
	Crash = "crash"
)

// Message is a message in the console of a page or its frames. In WebKit, these are the messages since
// the first use of the document; see [RecordConsole].
type Message struct {
	// Type is the method of console ("log", "error", "warning"), [Exception], [BrowserError] or [Crash].
	Type string
	// Text is the text of the message. Several arguments are joined by a space.
	Text string
}

// Console returns the messages so far.
func (p *Page) Console() []Message {
	p.t.Helper()
	var messages []Message
	p.do("the console", func(ctx context.Context) (err error) {
		messages, err = p.tab.console(ctx)
		return err
	})
	return messages
}

// ConsoleText returns the texts of all messages of the given types, one per line. Without types, it returns the texts of
// all messages.
func (p *Page) ConsoleText(types ...string) string {
	p.t.Helper()
	var b strings.Builder
	for _, m := range p.Console() {
		if len(types) == 0 || slices.Contains(types, m.Type) {
			b.WriteString(m.Text + "\n")
		}
	}
	return b.String()
}

// Quiet fails the test if the console has an error, an uncaught exception or an error of the browser.
func (p *Page) Quiet() {
	p.t.Helper()
	for _, m := range p.Console() {
		switch m.Type {
		case "error", Exception, BrowserError, Crash:
			p.t.Errorf("the console has (%s): %s", m.Type, m.Text)
		}
	}
}

// Requests returns the addresses of all requests that the page and its frames have made. WebKit reports only those
// of the open documents, without the documents themselves.
func (p *Page) Requests() []string {
	p.t.Helper()
	var addresses []string
	p.do("the requests", func(ctx context.Context) (err error) {
		addresses, err = p.tab.requests(ctx)
		return err
	})
	return addresses
}
