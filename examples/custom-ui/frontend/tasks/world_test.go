package tasks_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/secret"
)

// english is a setting without any information from the product.
var english = tasks.Setting{Words: tasks.English()}

// world is a page with an in-memory host and backend.
type world struct {
	*tasks.Page
	t       *testing.T
	ctx     context.Context
	host    *bridgetest.Host
	direct  *bridge.Client
	backend *backend
	window  *window
}

// inWorld runs a test in a bubble. The backend has tasks of these names. The page is not open yet.
func inWorld(t *testing.T, names string, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		w := &world{t: t, ctx: host.Context(t), host: host, backend: newBackend(strings.Fields(names)...), window: newWindow()}
		host.Remote(tasks.RemoteKey, host.Verifier().Handler(w.backend.handler()))
		cache := bridge.NewTokenCache(bridge.TokenFunc(func(ctx context.Context, key string) (bridge.Token, error) {
			return hostToken(ctx, host, key)
		}))
		w.direct = host.Client(bridge.Direct(cache), bridge.WithFetcher(host.Fetcher()))
		// Only withProduct has realtime.
		host.On("subscribeRealtimeChannel", func(context.Context, json.RawMessage) (any, error) { return nil, &noSuchCommand })
		w.Page = tasks.New(w.window, w.direct, cache, english)
		test(t, w)
	})
}

// byEachWay runs a test with each way to send requests. The page is open.
func byEachWay(t *testing.T, names string, test func(t *testing.T, w *world, way tasks.Way)) {
	t.Helper()
	for _, way := range []tasks.Way{tasks.RequestRemote, tasks.InvokeRemote, tasks.Direct} {
		t.Run(way.String(), func(t *testing.T) {
			inWorld(t, names, func(t *testing.T, w *world) {
				w.open(way)
				test(t, w, way)
			})
		})
	}
}

// open opens the page with this way, and waits until nothing happens any more.
func (w *world) open(way tasks.Way) {
	w.Choose(w.ctx, way)
	w.begin(w.Run)
}

// begin starts an action of the user, and waits until nothing happens any more.
func (w *world) begin(action func(ctx context.Context)) {
	go action(w.ctx)
	synctest.Wait()
}

