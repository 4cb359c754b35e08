package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/featureflags"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/view"
)

// titles returns the titles of the flags that are shown.
func titles(host *bridgetest.Host) (all []string) {
	for _, f := range host.Flags() {
		all = append(all, f.Title)
	}
	return all
}

// TestFlags checks the order of flags, and how they go away.
func TestFlags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		ctx := host.Context(t)
		show := func(f flag.Flag) *flag.Shown {
			t.Helper()
			shown, err := flag.Show(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			return shown
		}
		first := show(flag.Flag{ID: "a", Title: "first"})
		show(flag.Flag{ID: "b", Title: "second", Appearance: flag.Error})
		show(flag.Flag{ID: "c", Title: "third", AutoDismiss: true})
		if got := titles(host); !slices.Equal(got, []string{"third", "second", "first"}) {
			t.Errorf("shown are %q", got)
		}
		if f := host.Flags()[1]; f.Type != "error" || !f.Bold {
			t.Errorf("an appearance shows %+v", f)
		}
		show(flag.Flag{ID: "b", Title: "replaced"})
		if got := titles(host); !slices.Equal(got, []string{"third", "replaced", "first"}) {
			t.Errorf("after a replacement, shown are %q", got)
		}
		time.Sleep(time.Minute)
		if got := titles(host); !slices.Equal(got, []string{"replaced", "first"}) {
			t.Errorf("after a minute, shown are %q", got)
		}
		if err := first.Close(ctx); err != nil {
			t.Error(err)
		}
		if got := titles(host); !slices.Equal(got, []string{"replaced"}) {
			t.Errorf("after Close, shown are %q", got)
		}
	})
}

// TestClosedFlag checks that the buttons of a flag that was closed do nothing.
func TestClosedFlag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		clicks := 0
		ctx, cancel := context.WithCancel(host.Context(t))
		if _, err := flag.Show(ctx, flag.Flag{ID: "a", Actions: []flag.Action{{Text: "Undo", OnClick: func(context.Context) error { clicks++; return nil }}, {Text: "No"}}}); err != nil {
			t.Fatal(err)
		}
		f := host.Flags()[0]
		f.Click("Undo")
		f.Click("No")
		synctest.Wait()
		cancel()
		synctest.Wait()
		f.Click("Undo")
		synctest.Wait()
		if clicks != 1 {
			t.Errorf("the action ran %d times, want once", clicks)
		}
	})
}

// TestDialogs checks what the app gets from dialogs, and that nested ones close with their opener.
func TestDialogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		ctx := host.Context(t)
		host.OnDialog(func(d *bridgetest.Dialog) { d.Dismiss() })
		if _, err := modal.Ask[string](ctx, modal.Modal{}); !errors.Is(err, modal.ErrDismissed) {
			t.Errorf("a dismissed dialog returns %v", err)
		}
		host.OnDialog(nil)

		var closed []string
		open := func(ctx context.Context, name string) *bridgetest.Dialog {
			t.Helper()
			err := modal.Open(ctx, modal.Modal{Resource: name, Width: "50vw", KeepOnEscape: true}, modal.WithOnClose(func(_ context.Context, value json.RawMessage, _ error) error {
				closed = append(closed, name+" "+string(value))
				return nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			return host.Dialog(t)
		}
		outer := open(ctx, "outer")
		if outer.Resource != "outer" || outer.Size != "50vw" || !outer.KeepOnEscape || outer.KeepOnOverlayClick || string(outer.Context) != "{}" {
			t.Errorf("the dialog is %+v", outer)
		}
		inner := open(outer.Window().Context(t), "inner")
		if inner == outer || inner.Resource != "inner" {
			t.Errorf("the topmost dialog is %+v", inner)
		}
		outer.Submit(map[string]int{"a": 1})
		outer.Submit("again")
		synctest.Wait()
		if !slices.Equal(closed, []string{`outer {"a":1}`}) {
			t.Errorf("OnClose got %q: one that closes with its opener is not told", closed)
		}
		if _, err := view.GetContext(inner.Window().Context(t)); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("a page that is gone gets %v", err)
		}
		if _, err := view.NewHistory(open(ctx, "third").Window().Context(t)); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("a history in a dialog returns %v", err)
		}
		host.Window("").Close()
		synctest.Wait()
		if len(closed) != 1 {
			t.Errorf("OnClose got %q after the view was closed", closed)
		}
	})
}

