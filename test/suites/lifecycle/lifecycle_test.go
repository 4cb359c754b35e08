package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// leave leaves the program alone until all its tokens have ended. Meanwhile the user sees other, a page that has just been
// opened. The remote publishes an event and ends the streams of events.
func (s *site) leave(other *browser.Page) {
	s.t.Helper()
	tokens := s.backend.tokens()
	s.backend.publish()
	other.Wait("the end of the tokens", fmt.Sprintf(`performance.now() > %d`, (lifetime+time.Second).Milliseconds()))
	s.backend.end(tokens)
}

// startCalls starts a call by each way, which the remote does not answer yet.
func (s *site) startCalls() {
	s.t.Helper()
	s.frame.Eval(`void (() => {
		globalThis.outcomes = {};
		for (const way of `+list(ways)+`) call(way, "/slow?" + way).then((text) => { outcomes[way] = text; });
	})()`, nil)
	s.page.Until("the calls at the remote", func(context.Context) (bool, error) {
		n, _ := s.backend.calls()
		return n == len(ways), fmt.Errorf("there are %d", n)
	})
}

// callsEnd waits until each call of startCalls has its answer, or an error of the network if the browser has cut it.
func (s *site) callsEnd(isCut bool) {
	s.t.Helper()
	s.frame.Wait("an outcome of each call", fmt.Sprintf(`Object.keys(outcomes).length === %d`, len(ways)))
	var outcomes map[string]string
	s.frame.Eval(`outcomes`, &outcomes)
	for way, outcome := range outcomes {
		if isError := strings.HasPrefix(outcome, "error: "); isError != isCut || !isError && outcome != `"slow"` {
			s.t.Errorf("%s returns %s; the browser has cut the call: %v", way, outcome, isCut)
		}
	}
}

// TestBackForwardCache leaves the app's page until all tokens have ended, and goes back. If the browser has kept the page, its
// program goes on: timers, calls that were under way, new calls, events. If it loads the page again, everything works as at
// first.
func TestBackForwardCache(t *testing.T) {
	all := map[browser.Engine]bool{browser.Chromium: true, browser.Firefox: true, browser.WebKit: true}
	// Firefox keeps no page that has a request under way, and the stream of events is one. Chromium lets requests go on, and
	// WebKit ends them.
	notFirefox := map[browser.Engine]bool{browser.Chromium: true, browser.WebKit: true}
	// The local host's page has an open web socket. WebKit closes it and keeps the page.
	onlyWebKit := map[browser.Engine]bool{browser.WebKit: true}
	for _, tt := range []struct {
		name                string
		open                func(t *testing.T) *site
		hasEvents, hasCalls bool
		// kept says which browsers keep the page.
		kept map[browser.Engine]bool
	}{
		{"at rest", newOwnPage, false, false, all},
		{"with events", newOwnPage, true, false, notFirefox},
		{"with calls", newOwnPage, false, true, notFirefox},
		{"the local host", newSite, true, true, onlyWebKit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.open(t)
			s.calls("at first")
			if tt.hasEvents {
				s.follow()
			}
			if tt.hasCalls {
				s.startCalls()
			}
			s.page.Eval(`addEventListener("pageshow", (event) => { globalThis.isFromCache = event.persisted; })`, nil)
			s.page.Goto(elsewhere(t))
			s.leave(s.page)
			s.page.Back()
			s.page.Wait("the app's page", fmt.Sprintf(`location.href === %q && document.readyState === "complete"`, s.address))
			s.ready()
			var isFromCache bool
			s.page.Eval(`globalThis.isFromCache === true`, &isFromCache)
			if want := tt.kept[s.page.Engine]; isFromCache != want {
				t.Errorf("%s has kept the page: %v, want %v", s.page.Engine, isFromCache, want)
			}
			close(s.backend.release)
			if isFromCache && tt.hasCalls {
				s.callsEnd(s.page.Engine == browser.WebKit) // it ends the requests of a page that it keeps
			}
			s.ticks("after going back")
			s.calls("after going back")
			if tt.hasEvents && !isFromCache {
				s.follow()
			}
			if tt.hasEvents {
				s.hears("after going back")
			}
		})
	}
}

