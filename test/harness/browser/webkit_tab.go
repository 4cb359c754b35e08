package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// webkitSession is a session of a driver. It has one current window and one current frame, so it does one thing at a time.
type webkitSession struct {
	webdriver
	browser *webkit
	process *webkitProcess

	mu      sync.Mutex
	current string
	windows int
}

// webkitTab is a window of WebKit.
type webkitTab struct {
	scripted
	session *webkitSession
	handle  string
	closed  bool
	// messages holds the collected messages.
	messages []Message
}

func newWebkitTab(s *webkitSession, handle string) *webkitTab {
	t := &webkitTab{session: s, handle: handle}
	t.scripted = scripted{t.evaluate, t.around}
	return t
}

// enter takes the session for this window until leave is called. The current frame is the page's own document.
func (t *webkitTab) enter(ctx context.Context) (leave func(), err error) {
	s := t.session
	s.mu.Lock()
	if s.current != t.handle {
		err = s.command(ctx, "POST", "/window", map[string]any{"handle": t.handle}, nil)
	} else {
		err = s.command(ctx, "POST", "/frame", map[string]any{"id": nil}, nil)
	}
	if err != nil {
		s.current = ""
		s.mu.Unlock()
		return nil, err
	}
	s.current = t.handle
	return s.mu.Unlock, nil
}

// do runs a command in the page's own document.
func (t *webkitTab) do(ctx context.Context, method, path string, params, out any) error {
	leave, err := t.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return t.session.command(ctx, method, path, params, out)
}

func (t *webkitTab) navigate(ctx context.Context, address string) error {
	_ = t.collect(ctx) // a page that is busy or crashed can be left, too
	return t.do(ctx, "POST", "/url", map[string]any{"url": address}, nil)
}

func (t *webkitTab) reload(ctx context.Context) error {
	_ = t.collect(ctx)
	return t.do(ctx, "POST", "/refresh", nil, nil)
}

func (t *webkitTab) evaluate(ctx context.Context, d document, script string) (json.RawMessage, error) {
	leave, err := t.enter(ctx)
	if err != nil {
		return nil, noFrame(err)
	}
	defer leave()
	if _, err := t.session.enterFrame(ctx, d); err != nil {
		return nil, err
	}
	return t.session.execute(ctx, script)
}

// execute evaluates a script in the current frame.
func (s *webkitSession) execute(ctx context.Context, script string) (json.RawMessage, error) {
	// The driver calls the script as the body of a function. An expression must be returned, and statements must not.
	const form = RecordConsole + `return (async () => {
		try {
			const value = await (async () => { %s })();
			return JSON.stringify(value === undefined ? {} : { value });
		} catch (e) {
			return JSON.stringify({ error: String(e) });
		}
	})()`
	var text string
	err := s.command(ctx, "POST", "/execute/sync", map[string]any{"script": fmt.Sprintf(form, "return (\n"+script+"\n)"), "args": []any{}}, &text)
	if failed := new(webdriverError); errors.As(err, &failed) && failed.Code == "javascript error" {
		err = s.command(ctx, "POST", "/execute/sync", map[string]any{"script": fmt.Sprintf(form, script+"\n"), "args": []any{}}, &text)
		if errors.As(err, &failed) && failed.Code == "javascript error" {
			return nil, &scriptError{failed.Message}
		}
	}
	if err != nil {
		return nil, noFrame(err)
	}
	var result struct {
		Value json.RawMessage
		Error *string
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		return nil, err
	}
	if result.Error != nil {
		return nil, &scriptError{*result.Error}
	}
	return result.Value, nil
}

// noFrame returns an error that wraps errNoFrame if the document has gone.
func noFrame(err error) error {
	if failed := new(webdriverError); errors.As(err, &failed) && strings.HasPrefix(failed.Code, "no such") {
		return fmt.Errorf("%w: %w", errNoFrame, err)
	}
	return err
}

// enterFrame makes a document of the current window the current frame. It returns the numbers of the iframes on the way.
func (s *webkitSession) enterFrame(ctx context.Context, d document) ([]int, error) {
	if d.isTop() {
		return nil, nil
	}
	if d.last {
		var n int
		if err := s.number(ctx, &n); err != nil {
			return nil, err
		}
		if n < 2 {
			return nil, fmt.Errorf("%w: there are %d", errNoFrame, n)
		}
		return []int{n - 1}, s.frame(ctx, n-1)
	}
	path, err := s.search(ctx, nil, d.prefix)
	if err == nil && path == nil {
		err = fmt.Errorf("%w: %s", errNoFrame, d.prefix)
	}
	return path, err
}

func (s *webkitSession) frame(ctx context.Context, n int) error {
	return noFrame(s.command(ctx, "POST", "/frame", map[string]any{"id": n}, nil))
}

// number sets n to the number of iframes in the current frame.
func (s *webkitSession) number(ctx context.Context, n *int) error {
	value, err := s.execute(ctx, `window.length`)
	if err != nil {
		return err
	}
	return json.Unmarshal(value, n)
}