// TestMisuseOfFlags checks that a test cannot press a button that is not there.
func TestMisuseOfFlags(t *testing.T) {
	for want, press := range map[string]func(*bridgetest.Flag){
		`has no button "Redo"`: func(f *bridgetest.Flag) { f.Click("Redo") },
		"not shown any more": func(f *bridgetest.Flag) {
			f.Dismiss()
			f.Click("Undo")
		},
	} {
		text := failure(t, func(tb testing.TB) {
			host := bridgetest.NewHost(tb)
			defer host.Close()
			if _, err := flag.Show(host.Context(t), flag.Flag{ID: "a", Actions: []flag.Action{{Text: "Undo"}}}); err != nil {
				t.Error(err)
			}
			press(host.Flags()[0])
		})
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q", text, want)
		}
	}
}

// failing records how a test fails.
type failing struct {
	testing.TB
	text string
}

func (f *failing) Helper() {}
func (f *failing) Fatal(args ...any) {
	f.text = fmt.Sprint(args...)
	panic(f)
}

// failure returns the text with which f fails its test.
func failure(t *testing.T, f func(testing.TB)) (text string) {
	t.Helper()
	tb := &failing{TB: t}
	defer func() {
		if r := recover(); r != nil && r != any(tb) {
			panic(r)
		}
		text = tb.text
	}()
	f(tb)
	return ""
}

func TestNoDialog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		start := time.Now()
		text := failure(t, func(t testing.TB) { host.Dialog(t) })
		if !strings.Contains(text, "opened no dialog within 10s") || time.Since(start) != 10*time.Second {
			t.Errorf("after %v: %q", time.Since(start), text)
		}
		host.Close()
		if text := failure(t, func(t testing.TB) { host.Dialog(t) }); !strings.Contains(text, "host is closed") {
			t.Errorf("of a closed host: %q", text)
		}
	})
}

