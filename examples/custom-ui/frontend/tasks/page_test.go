package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

const (
	unreachable = "The task service could not be reached. It may be down. Try again in a moment."
	oneMS       = " in 1 ms."
)

func TestLoad(t *testing.T) {
	cases := []struct{ names, status, summary string }{
		{"", "Loaded 0 tasks by requestRemote in 2000 ms.", ""},
		{"a", "Loaded 1 task by requestRemote in 2000 ms.", "1 of 1 done"},
		{"a b", "Loaded 2 tasks by requestRemote in 2000 ms.", "1 of 2 done"},
	}
	for _, c := range cases {
		t.Run(c.status, func(t *testing.T) {
			inWorld(t, c.names, func(t *testing.T, w *world) {
				if c.names != "" {
					w.backend.tasks[0].Done = true
				}
				w.host.Delay(tasks.RemoteKey, 2*time.Second)
				w.open(tasks.RequestRemote)
				if s := w.state(); !s.Loading || s.Loaded || s.IsEmpty() || s.Status != "Loading tasks…" || s.Live != tasks.NotLive {
					t.Errorf("during the load the state is %+v; want Loading and NotLive", s)
				}
				w.host.Heal(tasks.RemoteKey)
				time.Sleep(2 * time.Second)
				s := w.state()
				if s.Loading || !s.Loaded || s.IsEmpty() != (c.names == "") || s.Status != c.status || s.Words.Summary(s) != c.summary {
					t.Errorf("after the load the state is %+v with the summary %q; want %q and %q", s, s.Words.Summary(s), c.status, c.summary)
				}
				if s.Live != tasks.Live || s.DirectNote != "" {
					t.Errorf("the list is %v with the note %q; want Live without a note", s.Live, s.DirectNote)
				}
			})
		})
	}
}

func TestLoadFails(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
		w.open(tasks.RequestRemote)
		message := "! The tasks could not be loaded. " + unreachable + " <Retry>"
		w.wants("status: ", message)
		if s := w.state(); s.Loading || s.Loaded {
			t.Errorf("the state is %+v; want neither Loading nor Loaded", s)
		}
		w.begin(func(ctx context.Context) { w.Add(ctx, "too early") })
		w.wants("status: ", message)
		if n := w.host.Count(tasks.RemoteKey); n != 1 {
			t.Errorf("%d requests were sent; want one", n)
		}

		w.window.focusOn(tasks.FailurePart, "the list")
		retry := func(ctx context.Context) { w.Retry(ctx, "the list") }
		w.begin(retry)
		w.wants("status: ", message)
		if at := w.window.focused(); at.Part != tasks.FailurePart {
			t.Errorf("after a second failure the focus is on %v; want its message", at)
		}

		w.host.Heal(tasks.RemoteKey)
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.begin(retry)
		w.wants("status: Loading tasks…", message+" <trying>")
		w.begin(retry) // a second press
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		w.wants("status: Loaded 1 task by requestRemote in 1000 ms.", "[ ] a")
		if at := w.window.focused(); at.Part != tasks.FormPart {
			t.Errorf("the focus is on %v; want the form", at)
		}
		lists := 0
		for _, call := range w.host.Calls() {
			if call.Command == "fetchRemote" {
				lists++
			}
		}
		if lists != 4 { // three tries, and once when the event stream was open
			t.Errorf("the tasks were loaded %d times; want 4", lists)
		}
	})
}

// TestBackendDoesNotAnswer checks that a backend that does not answer is given up. With invokeRemote, the platform does that.
func TestBackendDoesNotAnswer(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, way tasks.Way) {
		w.host.Fail(tasks.RemoteKey, bridgetest.Hang())
		w.begin(func(ctx context.Context) { w.Delete(ctx, "a") })
		after, want := 30*time.Second, "did not answer within 30 seconds. Try again."
		if way == tasks.InvokeRemote {
			after, want = 25*time.Second, "took too long to answer. Try again."
		}
		time.Sleep(after - time.Millisecond)
		if w.row("a").Busy != tasks.Delete {
			t.Error("the request ended too early")
		}
		time.Sleep(time.Millisecond)
		w.wants("status: ", "! Deleting “a” failed. The task service "+want+" <Retry> <Dismiss>", "[ ] a")
	})
}

