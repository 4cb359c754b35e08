package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/supervise"
)

// firefox is a running Firefox, driven by WebDriver BiDi.
type firefox struct {
	process *supervise.Process
	bidi    *bidi
	profile string

	mu sync.Mutex
	// tabs are the open tabs by the IDs of their browsing contexts.
	tabs map[string]*firefoxTab
	// parents has the parent of each browsing context of an iframe.
	parents map[string]string
	// active is the tab in front.
	active *firefoxTab
}

// firefoxPreferences come on top of WebDriver's preferences. With them Firefox makes no requests of its own, and downloads
// stay in the profile. In a page that a driver controls, Firefox also keeps the stack of each new promise, which takes a third
// of a call's time; without asyncstack the page is as fast as without a driver.
const firefoxPreferences = `
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.safebrowsing.update.enabled", false);
user_pref("browser.search.update", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("captivedetect.canonicalURL", "");
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("javascript.options.asyncstack", false);
user_pref("browser.download.folderList", 2);
user_pref("browser.download.dir", %q);
user_pref("browser.download.alwaysOpenPanel", false);
`

// firefoxHidden lets a page run, and get its answers, as fast as always while another page is in front of it.
const firefoxHidden = `user_pref("dom.min_background_timeout_value", 4);
user_pref("dom.min_background_timeout_value_without_budget_throttling", 4);
user_pref("dom.timeout.enable_budget_timer_throttling", false);
user_pref("dom.ipc.processPriorityManager.enabled", false);
user_pref("network.http.throttle.enable", false);
`

func startFirefox(ctx context.Context, profile string, s settings) (_ driver, err error) {
	path, err := firefoxProgram.path()
	if err != nil {
		return nil, err
	}
	preferences := fmt.Sprintf(firefoxPreferences, profile)
	if !s.throttled {
		preferences += firefoxHidden
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(preferences), 0o600); err != nil {
		return nil, err
	}
	addr, err := supervise.FreeAddr()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	f := &firefox{profile: profile, tabs: map[string]*firefoxTab{}, parents: map[string]string{}}
	f.process, err = supervise.Start(supervise.Spec{
		Name: "firefox", Kind: "the browser", Addr: addr,
		Command: []string{path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", port, "about:blank"},
	}, supervise.NewOutput(io.Discard))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	if err := f.process.Ready(ctx); err != nil {
		return nil, err
	}
	if f.bidi, err = dialBidi(ctx, "ws://"+addr+"/session", f.listen); err != nil {
		return nil, err
	}
	// The driver answers no prompt: a test answers the prompts that it expects.
	capabilities := map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"acceptInsecureCerts": true, "unhandledPromptBehavior": map[string]any{"default": "ignore"},
	}}}
	if err := f.bidi.command(ctx, "session.new", capabilities, nil); err != nil {
		return nil, err
	}
	return f, f.bidi.command(ctx, "session.subscribe", map[string]any{"events": []string{
		"log.entryAdded", "browsingContext.contextCreated", "browsingContext.contextDestroyed", "browsingContext.userPromptOpened",
		"network.beforeRequestSent", "network.responseCompleted", "network.fetchError",
	}}, nil)
}

func (f *firefox) close() error {
	if f.bidi != nil {
		ctx, cancel := context.WithTimeout(context.Background(), closing)
		defer cancel()
		// If Firefox does not end in time, it is killed.
		if err := f.bidi.command(ctx, "browser.close", struct{}{}, nil); err == nil {
			select {
			case <-f.process.Done():
			case <-ctx.Done():
			}
		}
		f.bidi.close()
	}
	f.process.Stop()
	return removeProfile(f.profile)
}

func (f *firefox) open(ctx context.Context, beside tab) (tab, error) {
	t := &firefoxTab{browser: f}
	t.scripted = scripted{t.evaluate, t.around}
	if beside != nil {
		t.user = beside.(*firefoxTab).user
	} else {
		var made struct{ UserContext string }
		if err := f.bidi.command(ctx, "browser.createUserContext", struct{}{}, &made); err != nil {
			return nil, err
		}
		t.user, t.isOwner = made.UserContext, true
	}
	var created struct{ Context string }
	if err := f.bidi.command(ctx, "browsingContext.create", map[string]any{"type": "tab", "userContext": t.user}, &created); err != nil {
		return nil, err
	}
	f.mu.Lock()
	t.id = created.Context
	f.tabs[t.id] = t
	f.active = t // a new tab is in front
	f.mu.Unlock()
	return t, t.setSize(ctx, tabWidth, tabHeight)
}

// activate brings the tab to the front, where it gets the keys.
func (f *firefox) activate(ctx context.Context, t *firefoxTab) error {
	f.mu.Lock()
	isActive := f.active == t
	f.active = t
	f.mu.Unlock()
	if isActive {
		return nil
	}
	return f.bidi.command(ctx, "browsingContext.activate", map[string]any{"context": t.id}, nil)
}

// tabOf returns the tab that a browsing context is in, or nil.
func (f *firefox) tabOf(id string) *firefoxTab {
	for f.parents[id] != "" {
		id = f.parents[id]
	}
	return f.tabs[id]
}

// firefoxEvent has the fields of all events that we listen for.
type firefoxEvent struct {
	// Context is the browsing context, except in the event of a message.
	Context string
	Parent  string
	// A message.
	Source     struct{ Context string }
	Type       string
	Level      string
	Text       string
	Method     string
	Args       []remoteValue
	StackTrace struct {
		CallFrames []struct {
			FunctionName, URL string
			LineNumber        int
		}
	}
	// A request.
	Request   struct{ URL string }
	Response  struct{ Status int }
	ErrorText string
}

func (f *firefox) listen(method string, params json.RawMessage) {
	var e firefoxEvent
	if json.Unmarshal(params, &e) != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch method {
	case "browsingContext.contextCreated":
		if e.Parent != "" {
			f.parents[e.Context] = e.Parent
		}
		return
	case "browsingContext.contextDestroyed":
		// Its messages may still arrive. The number of iframes is small, so the parent stays known.
		return
	}
	id := e.Context
	if id == "" {
		id = e.Source.Context
	}
	if t := f.tabOf(id); t != nil {
		t.listen(method, &e)
	}
}

// wait waits until done returns true.
func wait(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
