package bridgetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
	"github.com/forgego/forgego/internal/weburl"
)

// historyEntry is an entry of a window's history. Its JSON is a location of the app.
type historyEntry struct {
	Pathname string          `json:"pathname"`
	Search   string          `json:"search"`
	Hash     string          `json:"hash"`
	State    json.RawMessage `json:"state,omitempty"`
	Key      string          `json:"key"`
}

func (e historyEntry) address() string { return e.Pathname + e.Search + e.Hash }

// history holds the entries of a window, which its histories share. The host's lock guards it.
type history struct {
	entries []historyEntry
	index   int
	open    []*appHistory
}

// appHistory is what createHistory has returned.
type appHistory struct {
	window    *Window
	listeners []*historyListener
	blocks    []*historyBlock
}

type historyListener struct{ call func(...any) *Reply }

type historyBlock struct{ prompt json.RawMessage }

func newHistory() history { return history{entries: []historyEntry{{Pathname: "/", Key: "first"}}} }

func (h *history) at() historyEntry { return h.entries[h.index] }

// Location returns where the app is by the history of view.NewHistory, such as "/tasks/7?tab=notes".
func (w *Window) Location() string {
	w.host.mu.Lock()
	defer w.host.mu.Unlock()
	return w.history.at().address()
}

// Go goes n entries forward in the window's history, or back if n is negative, as the user does by the browser's buttons. It
// does nothing beyond the ends, or if the app has blocked it.
func (w *Window) Go(n int) error { return w.pop(n) }

func createHistory(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
	if w.dialog != nil {
		return nil, refuse("NO_HISTORY", "The host in memory has a history for the page of a module only, not for a modal.")
	}
	a := &appHistory{window: w}
	h := w.host
	h.mu.Lock()
	defer h.mu.Unlock()
	w.history.open = append(w.history.open, a)
	return Object{
		Value: map[string]any{"action": "POP", "length": len(w.history.entries), "location": w.history.at()},
		Methods: map[string]Function{
			"push":      a.mover("PUSH"),
			"replace":   a.mover("REPLACE"),
			"go":        goer(w, func(list arguments) int { return number(list.at(0)) }),
			"goBack":    goer(w, func(arguments) int { return -1 }),
			"goForward": goer(w, func(arguments) int { return 1 }),
			"createHref": func(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
				to, err := a.resolve(argumentsOf(payload).at(0), nil)
				return "#" + to.address(), err
			},
			"listen": a.listen,
			"block":  a.block,
		},
	}, nil
}

func goer(w *Window, steps func(arguments) int) Function {
	return func(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
		return nil, w.pop(steps(argumentsOf(payload)))
	}
}

// number returns a number of steps. Anything but a whole number counts as 0.
func number(raw json.RawMessage) (n int) {
	_ = json.Unmarshal(raw, &n)
	return n
}

func (a *appHistory) mover(action string) Function {
	return func(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
		list := argumentsOf(payload)
		to, err := a.resolve(list.at(0), list.at(1))
		if err != nil {
			return nil, err
		}
		return nil, a.move(action, to)
	}
}