// TestRateLimit checks that 500 calls in 25 seconds pass. The next change is rolled back, and works after that time.
func TestRateLimit(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.InvokeRemote) // two calls: the list is loaded again when the event stream is open
		w.host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
			return map[string]any{"success": true, "payload": map[string]any{"status": 204}}, nil
		})
		time.Sleep(5 * time.Second)
		for range 498 {
			if _, err := bridge.InvokeRemote(w.ctx, bridge.Request{Path: "/tasks"}); err != nil {
				t.Fatal(err)
			}
		}
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.wants("status: ", "! Completing “a” failed. Too many requests in a short time. Try again in 20 seconds. <Retry> <Dismiss>", "[ ] a")
		if n := w.host.Count("invoke"); n != 500 {
			t.Errorf("%d calls were sent; want 500", n)
		}
		time.Sleep(20 * time.Second)
		w.host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
			return map[string]any{"success": true, "payload": map[string]any{"status": 200, "body": tasks.Task{ID: "a", Name: "a", Done: true}}}, nil
		})
		w.begin(func(ctx context.Context) { w.Retry(ctx, "a") })
		w.wants("status: Completed “a” by invokeRemote"+oneMS, "[x] a")
	})
}

// TestClosedPageShowsNoErrors checks that a page that is closed shows no errors.
func TestClosedPageShowsNoErrors(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, _ tasks.Way) {
		w.host.Delay(tasks.RemoteKey, time.Second)
		ctx, leave := context.WithCancel(w.ctx)
		go w.SetDone(ctx, "a", true)
		time.Sleep(time.Second / 2)
		leave()
		if s := w.state(); len(s.Failures) != 0 || s.Rows[0].Done {
			t.Errorf("the state is %+v; want no failure, and the old task", s)
		}
	})
}

func TestDismiss(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.host.Fail("fetchRemote", bridgetest.Offline())
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		a := "! Completing “a” failed. " + unreachable + " <Retry> <Dismiss>"
		b := "! Deleting “b” failed. " + unreachable + " <Retry> <Dismiss>"
		w.wants("status: ", a, b, "[ ] a", "[ ] b")
		w.begin(func(ctx context.Context) { w.Delete(ctx, "a") }) // one message for each task
		w.wants("status: ", b, strings.Replace(a, "Completing", "Deleting", 1), "[ ] a", "[ ] b")
		w.Dismiss("b")
		w.wants("status: ", strings.Replace(a, "Completing", "Deleting", 1), "[ ] a", "[ ] b")
		if at := w.window.focused(); at.Part != tasks.FormPart {
			t.Errorf("the focus is on %v; want the form", at)
		}
		before := w.host.Count("fetchRemote")
		w.begin(func(ctx context.Context) { w.Retry(ctx, "b") })
		if w.host.Count("fetchRemote") != before {
			t.Error("Retry sent a request for a dismissed message")
		}
	})
}

// noSuchCommand is the error of a host that does not know a command.
var noSuchCommand = bridge.HostError{Name: "UnknownCommandError", Message: "no such command"}

// loadSetting returns the setting in a product with this context, and its host.
func loadSetting(t *testing.T, here string, pages files, fail ...string) (tasks.Setting, *bridgetest.Host) {
	host := bridgetest.NewHost(t)
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) { return json.RawMessage(here), nil })
	host.On("enableTheming", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	host.On("getUrl", func(_ context.Context, payload json.RawMessage) (any, error) {
		var target struct{ Target string }
		err := json.Unmarshal(payload, &target)
		return "https://example.atlassian.net/" + target.Target, err
	})
	for _, command := range fail {
		host.Fail(command, bridgetest.Reject(&noSuchCommand))
	}
	ctx := host.Context(t, bridge.WithFetcher(pages))
	return tasks.LoadSetting(ctx), host
}

