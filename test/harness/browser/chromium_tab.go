package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromiumTab is a tab of Chromium. It finds elements in the browser's own accessibility tree.
type chromiumTab struct {
	ctx    context.Context
	cancel func()

	// when is the time of the next input, and pressed are the keys that are down.
	when    time.Time
	pressed map[rune]bool

	mu       sync.Mutex
	messages []Message
	asked    []string
	contexts map[string]cdp.FrameID // by the unique IDs of the execution contexts
	// answer returns the script for a request that Answer is about.
	answer func(url string) string
}

func newChromiumTab() *chromiumTab {
	return &chromiumTab{contexts: map[string]cdp.FrameID{}, pressed: map[rune]bool{}}
}

// within returns the tab's context, which ends with ctx.
func (t *chromiumTab) within(ctx context.Context) (context.Context, func()) {
	inner, cancel := context.WithCancel(t.ctx)
	stop := context.AfterFunc(ctx, cancel)
	return inner, func() { stop(); cancel() }
}

func (t *chromiumTab) run(ctx context.Context, actions ...chromedp.Action[chromedp.Void]) error {
	inner, cancel := t.within(ctx)
	defer cancel()
	return chromedp.Do(inner, actions...)
}

// call runs one command of the DevTools protocol.
func call[In, Out any](ctx context.Context, t *chromiumTab, c cdp.Command[In, Out], params In) (Out, error) {
	inner, cancel := t.within(ctx)
	defer cancel()
	return chromedp.Call(inner, c, params)
}

func (t *chromiumTab) navigate(ctx context.Context, address string) error {
	return t.run(ctx, chromedp.Navigate(address))
}

func (t *chromiumTab) reload(ctx context.Context) error { return t.run(ctx, chromedp.Reload()) }

func (t *chromiumTab) setHidden(ctx context.Context, hidden bool) error {
	state := browser.WindowStateNormal
	if hidden {
		state = browser.WindowStateMinimized
	} else if err := t.setFrozen(ctx, false); err != nil {
		return err
	}
	window, err := call(ctx, t, browser.GetWindowForTarget, browser.GetWindowForTargetParams{})
	if err != nil {
		return err
	}
	_, err = call(ctx, t, browser.SetWindowBounds, browser.SetWindowBoundsParams{WindowID: window.WindowID, Bounds: &browser.Bounds{WindowState: state}})
	return err
}

// setFrozen freezes a hidden tab or thaws it.
func (t *chromiumTab) setFrozen(ctx context.Context, frozen bool) error {
	state := page.SetWebLifecycleStateStateActive
	if frozen {
		state = page.SetWebLifecycleStateStateFrozen
	}
	_, err := call(ctx, t, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: state})
	return err
}

func (t *chromiumTab) close() error {
	t.cancel()
	return nil
}

func (t *chromiumTab) evaluate(ctx context.Context, d document, script string) (json.RawMessage, error) {
	id, err := t.context(ctx, d)
	if err != nil {
		return nil, err
	}
	value, err := t.evaluateIn(ctx, id, script)
	if err != nil && strings.Contains(err.Error(), "uniqueContextId not found") {
		return nil, errNoFrame // the document has just gone
	}
	return value, err
}

func (t *chromiumTab) evaluateIn(ctx context.Context, id, script string) (json.RawMessage, error) {
	answer, err := call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{
		Expression: script, UniqueContextID: id, AwaitPromise: new(true), ReturnByValue: new(true),
	})
	if err != nil {
		return nil, err
	}
	return valueOf(answer.Result, answer.ExceptionDetails)
}

// valueOf returns the JSON form of a value. It returns the exception, if there is one.
func valueOf(value *runtime.RemoteObject, exception *runtime.ExceptionDetails) (json.RawMessage, error) {
	switch {
	case exception != nil && exception.Exception != nil:
		return nil, &scriptError{textOf(exception.Exception)}
	case exception != nil:
		return nil, &scriptError{(&chromedp.ExceptionError{ExceptionDetails: exception}).Error()}
	case len(value.Value) == 0:
		return nil, nil
	}
	return json.RawMessage(value.Value), nil
}