// startThrottled starts a browser that throttles the timers of hidden pages. It ends with the test.
func startThrottled(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := browser.StartThrottled(context.Background(), shared.Engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// TestHiddenTab hides the page until all tokens have ended.
func TestHiddenTab(t *testing.T) {
	b := startThrottled(t)
	for _, tt := range []struct {
		name             string
		isBusy, isFrozen bool
	}{
		{name: "at rest"},
		{name: "with events and calls", isBusy: true},
		{name: "frozen with events and calls", isBusy: true, isFrozen: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.isFrozen {
				b.Stays(t, browser.Chromium, "the other drivers cannot freeze a page")
			}
			s := newSiteIn(t, b)
			s.calls("at first")
			if tt.isBusy {
				s.follow()
				s.startCalls()
			}
			_, streams := s.backend.calls()
			other := s.page.OpenWindow("")
			s.page.Hide()
			s.page.Wait("the page to be hidden", `document.visibilityState === "hidden"`)
			if tt.isFrozen {
				s.page.Freeze()
			}
			other.Goto(elsewhere(t))
			s.leave(other)
			if tt.isBusy && !tt.isFrozen {
				s.page.Until("a new stream of events while the page is hidden", func(context.Context) (bool, error) {
					_, n := s.backend.calls()
					return n > streams, fmt.Errorf("there are %d", n)
				})
			}
			other.Close()
			s.page.Show()
			s.page.Wait("the page to be shown", `document.visibilityState === "visible"`)
			close(s.backend.release)
			if tt.isBusy {
				s.callsEnd(false)
			}
			s.ticks("after it was shown")
			s.calls("after it was shown")
			if tt.isBusy {
				s.hears("after it was shown")
			}
		})
	}
}

// TestRestoredTab opens the address of a tab again in a new tab: without its session storage, as a user does who keeps an
// address, and with it, as a browser does that restores or duplicates a tab.
func TestRestoredTab(t *testing.T) {
	for _, withStorage := range []bool{false, true} {
		t.Run(fmt.Sprintf("with storage %v", withStorage), func(t *testing.T) {
			s := newSite(t)
			s.follow()
			page, frame := s.page, s.frame
			s.page = page.OpenWindow(s.address)
			s.frame = s.page.Iframe(s.appURL)
			s.ready()
			if withStorage {
				for from, to := range map[*browser.Frame]*browser.Frame{page.Frame: s.page.Frame, frame: s.frame} {
					from.Eval(`sessionStorage.setItem("test", "kept")`, nil)
					to.Eval(fmt.Sprintf(`void Object.assign(sessionStorage, %s)`, from.String(`JSON.stringify(sessionStorage)`)), nil)
				}
				s.page.Reload()
				s.ready()
				if got := s.frame.String(`sessionStorage.getItem("test")`); got != "kept" {
					t.Fatalf("the storage has %s, so this test checks nothing", got)
				}
			}
			s.calls("in the new tab")
			s.ticks("in the new tab")
			s.follow()
			s.page, s.frame = page, frame
			s.hears("in the old tab")
			s.calls("in the old tab")
		})
	}
}

// TestFocusInAFrame types into a field of the app twice: after a script has focused it, and after a click on it.
func TestFocusInAFrame(t *testing.T) {
	s := newSite(t)
	s.frame.Eval(`document.querySelector("input").focus()`, nil)
	s.page.Press("a")
	field := s.frame.Find("textbox", "Text")
	// In WebKit, a frame of another origin gets no keys until the user clicks in it.
	if got, want := field.Value(), map[browser.Engine]string{browser.Chromium: "a", browser.Firefox: "a", browser.WebKit: ""}[s.page.Engine]; got != want {
		t.Errorf("after the script the field has %q, want %q in %s", got, want, s.page.Engine)
	}
	field.Fill("")
	field.Click()
	s.page.Press("b")
	if got := field.Value(); got != "b" {
		t.Errorf("after the click the field has %q", got)
	}
}

// list returns texts as a JavaScript array.
func list(texts []string) string {
	b, err := json.Marshal(texts)
	if err != nil {
		panic(err) // texts always have a JSON form
	}
	return string(b)
}