// TestUnprepared checks that a command that needs the test says how to prepare it.
func TestUnprepared(t *testing.T) {
	host := bridgetest.NewHost(t)
	for call, want := range map[string]string{
		`fetchProduct {"product":"jira","restPath":"/rest/api/3/myself","fetchRequestInit":{}}`: `Host.Product("jira", …)`,
		`requestTeamworkGraph {"query":"query mine { a }"}`:                                     `Host.OnGraph("mine", …)`,
		`requestTeamworkGraph {"query":"{ a }"}`:                                                `Host.OnGraph("*", …)`,
		`fetchUserRecommendations {"query":"a"}`:                                                `Host.On("fetchUserRecommendations", …)`,
		`invoke {"functionKey":"f"}`:                                                            `Host.OnFunction`,
		`invoke {"invokeType":"ui-container-fetch","path":"/","method":"GET","headers":{}}`:     `Host.Service`,
		`fetchRemote {"remoteKey":"r","fetchRequestInit":{"path":"/"}}`:                         `Host.Remote`,
		`navigate {"url":"https://example.com/"}`:                                               `Host.OnQuestion`,
		`other {}`: `Host.On`,
	} {
		name, payload, _ := strings.Cut(call, " ")
		if _, err := host.Call(t.Context(), bridge.Call{Command: name, Payload: []byte(payload)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want that it names %s", call, err, want)
		}
	}
	if _, err := i18n.GetTranslations(host.Context(t), "de-DE"); !errors.Is(err, i18n.ErrUnavailable) {
		t.Errorf("translations: %v", err)
	}
	dispatch, err := view.GetFrameDispatch(host.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dispatch.Call(t.Context()); err == nil || !strings.Contains(err.Error(), "Host.OnWithFunctions") {
		t.Errorf("the dispatch of no Frame: %v", err)
	}
}

// TestCommandsFail checks that failures and delays work for the host's own commands.
func TestCommandsFail(t *testing.T) {
	host := bridgetest.NewHost(t)
	ctx := host.Context(t)
	host.Fail("showFlag", bridgetest.Reject(errors.New("no room")).Times(1))
	host.Fail("jira", bridgetest.Status(429, `{"message":"slow down"}`))
	host.Product("jira", http.NotFoundHandler())
	if _, err := flag.Show(ctx, flag.Flag{ID: "a"}); !errors.Is(err, bridge.ErrRejected) || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v", err)
	}
	if _, err := flag.Show(ctx, flag.Flag{ID: "a"}); err != nil || host.Count("showFlag") != 2 {
		t.Errorf("got %v", err)
	}
	if _, err := bridge.Get[any](ctx, bridge.RequestJira, "/rest/api/3/myself"); !errors.Is(err, bridge.ErrRateLimited) || host.Count("jira") != 1 {
		t.Errorf("got %v", err)
	}
}

func TestRouter(t *testing.T) {
	host := bridgetest.NewHost(t)
	ctx := host.Context(t)
	host.SetContext(map[string]string{"siteUrl": "https://own.atlassian.net"})
	host.OnQuestion(func(question, detail string) bool { return detail != "https://bad.example/" })
	for _, err := range []error{
		router.Navigate(ctx, router.Issue{IssueKey: "A-1"}),
		router.Open(ctx, router.URL("/wiki#top of ü")),
		router.Navigate(ctx, router.URL("https://good.example/x")),
		router.Navigate(ctx, router.URL("MAILTO:a@example.com")),
		router.Reload(ctx),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if err := router.Navigate(ctx, router.URL("https://bad.example/")); !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("a declined address returns %v", err)
	}
	if got, want := host.Navigations(), []bridgetest.Navigation{
		{URL: "https://own.atlassian.net/browse/A-1"},
		{URL: "https://own.atlassian.net/wiki#top%20of%20%C3%BC", NewTab: true},
		{URL: "https://good.example/x", NewTab: true},
		{URL: "mailto:a@example.com", NewTab: true},
		{Reload: true},
	}; !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestMisuseOfSettings checks what a test may not set.
func TestMisuseOfSettings(t *testing.T) {
	for want, misuse := range map[string]func(*bridgetest.Host){
		"must be an object":        func(h *bridgetest.Host) { h.SetContext("text") },
		"the context:":             func(h *bridgetest.Host) { h.SetContext(make(chan int)) },
		"does not support the loc": func(h *bridgetest.Host) { h.SetLocale("xx") },
		"not light, dark or auto":  func(h *bridgetest.Host) { h.SetTheme("blue") },
		"there is no product":      func(h *bridgetest.Host) { h.Product("trello", http.NotFoundHandler()) },
		"has no handler":           func(h *bridgetest.Host) { h.Product("jira", nil) },
		"the permissions must":     func(h *bridgetest.Host) { h.SetPermissions(7) },
		"no file for their":        func(h *bridgetest.Host) { h.SetTranslations(bridgetest.Translations{Default: "en-US"}) },
	} {
		text := failure(t, func(t testing.TB) {
			host := bridgetest.NewHost(t)
			defer host.Close()
			misuse(host)
		})
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q", text, want)
		}
	}
}

// TestHistoryBlock checks that a blocked history asks the user, for each way to leave.
func TestHistoryBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		ctx, window := host.Context(t), host.Window("")
		history, err := view.NewHistory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer history.Close()
		if err := history.Push(ctx, "/edit", nil); err != nil {
			t.Fatal(err)
		}
		stop, err := history.Block(ctx, "Leave?")
		if err != nil {
			t.Fatal(err)
		}
		if err := window.Go(-1); err == nil || !strings.Contains(err.Error(), "Host.OnQuestion") {
			t.Errorf("without an answer: %v", err)
		}
		agrees := false
		host.OnQuestion(func(question, _ string) bool { return question == "Leave?" && agrees })
		if err := errors.Join(window.Go(-1), history.Push(ctx, "/away", nil)); err != nil || window.Location() != "/edit" {
			t.Errorf("the user stays, and is at %s (%v)", window.Location(), err)
		}
		agrees = true
		if err := window.Go(-1); err != nil || window.Location() != "/" {
			t.Errorf("the user goes, and is at %s (%v)", window.Location(), err)
		}
		stop()
		synctest.Wait()
		host.OnQuestion(nil)
		if err := errors.Join(window.Go(1), window.Go(5)); err != nil || window.Location() != "/edit" {
			t.Errorf("after the block, the user is at %s (%v)", window.Location(), err)
		}
	})
}