// wants compares what a person sees with these lines. window.text describes their form.
func (w *world) wants(want ...string) {
	w.t.Helper()
	synctest.Wait()
	if got := w.window.text(); got != strings.Join(want, "\n") {
		w.t.Errorf("the page shows\n%s\n\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// state returns what the page shows now.
func (w *world) state() tasks.State {
	synctest.Wait()
	return w.window.shown()
}

// summary returns the text with the number of done tasks.
func (w *world) summary() string { return english.Words.Summary(w.state()) }

// row returns the task's row.
func (w *world) row(id string) tasks.Row {
	w.t.Helper()
	rows := w.state().Rows
	i := slices.IndexFunc(rows, func(r tasks.Row) bool { return r.Task.ID == id })
	if i < 0 {
		w.t.Fatalf("the page has no task %q", id)
	}
	return rows[i]
}

// window is an in-memory screen. It moves the focus as a browser does.
type window struct {
	mu    sync.Mutex
	state tasks.State
	focus tasks.Place
	saved []string
	// revealed are the tasks whose rows the page has made visible.
	revealed []string
	draftsInMemory
}

func newWindow() *window { return &window{draftsInMemory: draftsInMemory{}} }

// draftsInMemory has the drafts by their keys.
type draftsInMemory map[string]string

func (d draftsInMemory) Draft(key string) string { return d[key] }

func (d draftsInMemory) KeepDraft(key, text string) {
	if d[key] = text; text == "" {
		delete(d, key)
	}
}

func (w *window) Show(s tasks.State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.Rows, s.Failures = slices.Clone(s.Rows), slices.Clone(s.Failures)
	// If a message that has the focus is replaced, the focus is lost.
	for _, f := range w.state.Failures {
		if !slices.ContainsFunc(s.Failures, func(g tasks.Failure) bool { return g.Number == f.Number }) {
			w.loseFocus(tasks.Place{Part: tasks.FailurePart, Of: f.Subject})
		}
	}
	for _, r := range w.state.Rows {
		if !slices.ContainsFunc(s.Rows, func(q tasks.Row) bool { return q.Task.ID == r.Task.ID }) {
			w.loseFocus(tasks.Place{Part: tasks.RowPart, Of: r.Task.ID})
		}
	}
	w.state = s
	if s.Reveal != "" {
		w.revealed = append(w.revealed, s.Reveal)
	}
	if s.Focus != (tasks.Place{}) {
		w.focus = s.Focus
	}
}

func (w *window) shown() tasks.State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

func (w *window) loseFocus(from tasks.Place) {
	if within(w.focus) == from {
		w.focus = tasks.Place{}
	}
}

// within returns the row of a row's control.
func within(p tasks.Place) tasks.Place {
	if p.Part == tasks.CheckboxPart || p.Part == tasks.DeletePart || p.Part == tasks.DetailsPart {
		p.Part = tasks.RowPart
	}
	return p
}

func (w *window) Focused() tasks.Place {
	w.mu.Lock()
	defer w.mu.Unlock()
	return within(w.focus)
}

func (w *window) Save(name string, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.saved = append(w.saved, fmt.Sprintf("%s: %q", name, data))
	return nil
}

// focusOn moves the focus as the user does.
func (w *window) focusOn(part tasks.Part, of string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.focus = tasks.Place{Part: part, Of: of}
}

func (w *window) focused() tasks.Place {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.focus
}

// text describes what a person sees: the status, the messages with their buttons, and the tasks as "[x] name", with the
// control in progress and the file.
func (w *window) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	lines := []string{"status: " + s.Status}
	for _, f := range s.Failures {
		line := "! " + f.Text
		for _, b := range []struct {
			name string
			is   bool
		}{{cmp.Or(f.RetryText, "Retry"), f.CanRetry}, {cmp.Or(f.DismissText, "Dismiss"), f.CanDismiss}, {"trying", f.Trying}} {
			if b.is {
				line += " <" + b.name + ">"
			}
		}
		lines = append(lines, line)
	}
	for _, r := range s.Rows {
		line := "[ ] " + r.Task.Name
		if r.Done {
			line = "[x] " + r.Task.Name
		}
		if r.Busy != tasks.None {
			line += " <" + [...]string{"", "Checkbox", "Delete", "Attach", "RemoveFile"}[r.Busy] + ">"
		}
		if r.Task.HasFile() {
			line += " + " + r.Task.File.Name
		}
		if r.Transfer.Direction != tasks.Nowhere {
			line += fmt.Sprintf(" %s %s %d", [...]string{"", "up", "down"}[r.Transfer.Direction], r.Transfer.Name, r.Transfer.Size)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// hostToken asks the host for a token, as bridge.HostTokens does in a page.
func hostToken(ctx context.Context, host *bridgetest.Host, key string) (bridge.Token, error) {
	answer, err := host.Call(ctx, bridge.Call{Command: "signInvocationTokenForUI", Payload: fmt.Appendf(nil, `{"remoteKey":%q}`, key)})
	if err != nil {
		return bridge.Token{}, err
	}
	var token struct {
		JWT, BaseURL string
		ExpiresAt    int64 `json:",string"`
	}
	err = json.Unmarshal(answer.Payload, &token)
	return bridge.Token{Value: secret.New(token.JWT), ExpiresAt: time.UnixMilli(token.ExpiresAt), BaseURL: token.BaseURL}, err
}

// product is an in-memory product page, with flags, dialogs, realtime and a router.
type product struct {
	mu sync.Mutex
	// flags are the visible flags by their titles, with the functions of their buttons. shown is the number of all
	// flags so far.
	flags map[string]func()
	ids   map[string]string
	shown int
	// opened has the options of the last dialog. closed reports to its opener that it is closed.
	opened string
	closed func(arguments ...any)
	// hears are the callbacks of the channels.
	hears map[int]func(arguments ...any)
	last  int
	// gone lists the targets of the router.
	gone []string
}

// withProduct adds a product page to the host.
func withProduct(host *bridgetest.Host) *product {
	p := &product{flags: map[string]func(){}, ids: map[string]string{}, hears: map[int]func(...any){}}
	locked := func(f func()) {
		p.mu.Lock()
		defer p.mu.Unlock()
		f()
	}
	host.OnWithFunctions("showFlag", func(_ context.Context, payload json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		var in struct {
			ID, Title string
			Actions   []struct{ Text string }
		}
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		locked(func() {
			title := in.Title + " [" + in.Actions[0].Text + "]"
			p.shown++
			p.ids[in.ID] = title
			p.flags[title] = func() { callbacks["actions.0.onClick"]() }
		})
		return true, nil
	})
	host.On("closeFlag", func(_ context.Context, payload json.RawMessage) (any, error) {
		var in struct{ ID string }
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		locked(func() {
			delete(p.flags, p.ids[in.ID])
			delete(p.ids, in.ID)
		})
		return true, nil
	})
	host.OnWithFunctions("openModal", func(_ context.Context, payload json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		var in struct {
			Title   string
			Context json.RawMessage
		}
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		locked(func() { p.opened, p.closed = in.Title+" "+string(in.Context), callbacks["onClose"] })
		return true, nil
	})
	host.OnWithFunctions("subscribeRealtimeChannel", func(_ context.Context, payload json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		if string(payload) != `{"channelName":"tasks","isGlobal":true}` {
			return nil, fmt.Errorf("subscribed to %s", payload)
		}
		n := 0
		locked(func() {
			p.last++
			n = p.last
			p.hears[n] = callbacks["onEvent"]
		})
		leave := func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) {
			locked(func() { delete(p.hears, n) })
			return nil, nil
		}
		return bridgetest.Object{Methods: map[string]bridgetest.Function{"unsubscribe": leave}}, nil
	})
	host.On("publishRealtimeChannel", func(_ context.Context, payload json.RawMessage) (any, error) {
		var in struct{ EventPayload json.RawMessage }
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		p.publish(in.EventPayload)
		return map[string]any{"eventId": "1", "eventTimestamp": "1"}, nil
	})
	host.On("navigate", func(_ context.Context, payload json.RawMessage) (any, error) {
		locked(func() { p.gone = append(p.gone, string(payload)) })
		return nil, nil
	})
	return p
}

// publish sends this message to all subscribers.
func (p *product) publish(arguments ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, hear := range p.hears {
		hear(arguments...)
	}
}

// listeners returns the number of subscribers.
func (p *product) listeners() int {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.hears)
}

// shownFlags returns the visible flags.
func (p *product) shownFlags() string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(slices.Sorted(maps.Keys(p.flags)), ", ")
}

// press presses a flag's button this many times.
func (p *product) press(flag string, times int) {
	p.mu.Lock()
	press := p.flags[flag]
	p.mu.Unlock()
	for range times {
		press()
	}
}

// files serves the page's translations as the product does.
type files struct{ broken bool }

func (f files) Fetch(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	name, ok := strings.CutPrefix(r.URL, "./__LOCALES__/")
	text := []byte(`{"config":{"locales":["en-US","de-DE"],"fallback":{"default":"en-US"}}}`)
	var err error
	if name != "i18n-info.json" {
		text, err = os.ReadFile("../../locales/" + name)
	}
	if !ok || err != nil || f.broken {
		return bridge.FetchResponse{}, errors.Join(bridge.ErrNetwork, err)
	}
	return bridge.FetchResponse{Status: 200, Body: io.NopCloser(strings.NewReader(string(text)))}, nil
}
