package e2e

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// checkAxe runs axe-core in the app's page, without the rules in except. It must find no violation.
func (a app) checkAxe(t *testing.T, when string, except ...string) {
	t.Helper()
	if found := a.Axe(filepath.Join(root, "test", "node_modules", "axe-core", "axe.min.js"), except...); found != "" {
		t.Errorf("%s, axe-core finds\n%s", when, found)
	}
}

// TestAxe checks the page with tasks, a file, a message and a problem at the field.
func TestAxe(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Add("One", "direct")
	a.Attach("a.bin", 100)
	a.ShowsFile("a.bin")
	a.addTasks("Two")
	a.Find("checkbox", "Two").Click()
	a.Says("Completed “Two” by requestRemote")
	w.recorder.down()
	a.Find("checkbox", "One").Click()
	a.Complains("Completing “One” failed.")
	a.Find("button", "Add task").Click()
	a.Wait("the problem", `document.getElementById("name-message").textContent`)
	a.Eval(`document.getElementById("token").open = true`, nil)
	for _, theme := range []string{"light", "dark"} {
		a.Page.Find("combobox", "Theme").Choose(theme)
		a.Wait("the theme "+theme, fmt.Sprintf(`document.documentElement.dataset.colorMode === %q`, theme))
		a.checkAxe(t, "in "+theme)
	}
	if a.Page.Engine == browser.Chromium { // other drivers cannot set forced colors
		a.Page.SetMedia("", "forced-colors", "active")
		a.checkAxe(t, "in forced colors", "color-contrast") // it compares the page's own colors, which are not shown
		a.Page.SetMedia("", "forced-colors", "none")
	}
	a.Page.SetSize(a.Page.Engine.Narrow(320), 600)
	a.checkAxe(t, "in a narrow window")
}

// TestSmallWindow does the main job in a window of 320 × 256 pixels, which is 1280 × 1024 zoomed to 400 %: WCAG 2.2, 1.4.10.
func TestSmallWindow(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "a window there has at least 447 pixels")
	w := newWorld(t)
	a := w.host.open(t)
	a.Page.SetSize(320, 256)
	a.Ready()
	const name = "A task with a long name that needs several lines"
	a.tabTo(t, "textbox", "Task name")
	a.Page.Press(name + browser.Enter)
	a.Says("Added “" + name + "” by requestRemote")
	a.fits(t)
	a.tabTo(t, "checkbox", name)
	a.Page.Press(" ")
	a.Says("Completed “" + name + "” by requestRemote")
	a.tabTo(t, "button", "Details of "+name)
	a.Page.Press(browser.Enter)
	d := a.dialog()
	d.wait(t, "the name in the field", `document.activeElement?.id === "new-name" && !document.activeElement.readOnly`)
	d.wait(t, "a dialog that fits", `document.documentElement.scrollWidth <= innerWidth`)
	d.wait(t, "the button in sight", `document.getElementById("save").getBoundingClientRect().bottom <= innerHeight`)
	a.Page.Press(browser.End + "!" + browser.Enter)
	a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	a.list(name + "!")
	a.tabTo(t, "button", "Delete "+name+"!")
	a.Page.Press(browser.Enter)
	a.list()
	a.Page.Quiet()
}

// fits checks that nothing is wider than the page.
func (a app) fits(t *testing.T) {
	t.Helper()
	if got := a.String(`document.documentElement.scrollWidth > innerWidth ? "wider" : ""`); got != "" {
		t.Error("the page must be scrolled sideways")
	}
}

