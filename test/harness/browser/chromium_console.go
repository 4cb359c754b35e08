package browser

import (
	"context"
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

func (t *chromiumTab) console(context.Context) ([]Message, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.messages), nil
}

func (t *chromiumTab) requests(context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.asked), nil
}

func (t *chromiumTab) listen(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		t.messages = append(t.messages, Message{string(e.Type), ConsoleText(e)})
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + textOf(e.ExceptionDetails.Exception)
		}
		t.messages = append(t.messages, Message{Exception, text})
	case *log.EventEntryAdded:
		kind := BrowserError
		if e.Entry.Level != log.EntryLevelError {
			kind = string(e.Entry.Level)
		}
		t.messages = append(t.messages, Message{kind, strings.TrimSpace(e.Entry.Text + " " + e.Entry.URL)})
	case *network.EventRequestWillBeSent:
		t.asked = append(t.asked, e.Request.URL)
	case *fetch.EventRequestPaused:
		go t.fulfill(e)
	case *inspector.EventTargetCrashed:
		t.messages = append(t.messages, Message{Crash, "the page's process has crashed"})
	case *runtime.EventExecutionContextCreated:
		if frame, ok := defaultFrame([]byte(e.Context.AuxData)); ok {
			t.contexts[e.Context.UniqueID] = frame
		}
	case *runtime.EventExecutionContextDestroyed:
		delete(t.contexts, e.ExecutionContextUniqueID)
	case *runtime.EventExecutionContextsCleared:
		clear(t.contexts)
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
