package host

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

// who returns the account and the cloud id that the app gets.
func (w *window) who() (account, cloud string) {
	w.t.Helper()
	w.app.Wait("the app", "globalThis.bridge")
	account, cloud, _ = strings.Cut(w.app.String(`bridge.view.getContext().then((c) => c.accountId+" "+c.cloudId)`), " ")
	return account, cloud
}

// TestTwoWindows checks that two windows are two users, or two sites.
func TestTwoWindows(t *testing.T) {
	host := serveApp(t, "events", "static", "other")
	admin := openEvents(t, host, "panel")
	user := shownIn(t, admin.page.OpenWindow(host.PageURLFor(devhost.Window{Module: "panel", Account: 2})), host, "panel")
	account, cloud := admin.who()
	if other, site := user.who(); other == account || site != cloud {
		t.Errorf("the windows have the accounts %s and %s, the sites %s and %s; want two accounts on one site", account, other, cloud, site)
	}
	user.want(`bridge.permissions.egress.set({egresses: []})`, "error: only an administrator may change egress and remotes")
	user.page.Find("DisclosureTriangle", "Permissions").Click()
	user.page.Wait("who the user is", `document.getElementById("permissions-user").innerText.startsWith("The user is not an administrator.")`)
	subscribe := `bridge.realtime.subscribeGlobal("tasks", hear("tasks")).then(() => 1)`
	admin.want(subscribe, "1")
	user.want(subscribe, "1")
	user.want(`bridge.realtime.publishGlobal("tasks", "one").then(({eventId}) => !!eventId)`, "true")
	admin.hears(`[["tasks","one"]]`)
	user.hears(`[["tasks","one"]]`)

	user.page.Find("combobox", "Site").Call(`function () { this.value = "2"; this.dispatchEvent(new Event("change")); }`, nil)
	// The app's pages of a site have their own address, because their policy depends on it.
	user.app = user.page.Iframe(host.AppURL() + "main~2/")
	second, site := user.who()
	if site == cloud || second == account {
		t.Errorf("the second site has the cloud id %s, and the user's account is %s", site, second)
	}
	user.want(subscribe, "1")
	user.want(`bridge.realtime.publishGlobal("tasks", "two").then(({eventId}) => !!eventId)`, "true")
	user.hears(`[["tasks","two"]]`)
	admin.want(`bridge.realtime.publishGlobal("tasks", "three").then(({eventId}) => !!eventId)`, "true")
	admin.hears(`[["tasks","one"],["tasks","three"]]`)
	user.want(`heard`, `[["tasks","two"]]`)

	user.app.Eval(`void (globalThis.isOld = true)`, nil)
	host.Refresh(devhost.Refresh{Part: devhost.AppPage, Resource: "main"})
	user.app.Wait("the app's new page", "globalThis.bridge && !globalThis.isOld")

	user.page.Reload()
	if again, at := user.who(); again != second || at != site {
		t.Errorf("after a reload the window has the account %s on %s, want %s on %s", again, at, second, site)
	}
	user.page.Eval(`void document.querySelector('nav a[href*="module=context"]').click()`, nil)
	user.app = user.page.Iframe(host.AppURL() + "other~2/")
	if again, at := user.who(); again != second || at != site {
		t.Errorf("in another module the window has the account %s on %s, want %s on %s", again, at, second, site)
	}
	if _, at := admin.who(); at != cloud {
		t.Errorf("the first window is on the site %s, want %s", at, cloud)
	}
	for _, w := range []*window{admin, user} {
		w.page.Quiet()
	}
}

// TestHeaderFits checks that the switches fit into the window.
func TestHeaderFits(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	for _, width := range []int{w.page.Engine.Narrow(320), 480, 800, 1280} {
		w.page.SetSize(width, 800)
		var outside []string
		w.page.Eval(`[...document.querySelectorAll(".top > *")].filter((e) => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > innerWidth || b.width === 0; }).map((e) => e.outerHTML.slice(0, 60))`, &outside)
		if len(outside) > 0 {
			t.Errorf("at %d px the window does not show %q", width, outside)
		}
		var scrolls bool
		w.page.Eval(`document.documentElement.scrollWidth > innerWidth`, &scrolls)
		if scrolls {
			t.Errorf("at %d px the page is wider than the window", width)
		}
	}
}
