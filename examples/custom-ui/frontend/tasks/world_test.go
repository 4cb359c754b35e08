package tasks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/examples/custom-ui/frontend/taskshttp"
)

// english is a setting without any information from the product.
var english = tasks.Setting{Words: tasks.English()}

// world is a page with an in-memory host and backend.
type world struct {
	*tasks.Page
	t       *testing.T
	ctx     context.Context
	host    *bridgetest.Host
	client  *bridge.Client
	backend *backend
	window  *window
	senders tasks.Senders
}

// overEach runs a test in a bubble with each kind of senders. The backend has tasks of these names. The page is not
// open yet.
func overEach(t *testing.T, names string, test func(t *testing.T, w *world)) {
	t.Helper()
	for name, senders := range map[string]func(client, direct *bridge.Client) tasks.Senders{
		"bridge":      tasks.Bridge,
		"http.Client": taskshttp.Senders,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := bridgetest.NewHost(t)
				client := host.Client()
				w := &world{t: t, ctx: bridge.NewContext(t.Context(), client), host: host, client: client, backend: newBackend(strings.Fields(names)...), window: newWindow()}
				host.Remote(tasks.RemoteKey, host.Verifier().Handler(w.backend.handler()))
				cache := bridge.NewTokenCache(bridge.TokenFunc(func(ctx context.Context, key string) (bridge.Token, error) {
					return hostToken(ctx, host, key)
				}))
				direct := host.Client(bridge.Direct(cache, bridge.WithFetcher(host.Fetcher())))
				w.senders = senders(w.client, direct)
				w.Page = tasks.New(w.window, w.senders, cache, english)
				test(t, w)
			})
		})
	}
}

// byEachWay runs a test with each kind of senders and each way. The page is open.
func byEachWay(t *testing.T, names string, test func(t *testing.T, w *world, way tasks.Way)) {
	t.Helper()
	for _, way := range []tasks.Way{tasks.RequestRemote, tasks.InvokeRemote, tasks.Direct} {
		t.Run(way.String(), func(t *testing.T) {
			overEach(t, names, func(t *testing.T, w *world) {
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
		w.t.Errorf("the page shows\n%s\n\nand not\n%s", got, strings.Join(want, "\n"))
	}
}

// state returns what the page shows now.
func (w *world) state() tasks.State {
	synctest.Wait()
	w.window.mu.Lock()
	defer w.window.mu.Unlock()
	return w.window.state
}

// summary returns the text with the number of done tasks.
func (w *world) summary() string { return english.Words.Summary(w.state()) }

// row returns the task's row.
func (w *world) row(id string) tasks.Row {
	w.t.Helper()
	rows := w.state().Rows
	i := slices.IndexFunc(rows, func(r tasks.Row) bool { return r.Task.ID == id })
	if i < 0 {
		w.t.Fatalf("there is no task %q", id)
	}
	return rows[i]
}

// window is an in-memory screen. It moves the focus as a browser does.
type window struct {
	mu    sync.Mutex
	state tasks.State
	focus tasks.Place
	saved []string
}

func newWindow() *window { return &window{} }

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
	if s.Focus != (tasks.Place{}) {
		w.focus = s.Focus
	}
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

func (w *window) Save(name string, data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.saved = append(w.saved, fmt.Sprintf("%s: %q", name, data))
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
		}{{"Retry", f.CanRetry}, {"Dismiss", f.CanDismiss}, {"trying", f.Trying}} {
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
	return bridge.Token{Value: bridge.NewSecret(token.JWT), ExpiresAt: time.UnixMilli(token.ExpiresAt), BaseURL: token.BaseURL}, err
}
