package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// firefoxTab is a tab of Firefox. browser.mu protects messages, asked and prompts.
type firefoxTab struct {
	scripted
	browser *firefox
	// id is the ID of the top-level browsing context, and user that of the user context, which has the storage.
	id, user string
	// isOwner is true if the user context ends with this tab.
	isOwner bool

	// cover is the tab in front of this one while it is hidden.
	cover tab

	messages []Message
	asked    []string
	prompts  []string // the types of the open prompts
}

func (t *firefoxTab) command(ctx context.Context, method string, params map[string]any, out any) error {
	return t.browser.bidi.command(ctx, method, params, out)
}

func (t *firefoxTab) navigate(ctx context.Context, address string) error {
	return t.command(ctx, "browsingContext.navigate", map[string]any{"context": t.id, "url": address, "wait": "complete"}, nil)
}

func (t *firefoxTab) setHidden(ctx context.Context, hidden bool) (err error) {
	if hidden {
		if t.cover == nil {
			t.cover, err = t.browser.open(ctx, t)
		}
		return err
	}
	if t.cover != nil {
		err = t.cover.close()
		t.cover = nil
	}
	return errors.Join(err, t.browser.activate(ctx, t))
}

func (t *firefoxTab) reload(ctx context.Context) error {
	return t.command(ctx, "browsingContext.reload", map[string]any{"context": t.id, "wait": "complete"}, nil)
}

func (t *firefoxTab) evaluate(ctx context.Context, d document, script string) (json.RawMessage, error) {
	id, err := t.contextOf(ctx, d)
	if err != nil {
		return nil, err
	}
	return t.evaluateIn(ctx, id, script)
}

func (t *firefoxTab) evaluateIn(ctx context.Context, id, script string) (json.RawMessage, error) {
	var answer struct {
		Type             string
		Result           remoteValue
		ExceptionDetails struct{ Text string }
	}
	err := t.command(ctx, "script.evaluate", map[string]any{
		"expression": script, "target": map[string]any{"context": id}, "awaitPromise": true, "userActivation": false,
	}, &answer)
	switch refused := new(bidiError); {
	case errors.As(err, &refused) && (refused.code == "no such frame" || strings.Contains(refused.message, "destroyed")):
		return nil, fmt.Errorf("%w: %s", errNoFrame, refused.message)
	case err != nil:
		return nil, err
	case answer.Type == "exception":
		return nil, &scriptError{answer.ExceptionDetails.Text}
	}
	return answer.Result.toJSON()
}

// evaluator returns the evaluator of a document.
func (t *firefoxTab) evaluator(id string) evaluator {
	return func(ctx context.Context, script string) (json.RawMessage, error) {
		return t.evaluateIn(ctx, id, script)
	}
}

// browsingContext is a document and its iframes.
type browsingContext struct {
	Context, URL string
	Children     []browsingContext
}

// tree returns all documents of the tab.
func (t *firefoxTab) tree(ctx context.Context) (browsingContext, error) {
	var tree struct{ Contexts []browsingContext }
	err := t.command(ctx, "browsingContext.getTree", map[string]any{"root": t.id}, &tree)
	if err == nil && len(tree.Contexts) == 0 {
		err = errNoFrame
	}
	if err != nil {
		return browsingContext{}, err
	}
	return tree.Contexts[0], nil
}

// contextOf returns the ID of a document's browsing context.
func (t *firefoxTab) contextOf(ctx context.Context, d document) (string, error) {
	if d.isTop() {
		return t.id, nil
	}
	tree, err := t.tree(ctx)
	if err != nil {
		return "", err
	}
	if n := len(tree.Children); d.last {
		if n < 2 {
			return "", fmt.Errorf("%w: there are %d", errNoFrame, n)
		}
		return tree.Children[n-1].Context, nil
	}
	if found := tree.find(d.prefix); found != "" {
		return found, nil
	}
	return "", fmt.Errorf("%w: %s", errNoFrame, d.prefix)
}

func (b browsingContext) find(prefix string) string {
	for _, child := range b.Children {
		if strings.HasPrefix(child.URL, prefix) {
			return child.Context
		}
		if found := child.find(prefix); found != "" {
			return found
		}
	}
	return ""
}

// around implements [scripted.frame]. The browser says which element shows a browsing context by its window.
func (t *firefoxTab) around(ctx context.Context, d document) (evaluator, string, error) {
	id, err := t.contextOf(ctx, d)
	if err != nil {
		return nil, "", err
	}
	t.browser.mu.Lock()
	parent := t.browser.parents[id]
	t.browser.mu.Unlock()
	const iframes = `[...document.querySelectorAll("iframe")]`
	var answer struct {
		Result struct {
			Value []struct{ Value struct{ Context string } }
		}
	}
	if err := t.command(ctx, "script.evaluate", map[string]any{
		"expression": iframes + `.map((e) => e.contentWindow)`, "target": map[string]any{"context": parent}, "awaitPromise": false,
	}, &answer); err != nil {
		return nil, "", err
	}
	for i, window := range answer.Result.Value {
		if window.Value.Context == id {
			return t.evaluator(parent), fmt.Sprintf("%s[%d]", iframes, i), nil
		}
	}
	return nil, "", errNoFrame
}

