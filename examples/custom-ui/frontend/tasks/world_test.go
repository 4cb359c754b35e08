package tasks_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
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
		cache := bridge.NewTokenCache(bridge.HostTokens())
		w.direct = host.Client(bridge.WithDirect(cache), bridge.WithFetcher(host.Fetcher()))
		host.Fail("subscribeRealtimeChannel", bridgetest.Reject(&noSuchCommand))
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

// withRealtime gives the product realtime. Without it, the page follows the backend's events.
func (w *world) withRealtime() { w.host.Heal("subscribeRealtimeChannel") }

// publish sends a message to all windows, as another window does.
func (w *world) publish(message any) {
	w.t.Helper()
	if _, err := realtime.PublishGlobal(w.host.Window("another").Context(w.t), "tasks", message); err != nil {
		w.t.Error(err)
	}
}

// flags returns the flags that are shown, such as "Deleted “a” [Undo]".
func (w *world) flags() string {
	synctest.Wait()
	var all []string
	for _, f := range w.host.Flags() {
		all = append(all, fmt.Sprint(f.Title, " ", f.Actions))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// undo presses Undo in the flag of a deleted task.
func (w *world) undo(name string) {
	w.t.Helper()
	i := slices.IndexFunc(w.host.Flags(), func(f *bridgetest.Flag) bool { return f.Title == "Deleted “"+name+"”" })
	if i < 0 {
		w.t.Fatalf("there is no flag of %s; there is %s", name, w.flags())
	}
	w.host.Flags()[i].Click("Undo")
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
