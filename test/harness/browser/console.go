package browser

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// The types of a [Message] that do not come from a method of console.
const (
	// Exception is an uncaught exception or an unhandled rejected promise.
	Exception = "exception"
	// BrowserError is an error that the browser itself reports, such as a missing file or a broken policy. Warnings of the
	// browser have the type "warning".
	BrowserError = "browser"
	// Crash is the end of the page's process.
	Crash = "crash"
)

// Message is a message in the console of a page or its frames.
type Message struct {
	// Type is the method of console ("log", "error", "warning"), [Exception], [BrowserError] or [Crash].
	Type string
	// Text is the text of the message. Several arguments are joined by a space.
	Text string
}

// Console returns the messages so far.
func (p *Page) Console() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.messages)
}

// ConsoleText returns the texts of all messages of the given types, one per line. Without types, it returns the texts of
// all messages.
func (p *Page) ConsoleText(types ...string) string {
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

// Requests returns the addresses of all requests that the page and its frames have made.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		p.messages = append(p.messages, Message{string(e.Type), ConsoleText(e)})
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + textOf(e.ExceptionDetails.Exception)
		}
		p.messages = append(p.messages, Message{Exception, text})
	case *log.EventEntryAdded:
		kind := BrowserError
		if e.Entry.Level != log.EntryLevelError {
			kind = string(e.Entry.Level)
		}
		p.messages = append(p.messages, Message{kind, strings.TrimSpace(e.Entry.Text + " " + e.Entry.URL)})
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *fetch.EventRequestPaused:
		go p.fulfill(e)
	case *inspector.EventTargetCrashed:
		p.messages = append(p.messages, Message{Crash, "the page's process has crashed"})
	case *runtime.EventExecutionContextCreated:
		if frame, ok := defaultFrame([]byte(e.Context.AuxData)); ok {
			p.contexts[e.Context.UniqueID] = frame
		}
	case *runtime.EventExecutionContextDestroyed:
		delete(p.contexts, e.ExecutionContextUniqueID)
	case *runtime.EventExecutionContextsCleared:
		clear(p.contexts)
	}
}

// ConsoleText returns the arguments of a console call as the console shows them.
func ConsoleText(e *runtime.EventConsoleAPICalled) string {
	texts := make([]string, len(e.Args))
	for i, arg := range e.Args {
		texts[i] = textOf(arg)
	}
	return strings.Join(texts, " ")
}

// textOf returns a value as the console shows it.
func textOf(v *runtime.RemoteObject) string {
	var text string
	switch {
	case v.Type == runtime.RemoteObjectTypeString && json.Unmarshal([]byte(v.Value), &text) == nil:
		return text
	case v.Description != "":
		return v.Description
	case len(v.Value) > 0:
		return string(v.Value)
	}
	return fmt.Sprint(v.Type)
}

// defaultFrame returns the frame of an execution context. It returns false if the context is not the page's own.
func defaultFrame(aux []byte) (cdp.FrameID, bool) {
	var data struct {
		IsDefault bool        `json:"isDefault"`
		FrameID   cdp.FrameID `json:"frameId"`
	}
	err := json.Unmarshal(aux, &data)
	return data.FrameID, err == nil && data.IsDefault
}