func (t *firefoxTab) choose(ctx context.Context, d document, selector string, paths []string) error {
	id, err := t.contextOf(ctx, d)
	if err != nil {
		return err
	}
	var found struct {
		Nodes []struct{ SharedID string }
	}
	if err := t.command(ctx, "browsingContext.locateNodes", map[string]any{
		"context": id, "locator": map[string]any{"type": "css", "value": selector}, "maxNodeCount": 1,
	}, &found); err != nil {
		return err
	}
	if len(found.Nodes) == 0 {
		return errNoValue
	}
	return t.command(ctx, "input.setFiles", map[string]any{"context": id, "element": map[string]any{"sharedId": found.Nodes[0].SharedID}, "files": paths}, nil)
}

func (t *firefoxTab) setSize(ctx context.Context, width, height int) error {
	return t.command(ctx, "browsingContext.setViewport", map[string]any{"context": t.id, "viewport": map[string]any{"width": width, "height": height}}, nil)
}

func (t *firefoxTab) setOffline(ctx context.Context, offline bool) error {
	var conditions any
	if offline {
		conditions = map[string]any{"type": "offline"}
	}
	return t.command(ctx, "emulation.setNetworkConditions", map[string]any{"contexts": []string{t.id}, "networkConditions": conditions}, nil)
}

func (t *firefoxTab) screenshot(ctx context.Context) ([]byte, error) {
	var picture struct{ Data string }
	if err := t.command(ctx, "browsingContext.captureScreenshot", map[string]any{"context": t.id}, &picture); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(picture.Data)
}

func (t *firefoxTab) leave(ctx context.Context) (bool, error) {
	closed := make(chan error, 1)
	go func() {
		closed <- t.command(ctx, "browsingContext.close", map[string]any{"context": t.id, "promptUnload": true}, nil)
	}()
	asked, isClosed := false, false
	err := wait(ctx, func() bool {
		select {
		case <-closed:
			isClosed = true
		default:
		}
		t.browser.mu.Lock()
		defer t.browser.mu.Unlock()
		asked = slices.Contains(t.prompts, "beforeunload")
		t.prompts = nil
		return asked || isClosed
	})
	if err != nil || !asked {
		return false, err
	}
	return true, t.command(ctx, "browsingContext.handleUserPrompt", map[string]any{"context": t.id, "accept": false}, nil)
}

func (t *firefoxTab) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	t.browser.mu.Lock()
	delete(t.browser.tabs, t.id)
	t.browser.mu.Unlock()
	err := t.command(ctx, "browsingContext.close", map[string]any{"context": t.id}, nil)
	if refused := new(bidiError); errors.As(err, &refused) && refused.code == "no such frame" {
		err = nil // the test has closed it
	}
	if t.isOwner {
		_ = t.command(ctx, "browser.removeUserContext", map[string]any{"userContext": t.user}, nil)
	}
	return err
}

func (t *firefoxTab) console(context.Context) ([]Message, error) {
	t.browser.mu.Lock()
	defer t.browser.mu.Unlock()
	return slices.Clone(t.messages), nil
}

func (t *firefoxTab) requests(context.Context) ([]string, error) {
	t.browser.mu.Lock()
	defer t.browser.mu.Unlock()
	return slices.Clone(t.asked), nil
}

// listen records an event. browser.mu is held.
func (t *firefoxTab) listen(method string, e *firefoxEvent) {
	switch method {
	case "log.entryAdded":
		t.messages = append(t.messages, e.message())
	case "network.beforeRequestSent":
		t.asked = append(t.asked, e.Request.URL)
	case "network.responseCompleted":
		if e.Response.Status >= 400 {
			t.messages = append(t.messages, Message{BrowserError, fmt.Sprintf("the status is %d: %s", e.Response.Status, e.Request.URL)})
		}
	case "network.fetchError":
		if e.ErrorText != "NS_BINDING_ABORTED" { // the page itself has given up
			t.messages = append(t.messages, Message{BrowserError, e.ErrorText + ": " + e.Request.URL})
		}
	case "browsingContext.userPromptOpened":
		t.prompts = append(t.prompts, e.Type)
	}
}

// message returns the event of a message.
func (e *firefoxEvent) message() Message {
	if e.Type == "javascript" {
		if e.Level != "error" {
			return Message{map[string]string{"warn": "warning"}[e.Level], e.Text}
		}
		for _, begin := range []string{"Content-Security-Policy:", "Failed to read data from the ReadableStream:"} {
			if strings.HasPrefix(e.Text, begin) {
				return Message{BrowserError, e.Text}
			}
		}
		return Message{Exception, e.Text}
	}
	kind := e.Method
	if kind == "warn" {
		kind = "warning"
	}
	text := e.Text
	if text == "" {
		texts := make([]string, len(e.Args))
		for i, arg := range e.Args {
			texts[i] = arg.consoleText()
		}
		text = strings.Join(texts, " ")
	}
	return Message{kind, text}
}

func (t *firefoxTab) at(ctx context.Context, when time.Time) error {
	return t.everywhere(ctx, func(id string) error {
		return setTime(ctx, when, t.evaluator(id))
	})
}

// everywhere calls do with the ID of each document.
func (t *firefoxTab) everywhere(ctx context.Context, do func(id string) error) error {
	tree, err := t.tree(ctx)
	if err != nil {
		return err
	}
	var visit func(b browsingContext) error
	visit = func(b browsingContext) error {
		if err := do(b.Context); err != nil && !errors.Is(err, errNoFrame) {
			return err
		}
		for _, child := range b.Children {
			if err := visit(child); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(tree)
}