// TestLargeText checks that all texts, and the room for them, grow with the text size that the user has chosen: WCAG 2.2, 1.4.4.
func TestLargeText(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One")
	a.Page.SetSize(640, 600)
	const sizes = `[...document.querySelectorAll("main:not([hidden]) *")].filter((e) => e.checkVisibility() && !e.closest("svg")).map((e) => parseFloat(getComputedStyle(e).fontSize))`
	var before, after []float64
	a.Eval(sizes, &before)
	a.Eval(`document.documentElement.style.fontSize = "200%"`, nil)
	a.Eval(sizes, &after)
	for i := range before {
		if before[i] > 0 && after[i] != 2*before[i] {
			t.Fatalf("the font size of element %d is %v pixels, and was %v", i, after[i], before[i])
		}
	}
	a.fits(t)
	if got := a.String(`[...document.querySelectorAll("button, input")].filter((e) => e.checkVisibility() && e.scrollHeight > e.clientHeight + 1).map((e) => e.outerHTML).join()`); got != "" {
		t.Errorf("the text does not fit in %s", got)
	}
	a.Find("checkbox", "One").Click()
	a.Says("Completed “One” by requestRemote")
}

// TestForcedColors checks that each state of the mark before "Live" has its own shape in the system's own colors.
func TestForcedColors(t *testing.T) {
	chromium.Stays(t, browser.Chromium, "other drivers cannot set forced colors")
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Page.SetMedia("", "forced-colors", "active")
	shapes := map[string]string{}
	for _, state := range []string{"off", "reconnecting", "on"} {
		shape := a.String(`(() => {
			const live = document.getElementById("live");
			live.dataset.state = "` + state + `";
			const { borderLeftWidth, borderLeftColor, borderRightColor } = getComputedStyle(live, "::before");
			return [borderLeftWidth, borderLeftColor === borderRightColor].join();
		})()`)
		if other, isThere := shapes[shape]; isThere {
			t.Errorf("the states %s and %s look the same: %s", other, state, shape)
		}
		shapes[shape] = state
	}
}

// TestPrint checks that a printed page has the whole list, and nothing to press.
func TestPrint(t *testing.T) {
	chromium.Stays(t, browser.Chromium, "other drivers cannot set the medium")
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One", "Two")
	a.Eval(`globalThis.print = () => { globalThis.printed = true }`, nil)
	a.Find("button", "Print").Click()
	a.Wait("the print dialog", `globalThis.printed`)
	a.Page.SetMedia("print")
	if got := a.String(`[...document.querySelectorAll("button, input[type=text], input[type=radio], input[type=file]")].filter((e) => e.checkVisibility()).map((e) => e.outerHTML).join()`); got != "" {
		t.Errorf("the printed page has %s", got)
	}
	if got := a.String(`[...document.querySelectorAll("#tasks li")].filter((e) => e.checkVisibility()).length + " " + getComputedStyle(document.querySelector("#tasks li")).breakInside`); got != "2 avoid" {
		t.Errorf("the printed list is %s, want 2 rows that are not cut", got)
	}
}

// TestNewTaskIsInSight adds a task to a long list.
func TestNewTaskIsInSight(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	for i := range 20 {
		a.Eval(fmt.Sprintf(`Promise.all(Array.from({ length: 25 }, (_, j) => __bridge.callBridge("fetchRemote", { remoteKey: "tasks-api", fetchRequestInit: {
			path: "/tasks", method: "POST", body: JSON.stringify({ name: "Task " + (25 * %[1]d + j) }), headers: [["content-type", "application/json"], ["idempotency-key", "key" + (25 * %[1]d + j)]],
		} }))).then(() => 1)`, i), nil)
	}
	a.Page.Reload()
	a.Ready()
	a.Find("textbox", "Task name").Type("The newest" + browser.Enter)
	a.Says("Added “The newest” by requestRemote")
	if a.Page.Engine == browser.WebKit { // a script of a frame does not scroll the page around it if that has another origin
		a.Page.Eval(`document.querySelector(".stage").scrollIntoView({ block: "end" })`, nil)
	}
	a.Wait("the new task in the window", `new Promise((resolve) => new IntersectionObserver(([entry]) => resolve(entry.intersectionRatio > 0.9)).observe([...document.querySelectorAll("#tasks li")].at(-1)))`)
}