func TestLoadSetting(t *testing.T) {
	const issue = `"extension":{"issue":{"key":"DEMO-1"},"project":{"key":"DEMO"}}`
	cases := []struct {
		name, here    string
		pages         files
		fail          []string
		language, say string
		where, url    string
		task          string
	}{
		{"an issue", `{"locale":"en-US",` + issue + `}`, files{}, nil, "en", "Tasks", "Issue DEMO-1", "https://example.atlassian.net/issue", ""},
		{"a space, in German", `{"locale":"de_DE","extension":{"space":{"key":"DEMO"}}}`, files{}, nil, "de", "Aufgaben", "Bereich DEMO", "https://example.atlassian.net/spaceView", ""},
		{"a page in Confluence", `{"extension":{"space":{"key":"DEMO"},"content":{"id":"1"}}}`, files{}, nil, "en", "Tasks", "Page in space DEMO", "https://example.atlassian.net/contentView", ""},
		{"a dialog", `{"locale":"en-GB","extension":{"modal":{"task":"7","way":2}}}`, files{}, nil, "en", "Tasks", "", "", "7"},
		{"a dialog of somebody else", `{"extension":{"modal":{"task":""}}}`, files{}, nil, "en", "Tasks", "", "", ""},
		{"nowhere", `{"locale":"de-DE","extension":{}}`, files{}, nil, "de", "Aufgaben", "", "", ""},
		{"an unknown locale", `{"locale":"tlh","extension":{}}`, files{}, nil, "en", "Tasks", "", "", ""},
		{"another language", `{"locale":"fr-FR","extension":{}}`, files{}, nil, "en", "Tasks", "", "", ""},
		{"no translations", `{"locale":"de-DE",` + issue + `}`, files{broken: true}, nil, "en", "Tasks", "Issue DEMO-1", "https://example.atlassian.net/issue", ""},
		{"no context", `{}`, files{}, []string{"getContext"}, "en", "Tasks", "", "", ""},
		{"no themes, no addresses", `{"locale":"de-DE",` + issue + `}`, files{}, []string{"enableTheming", "getUrl"}, "de", "Aufgaben", "Vorgang DEMO-1", "", ""},
		{"a context of another form", `{"locale":"de-DE","extension":{"issue":"DEMO-1","space":7,"modal":[]}}`, files{}, nil, "de", "Aufgaben", "", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, host := loadSetting(t, c.here, c.pages, c.fail...)
			if got.Words.Language() != c.language || got.Words.Text("page.title") != c.say {
				t.Errorf("the title is %q in %q; want %q in %q", got.Words.Text("page.title"), got.Words.Language(), c.say, c.language)
			}
			if got.Where.Text != c.where || got.Where.URL != c.url || got.Where.IsKnown() != (c.where != "") {
				t.Errorf("the place is %+v; want %q at %q", got.Where, c.where, c.url)
			}
			task := ""
			if got.Opened != nil {
				task = got.Opened.Task
			}
			if task != c.task || (got.Opened != nil) != (c.task != "") || task != "" && got.Opened.Way != tasks.Direct {
				t.Errorf("the dialog got %+v; want the task %q", got.Opened, c.task)
			}
			if host.Count("enableTheming") != 1 {
				t.Error("the page does not follow the theme")
			}
		})
	}
}

// TestSharedName checks that windows share something only if they show one site.
func TestSharedName(t *testing.T) {
	for here, want := range map[string]string{
		`{"cloudId":"site-1"}`:                        "tasks:events:site-1",
		`{"cloudId":"site-2","accountId":"somebody"}`: "tasks:events:site-2",
		`{"workspaceId":"workspace-1"}`:               "tasks:events:workspace-1",
		`{}`:                                          "",
	} {
		if s, _ := loadSetting(t, here, files{}); s.SharedName() != want {
			t.Errorf("%s: the name is %q, want %q", here, s.SharedName(), want)
		}
	}
	if s, _ := loadSetting(t, `{"cloudId":"site-1"}`, files{}, "getContext"); s.SharedName() != "" {
		t.Errorf("without a context, the name is %q", s.SharedName())
	}
}