// resolve returns the location that the arguments of push and replace mean.
func (a *appHistory) resolve(to, state json.RawMessage) (historyEntry, error) {
	h := a.window.host
	h.mu.Lock()
	here := a.window.history.at()
	h.mu.Unlock()
	var path string
	if json.Unmarshal(to, &path) != nil || len(to) == 0 || to[0] != '"' {
		parts := membersOf(to)
		state, path = parts["state"], here.Pathname
		if pathname := parts["pathname"]; !jsvalue.IsNullish(pathname) {
			path = jsvalue.String(pathname)
		}
		path += marked(parts["search"], "?") + marked(parts["hash"], "#")
	}
	reference, fragment, _ := strings.Cut(path, "#")
	// A URL needs an origin. Two slashes at the start of a path would begin a host name.
	if strings.HasPrefix(strings.ReplaceAll(reference, `\`, "/"), "//") {
		reference = "/." + reference
	}
	current, err := weburl.Parse("http://app" + here.Pathname + here.Search)
	if err != nil {
		return historyEntry{}, err // cannot happen: it was parsed before
	}
	u, err := current.Parse(reference)
	if err != nil || u.Origin() != current.Origin() {
		return historyEntry{}, refuse(invalidRequest, "The history of the app cannot go to \"%s\". It accepts only paths.", path)
	}
	e := historyEntry{Pathname: u.Path, Search: u.Query, State: slices.Clone(state), Key: rand.Text()[:8]}
	if fragment != "" {
		e.Hash = "#" + escapeFragment(fragment)
	}
	return e, nil
}

// marked returns a query or a fragment with its mark, or "".
func marked(raw json.RawMessage, mark string) string {
	text := jsvalue.String(raw)
	switch {
	case len(raw) == 0, text == "", text == mark:
		return ""
	case strings.HasPrefix(text, mark):
		return text
	}
	return mark + text
}

// move carries out push or replace, unless a block forbids it.
func (a *appHistory) move(action string, to historyEntry) error {
	h, w := a.window.host, a.window
	h.mu.Lock()
	blocks := slices.Clone(a.blocks)
	h.mu.Unlock()
	if yes, err := h.allowed(blocks); err != nil || !yes {
		return err
	}
	h.mu.Lock()
	if action == "PUSH" {
		w.history.index++
		w.history.entries = append(w.history.entries[:w.history.index:w.history.index], to)
	} else {
		w.history.entries = slices.Clone(w.history.entries)
		w.history.entries[w.history.index] = to
	}
	listeners := slices.Clone(a.listeners)
	h.mu.Unlock()
	for _, l := range listeners {
		l.call(to, action)
	}
	return nil
}

// pop goes to another entry, unless a block forbids it.
func (w *Window) pop(steps int) error {
	h := w.host
	target := func() (int, bool) {
		i := w.history.index + steps
		return i, steps != 0 && i >= 0 && i < len(w.history.entries)
	}
	h.mu.Lock()
	_, exists := target()
	var blocks []*historyBlock
	for _, a := range w.history.open {
		blocks = append(blocks, a.blocks...)
	}
	h.mu.Unlock()
	if !exists {
		return nil
	}
	if yes, err := h.allowed(blocks); err != nil || !yes {
		return err
	}
	h.mu.Lock()
	i, exists := target() // the user may have taken time to answer
	if exists {
		w.history.index = i
	}
	at := w.history.at()
	var listeners []*historyListener
	for _, a := range w.history.open {
		listeners = append(listeners, a.listeners...)
	}
	h.mu.Unlock()
	if exists {
		for _, l := range listeners {
			l.call(at, "POP")
		}
	}
	return nil
}

// allowed reports whether all blocks allow a step. A block with a text asks the user.
func (h *Host) allowed(blocks []*historyBlock) (bool, error) {
	for _, b := range blocks {
		var text string
		yes := len(b.prompt) > 0 && string(b.prompt) != "false"
		if len(b.prompt) > 0 && b.prompt[0] == '"' && json.Unmarshal(b.prompt, &text) == nil {
			var err error
			if yes, err = h.ask(text, ""); err != nil {
				return false, err
			}
		}
		if !yes {
			return false, nil
		}
	}
	return true, nil
}

func (a *appHistory) listen(_ context.Context, _ json.RawMessage, callbacks Callbacks) (any, error) {
	call := callbacks["0"]
	if call == nil {
		return nil, refuse(invalidRequest, "history.listen needs a function.")
	}
	h, l := a.window.host, &historyListener{call}
	h.mu.Lock()
	defer h.mu.Unlock()
	a.listeners = append(a.listeners, l)
	return Object{Methods: map[string]Function{"": method(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		a.listeners = without(a.listeners, l)
	})}}, nil
}

func (a *appHistory) block(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
	h, b := a.window.host, &historyBlock{slices.Clone(argumentsOf(payload).at(0))}
	h.mu.Lock()
	defer h.mu.Unlock()
	a.blocks = append(a.blocks, b)
	return Object{Methods: map[string]Function{"": method(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		a.blocks = without(a.blocks, b)
	})}}, nil
}

// without returns a copy of a list without an element.
func without[T comparable](list []T, element T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(other T) bool { return other == element })
}