// follow enters an iframe by the numbers of the iframes on the way from the page's own document. It does not use the command for
// the parent frame: after that, the keys of WebKit are lost.
func (s *webkitSession) follow(ctx context.Context, path []int) error {
	if err := s.command(ctx, "POST", "/frame", map[string]any{"id": nil}, nil); err != nil {
		return noFrame(err)
	}
	for _, n := range path {
		if err := s.frame(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// search enters the iframe whose address starts with prefix, below the iframe at path. If there is none, it returns nil.
func (s *webkitSession) search(ctx context.Context, path []int, prefix string) ([]int, error) {
	var n int
	if err := s.number(ctx, &n); err != nil {
		return nil, err
	}
	for i := range n {
		inner := append(path[:len(path):len(path)], i)
		if err := s.follow(ctx, inner); err != nil {
			return nil, err
		}
		var address string
		value, err := s.execute(ctx, `location.href`)
		if err == nil {
			err = json.Unmarshal(value, &address)
		}
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(address, prefix) {
			return inner, nil
		}
		if found, err := s.search(ctx, inner, prefix); err != nil || found != nil {
			return found, err
		}
	}
	return nil, nil
}

// around implements [scripted.frame].
func (t *webkitTab) around(ctx context.Context, d document) (evaluator, string, error) {
	leave, err := t.enter(ctx)
	if err != nil {
		return nil, "", err
	}
	defer leave()
	path, err := t.session.enterFrame(ctx, d)
	if err != nil {
		return nil, "", err
	}
	last := len(path) - 1
	parent := func(ctx context.Context, script string) (json.RawMessage, error) {
		leave, err := t.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		if err := t.session.follow(ctx, path[:last]); err != nil {
			return nil, err
		}
		return t.session.execute(ctx, script)
	}
	return parent, fmt.Sprintf(`[...document.querySelectorAll("iframe")].find((e) => e.contentWindow === window[%d])`, path[last]), nil
}

// everywhere evaluates a script in each document and calls do with its value.
func (t *webkitTab) everywhere(ctx context.Context, script string, do func(value json.RawMessage, path []int)) error {
	leave, err := t.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	var visit func(path []int) error
	visit = func(path []int) error {
		if err := t.session.follow(ctx, path); err != nil {
			return err
		}
		value, err := t.session.execute(ctx, script)
		if err != nil {
			return err
		}
		do(value, path)
		var n int
		if err := t.session.number(ctx, &n); err != nil {
			return err
		}
		for i := range n {
			if err := visit(append(path[:len(path):len(path)], i)); err != nil && !errors.Is(err, errNoFrame) {
				return err // a document that has just gone is left out
			}
		}
		return nil
	}
	return visit(nil)
}

func (t *webkitTab) choose(ctx context.Context, d document, selector string, paths []string) error {
	leave, err := t.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if _, err := t.session.enterFrame(ctx, d); err != nil {
		return err
	}
	var element map[string]string
	if err := t.session.command(ctx, "POST", "/element", map[string]any{"using": "css selector", "value": selector}, &element); err != nil {
		return noFrame(err)
	}
	for _, id := range element {
		return t.session.command(ctx, "POST", "/element/"+id+"/value", map[string]any{"text": strings.Join(paths, "\n")}, nil)
	}
	return errNoValue
}

func (t *webkitTab) setOffline(context.Context, bool) error {
	return needsProtocol(WebKit, "take the network from a page")
}

func (t *webkitTab) setHidden(ctx context.Context, hidden bool) error {
	if hidden {
		return t.do(ctx, "POST", "/window/minimize", nil, nil)
	}
	return t.setSize(ctx, tabWidth, tabHeight)
}

func (t *webkitTab) screenshot(ctx context.Context) ([]byte, error) {
	var data string
	if err := t.do(ctx, "GET", "/screenshot", nil, &data); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(data)
}

// setSize sets the size of the page. The size of the window includes what is around it.
func (t *webkitTab) setSize(ctx context.Context, width, height int) error {
	ctx, cancel := context.WithTimeout(ctx, patience) // the browser has only just started
	defer cancel()
	var now struct{ W, H, OuterW, OuterH int }
	read := func(ctx context.Context) error {
		value, err := t.evaluate(ctx, document{}, `({ w: innerWidth, h: innerHeight, outerW: outerWidth, outerH: outerHeight })`)
		if err != nil {
			return err
		}
		return json.Unmarshal(value, &now)
	}
	if err := read(ctx); err != nil {
		return err
	}
	// A new window may still change by itself, so say the size again until it stays. The driver may also wait for a change that
	// has already happened.
	err := wait(ctx, func() bool {
		ctx, cancel := context.WithTimeout(ctx, attempt)
		defer cancel()
		size := map[string]any{"width": now.OuterW + width - now.W, "height": now.OuterH + height - now.H}
		_ = t.do(ctx, "POST", "/window/rect", size, nil)
		return read(ctx) == nil && now.W == width && now.H == height
	})
	if err != nil {
		return fmt.Errorf("the page has %d × %d pixels, and not %d × %d: %w", now.W, now.H, width, height, err)
	}
	return nil
}

func (t *webkitTab) leave(context.Context) (bool, error) {
	return false, needsProtocol(WebKit, "close a page as a user does")
}

func (t *webkitTab) at(ctx context.Context, when time.Time) error {
	return setTime(ctx, when, func(ctx context.Context, script string) (json.RawMessage, error) {
		return nil, t.everywhere(ctx, script, func(json.RawMessage, []int) {})
	})
}

func (t *webkitTab) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	s := t.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	s.windows--
	if s.windows > 0 {
		err := s.command(ctx, "POST", "/window", map[string]any{"handle": t.handle}, nil)
		s.current = ""
		if err != nil {
			return err
		}
		return s.command(ctx, "DELETE", "/window", nil, nil)
	}
	if err := s.command(ctx, "DELETE", "", nil, nil); err != nil {
		return err // the driver is not used again, and ends with the browser
	}
	s.browser.give(s.process)
	return nil
}

func (t *webkitTab) requests(ctx context.Context) ([]string, error) {
	var all []string
	err := t.everywhere(ctx, `[location.href, ...performance.getEntriesByType("resource").map((e) => e.name)]`, func(value json.RawMessage, _ []int) {
		var addresses []string
		_ = json.Unmarshal(value, &addresses)
		all = append(all, addresses...)
	})
	return all, err
}