// TestLoadSettingInTime checks that a product that does not answer delays the page by at most 10 seconds.
func TestLoadSettingInTime(t *testing.T) {
	for _, command := range []string{"getContext", "enableTheming", "getUrl"} {
		t.Run(command, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := bridgetest.NewHost(t)
				host.On("getContext", func(context.Context, json.RawMessage) (any, error) {
					return json.RawMessage(`{"extension":{"issue":{"key":"DEMO-1"}}}`), nil
				})
				if command != "getContext" {
					host.On(command, func(context.Context, json.RawMessage) (any, error) { return nil, nil })
				}
				host.Fail(command, bridgetest.Hang())
				start := time.Now()
				if got := tasks.LoadSetting(host.Context(t)); got.Words.Language() != "en" {
					t.Errorf("the language is %q; want en", got.Words.Language())
				}
				if took := time.Since(start); took > 10*time.Second {
					t.Errorf("LoadSetting took %v; want at most 10 seconds", took)
				}
			})
		})
	}
}

// TestGerman checks that the page's texts are German for a German user.
func TestGerman(t *testing.T) {
	german, _ := loadSetting(t, `{"locale":"de-DE","extension":{}}`, files{})
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.Page = tasks.New(w.window, w.direct, nil, german)
		w.open(tasks.RequestRemote)
		w.wants("status: 2 Aufgaben geladen (per requestRemote, 1 ms).", "[ ] a", "[ ] b")
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.wants("status: „a“ erledigt (per requestRemote, 1 ms).", "[x] a", "[ ] b")
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", false) })
		w.wants("status: „a“ wieder geöffnet (per requestRemote, 1 ms).", "[ ] a", "[ ] b")
		if got := german.Words.Summary(w.state()); got != "0 von 2 erledigt" {
			t.Errorf("the summary is %q", got)
		}
		w.backend.deleteSilently("a")
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.wants("status: ", "! „a“ konnte nicht geändert werden. Die Aufgabe oder ihre Datei gibt es nicht mehr; vielleicht wurde sie gelöscht. <Dismiss>", "[ ] b")
		w.Dismiss("a")
		w.host.Fail("fetchRemote", bridgetest.Status(503, `{"error":"Back in an hour"}`))
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "b", false) })
		w.wants("status: ", "! „b“ konnte nicht wieder geöffnet werden. Der Aufgabendienst meldet: Back in an hour. <Retry> <Dismiss>", "[ ] b")
	})
	for size, want := range map[int64]string{1: "1 Byte", 2: "2 Byte", 1536: "1,5 KB", 2 << 20: "2 MB", 10<<20 + 1: "10,1 MB"} {
		if got := german.Words.Size(size); got != want {
			t.Errorf("%d bytes are %q; want %q", size, got, want)
		}
	}
}

// TestOpenProductPage checks that the link opens the product's page, in this tab or a new one.
func TestOpenProductPage(t *testing.T) {
	here, _ := loadSetting(t, `{"extension":{"issue":{"key":"DEMO-1"}}}`, files{})
	inWorld(t, "", func(t *testing.T, w *world) {
		w.Page = tasks.New(w.window, w.direct, nil, here)
		if got := w.state().Where; got.IsKnown() {
			t.Errorf("before the page is shown its place is %v; want none", got)
		}
		w.begin(func(ctx context.Context) { w.OpenProductPage(ctx, false) })
		w.begin(func(ctx context.Context) { w.OpenProductPage(ctx, true) })
		if got, want := fmt.Sprint(w.host.Navigations()), `[{https://example.atlassian.net/browse/DEMO-1 false false} {https://example.atlassian.net/browse/DEMO-1 true false}]`; got != want {
			t.Errorf("the router opened %s; want %s", got, want)
		}
		w.host.Fail("navigate", bridgetest.Reject(&bridge.HostError{Message: "not today"}).Times(1))
		w.begin(func(ctx context.Context) { w.OpenProductPage(ctx, false) })
		w.wants("status: ", "! Issue DEMO-1 could not be opened. The request was not passed on: not today. <Retry> <Dismiss>")
		w.begin(func(ctx context.Context) { w.Retry(ctx, "the place") })
		w.wants("status: ")
		if gone := w.host.Navigations(); len(gone) != 3 {
			t.Errorf("the router opened %v; want three targets", gone)
		}
	})
}

// TestReport checks that an error that no action expected is shown.
func TestReport(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.Report(w.ctx, errors.New("a bug"))
		w.wants("status: ", "! Something went wrong: a bug. <Dismiss>", "[ ] a")
		w.Dismiss("the program")
		w.wants("status: ", "[ ] a")
	})
}
