package e2e

import (
	"fmt"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

func (a app) isNotLive(t *testing.T, when string) {
	t.Helper()
	if got := a.String(`document.getElementById("live").textContent`); got == "Live" {
		t.Errorf("%s the list still shows that it is live", when)
	}
}

// TestLiveEnds checks that the list does not show that it is live beside a failure, while the browser is offline, or when the
// backend is silent; and that it is live again soon after.
func TestLiveEnds(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "its driver cannot take the network from a page")
	for _, realtime := range []bool{true, false} {
		t.Run(fmt.Sprintf("realtime %v", realtime), func(t *testing.T) {
			w := newWorld(t)
			if realtime {
				w.withRealtime()
			}
			a := w.host.open(t)
			a.Ready()
			a.Add("One", "requestRemote")
			a.IsLive()

			w.recorder.down()
			a.Find("checkbox", "One").Click()
			a.Complains("Completing “One” failed. The task service could not be reached.")
			a.isNotLive(t, "after a failed call")
			w.recorder.up(t)
			a.IsLive()

			a.Page.SetOffline(true)
			a.Wait("the list not to be live", `document.getElementById("live").textContent !== "Live"`)
			a.Page.SetOffline(false)
			a.IsLive()

			if !realtime {
				w.recorder.beSilent(true)
				a.Wait("the list not to be live", `document.getElementById("live").textContent !== "Live"`)
				w.recorder.beSilent(false)
				a.IsLive()
			}
		})
	}
}

// TestMessagesNameTheReason checks the message of each way while the browser is offline, and while the host is down. Other
// tests do this for a backend that is down or refuses.
func TestMessagesNameTheReason(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "its driver cannot take the network from a page")
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Add("One", "requestRemote")
	a.Page.SetOffline(true)
	for _, way := range []string{"requestRemote", "invokeRemote", "direct"} {
		a.Find("radio", way).Click()
		a.Find("checkbox", "One").Click()
		a.Complains("Completing “One” failed. This browser is offline. Try again when it is online.")
		a.Find("button", "Dismiss").Click()
	}
	a.Page.SetOffline(false)
	w.host.stop(t)
	for _, way := range []string{"invokeRemote"} { // the other ways need the host only for a new token
		a.Find("radio", way).Click()
		a.Find("checkbox", "One").Click()
		a.Complains("Completing “One” failed. The page around the app has lost its server.")
		a.Find("button", "Dismiss").Click()
	}
}

// TestTwoWindowsRenameATask checks that the second of two windows that rename a task is told about the first, shows both
// names, and can choose. It does so by each way.
func TestTwoWindowsRenameATask(t *testing.T) {
	w := newWorld(t)
	a, b := w.host.open(t), w.host.open(t)
	a.Ready()
	a.Add("One", "requestRemote")
	b.Page.Reload()
	b.Ready()
	openDetails := func(window app, name string) dialog {
		t.Helper()
		window.Find("button", "Details of "+name).Click()
		d := window.dialog()
		d.waitForName(t)
		return d
	}
	name := "One"
	for i, way := range []string{"requestRemote", "invokeRemote", "direct"} {
		for _, window := range []app{a, b} {
			window.Page.Reload()
			window.Ready()
			window.Find("radio", way).Click()
		}
		mine, theirs := fmt.Sprint("Mine ", i), fmt.Sprint("Theirs ", i)
		da := openDetails(a, name)
		openDetails(b, name)
		b.Page.Press(theirs + browser.Enter) // the field's text is not selected: this is added
		theirs = name + theirs
		b.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
		b.list(theirs)
		a.Page.Press(mine + browser.Enter)
		da.wait(t, "the question", fmt.Sprintf(`(() => { const text = document.getElementById("details-failures").innerText;
			return text.includes(%q) && text.includes(%q) && document.activeElement.className === "retry"; })()`, "“"+theirs+"”", mine))
		if i == 1 { // Tab to the other choice
			a.Page.Press(browser.Tab + browser.Enter)
			name = theirs
		} else {
			a.Page.Press(browser.ArrowUp + browser.Enter) // a second Enter alone would count as a mistake
			name += mine
		}
		a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
		b.Page.Reload()
		b.Ready()
		b.list(name)
	}
}