// TestProduct checks what the handler of a product gets, and what the app gets.
func TestProduct(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Product("confluence", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("WWW-Authenticate", "Basic")
		w.Header().Set("X-Seen", r.Header.Get("X-Atlassian-Token"))
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, "%s %s %s %q", r.Method, r.RequestURI, body, r.Header.Get("Authorization"))
	}))
	resp, err := bridge.RequestConfluence(host.Context(t), bridge.Request{Method: "POST", Path: "/wiki/api/v2/pages?a=b c", Body: bridge.Text("body")})
	if err != nil {
		t.Fatal(err)
	}
	text, err := resp.Text()
	if err != nil || resp.Status != http.StatusCreated || text != `POST /wiki/api/v2/pages?a=b%20c body ""` || resp.Header.Get("X-Seen") != "no-check" || resp.Header.Get("Set-Cookie")+resp.Header.Get("WWW-Authenticate") != "" {
		t.Errorf("got %d, %q, %v (%v)", resp.Status, text, resp.Header, err)
	}
}

// TestGraphOperations checks which function answers a query.
func TestGraphOperations(t *testing.T) {
	host := bridgetest.NewHost(t)
	answer := func(name string) bridgetest.Command {
		return func(_ context.Context, payload json.RawMessage) (any, error) { return name, nil }
	}
	host.OnGraph("mine", answer("mine"))
	host.OnGraph("*", answer("others"))
	for query, want := range map[string]string{"query mine { a }": `"mine"`, "query all { a }": `"others"`, "{ a }": `"others"`} {
		payload, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := host.Call(t.Context(), bridge.Call{Command: "requestTeamworkGraph", Payload: payload}); err != nil || string(got.Payload) != want {
			t.Errorf("%s: got %s (%v)", query, got.Payload, err)
		}
	}
}

// TestFeatureFlagsAreCopied checks that the test may change its map while the app asks for the flags.
func TestFeatureFlagsAreCopied(t *testing.T) {
	host := bridgetest.NewHost(t)
	on := map[string]bool{"new-board": true}
	host.SetFeatureFlags(on)
	on["new-board"] = false
	flags, err := featureflags.New(host.Context(t), featureflags.User{}, view.Development)
	if err != nil || !flags.CheckFlag("new-board", false) {
		t.Errorf("the flag is off (%v)", err)
	}
}

// TestClosedHost checks that nothing of a closed host is left: in a bubble, a goroutine that stays would fail the test, and
// a timer that stays would remove the flag.
func TestClosedHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(nil)
		ctx, cancel := context.WithCancel(host.Context(t))
		if _, err := flag.Show(ctx, flag.Flag{ID: "a", AutoDismiss: true}); err != nil {
			t.Fatal(err)
		}
		if err := modal.Open(ctx, modal.Modal{}); err != nil {
			t.Fatal(err)
		}
		if _, err := realtime.Subscribe(ctx, "c", func(context.Context, any, error) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := realtime.Publish(ctx, "c", 1); err != nil {
			t.Fatal(err)
		}
		if _, err := view.NewHistory(ctx); err != nil {
			t.Fatal(err)
		}
		host.Close()
		cancel()
		synctest.Wait()
		if _, err := flag.Show(host.Context(t), flag.Flag{ID: "b"}); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("a closed host answers %v", err)
		}
		time.Sleep(time.Minute)
		if n := len(host.Flags()); n != 1 {
			t.Errorf("%d flags are shown, so the timer of a closed host has removed one", n)
		}
	})
}