// context returns the unique ID of the execution context of a document.
func (t *chromiumTab) context(ctx context.Context, d document) (string, error) {
	t.mu.Lock()
	contexts := maps.Clone(t.contexts)
	t.mu.Unlock()
	top := cdp.FrameID(chromedp.FromContext(t.ctx).Target.TargetID)
	wanted := top
	if d.last {
		tree, err := call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return "", err
		}
		frames := tree.FrameTree.ChildFrames
		if len(frames) < 2 {
			return "", fmt.Errorf("%w: there are %d", errNoFrame, len(frames))
		}
		wanted = frames[len(frames)-1].Frame.ID
	}
	for id, frame := range contexts {
		if d.prefix == "" {
			if frame == wanted {
				return id, nil
			}
			continue
		}
		if frame == top {
			continue
		}
		var address string
		if value, err := t.evaluateIn(ctx, id, `location.href`); err != nil || json.Unmarshal(value, &address) != nil {
			continue // the frame has just gone
		}
		if strings.HasPrefix(address, d.prefix) {
			return id, nil
		}
	}
	return "", fmt.Errorf("%w: %s", errNoFrame, d.prefix)
}

func (t *chromiumTab) names(ctx context.Context, q query) ([]string, error) {
	nodes, err := t.nodes(ctx, q)
	names := make([]string, len(nodes))
	for i, n := range nodes {
		if n.Name != nil {
			err = errors.Join(err, json.Unmarshal([]byte(n.Name.Value), &names[i]))
		}
	}
	return names, err
}

func (t *chromiumTab) call(ctx context.Context, q query, function string) (json.RawMessage, error) {
	node, err := t.node(ctx, q)
	if err != nil {
		return nil, err
	}
	resolved, err := call(ctx, t, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node})
	if err != nil {
		return nil, err // the element has gone
	}
	answer, err := call(ctx, t, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: resolved.Object.ObjectID, AwaitPromise: new(true), ReturnByValue: new(true),
	})
	if err != nil {
		return nil, err
	}
	return valueOf(answer.Result, answer.ExceptionDetails)
}

func (t *chromiumTab) place(ctx context.Context, q query) (rect, error) {
	node, err := t.node(ctx, q)
	if err != nil {
		return rect{}, err
	}
	if _, err := call(ctx, t, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node}); err != nil {
		return rect{}, err
	}
	answer, err := call(ctx, t, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node})
	if err != nil || len(answer.Quads) == 0 || len(answer.Quads[0]) != 8 {
		return rect{}, errors.Join(err, errNoSpace)
	}
	q0 := answer.Quads[0] // the corners: top left, top right, bottom right, bottom left
	return rect{q0[0], q0[1], q0[4] - q0[0], q0[5] - q0[1]}, nil
}

func (t *chromiumTab) node(ctx context.Context, q query) (cdp.BackendNodeID, error) {
	nodes, err := t.nodes(ctx, q)
	if err != nil {
		return 0, err
	}
	if len(nodes) != 1 {
		return 0, countError(len(nodes))
	}
	return nodes[0].BackendDOMNodeID, nil
}

// nodes returns the nodes of the document's accessibility tree with the role and name. Hidden elements are not in the tree.
func (t *chromiumTab) nodes(ctx context.Context, q query) ([]*accessibility.Node, error) {
	document, err := t.object(ctx, q.in, `document`)
	if err != nil {
		return nil, err
	}
	answer, err := call(ctx, t, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: document, Role: q.role, AccessibleName: q.name})
	return slices.DeleteFunc(answer.Nodes, func(n *accessibility.Node) bool { return n.Ignored }), err
}

// object evaluates an expression whose value is an object, and returns its ID.
func (t *chromiumTab) object(ctx context.Context, d document, expression string) (runtime.RemoteObjectID, error) {
	id, err := t.context(ctx, d)
	if err != nil {
		return "", err
	}
	answer, err := call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, UniqueContextID: id})
	if err != nil || answer.ExceptionDetails != nil {
		return "", errors.Join(err, errNoFrame)
	}
	return answer.Result.ObjectID, nil
}

func (t *chromiumTab) choose(ctx context.Context, d document, selector string, paths []string) error {
	field, err := t.object(ctx, d, fmt.Sprintf(`document.querySelector(%q)`, selector))
	if err != nil {
		return err
	}
	if field == "" {
		return errNoValue
	}
	_, err = call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{ObjectID: field, Files: paths})
	return err
}
