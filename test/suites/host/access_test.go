package host

import (
	"fmt"
	"github.com/forgego/forgego/test/harness/browser"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
)

const axe = "../../node_modules/axe-core/axe.min.js"

// showMuch shows everything that the product page can show at once: flags of all kinds, a notice, calls, an open panel.
func (u *ui) showMuch() {
	u.t.Helper()
	for i, kind := range []string{"info", "success", "warning", "error"} {
		u.want(u.app, fmt.Sprintf(`bridge.showFlag({id: %q, title: "A flag", description: "With a text", type: %q, actions: [{text: "Undo", onClick: hear("undo")}]}) && 1`, kind, kind), "1")
		u.want(u.app, fmt.Sprintf(`bridge.showFlag({id: %d, title: "A bold flag", appearance: %q}) && 1`, i+1, kind), "1")
	}
	u.want(u.app, `bridge.view.submit({team: "Forge"})`, "undefined")
	u.want(u.app, `bridge.view.emitReadyEvent()`, "undefined")
	u.host.SetProblems([]devhost.Problem{{ID: "frontend main", Title: "The front end does not build.", Places: []devhost.Place{{File: "main.go", Line: 3, Column: 2, Message: "undefined: x", Source: "\tx()"}}}})
	u.page.Wait("the problem", `!document.getElementById("problems").hidden`)
	u.page.Eval(`document.querySelector("#traffic-list details").open = true, document.getElementById("faults").open = true, 0`, nil)
}

// look saves a screenshot if the variable FORGEGO_PICTURES names a folder.
func (u *ui) look(name string) {
	u.t.Helper()
	dir := os.Getenv("FORGEGO_PICTURES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), u.page.Screenshot(), 0o600); err != nil {
		u.t.Fatal(err)
	}
}

// TestAxe checks the product page in all its forms.
func TestAxe(t *testing.T) {
	chromium.Stays(t, browser.Chromium, "other drivers cannot set forced colors")
	u := openUI(t)
	u.showMuch()
	for _, form := range []struct {
		name          string
		theme         string
		width, height int
		forced        string
	}{
		{"light", "light", 1280, 900, "none"},
		{"dark", "dark", 1280, 900, "none"},
		{"narrow", "light", 320, 700, "none"},
		{"small", "dark", 320, 256, "none"},
		{"forced", "light", 1280, 900, "active"},
		{"forced-small", "dark", 320, 256, "active"},
	} {
		u.page.Eval(`(() => { const s = document.getElementById("theme"); s.value = "`+form.theme+`"; s.dispatchEvent(new Event("change")); })()`, nil)
		u.page.SetSize(form.width, form.height)
		u.page.SetMedia("", "forced-colors", form.forced, "prefers-color-scheme", form.theme)
		for _, panel := range []string{"faults", "permissions", ""} {
			u.page.Eval(fmt.Sprintf(`for (const d of document.querySelectorAll("details.faults")) d.open = d.id === %q`, panel), nil)
			var except []string
			if form.forced == "active" {
				except = []string{"color-contrast"} // it compares the page's own colors, which are not shown
			}
			if found := u.page.Axe(axe, except...); found != "" {
				t.Errorf("%s, panel %q: axe-core finds\n%s", form.name, panel, found)
			}
			u.look(form.name + "-" + panel)
		}
	}
}

// TestSmallWindow uses the page at 400 %: WCAG 2.2, 1.4.10.
func TestSmallWindow(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "a window there has at least 447 pixels")
	u := openUI(t)
	u.page.SetSize(320, 256)
	fits := func(when string) {
		t.Helper()
		if got := u.page.String(`String(document.documentElement.scrollWidth <= innerWidth)`); got != "true" {
			t.Errorf("%s, the page must be scrolled sideways", when)
		}
	}
	fits("at first")
	// No part lies over another one.
	overlaps := func() string {
		return u.page.String(`(() => {
			const parts = [".top", ".side", ".heading", ".frame", ".traffic"].map((s) => [s, document.querySelector(s).getBoundingClientRect()]);
			return parts.flatMap(([a, x], i) => parts.slice(i + 1).filter(([, y]) => x.bottom > y.top + 1 && y.bottom > x.top + 1).map(([b]) => a + " and " + b)).join();
		})()`)
	}
	if got := overlaps(); got != "" {
		t.Errorf("parts overlap: %s", got)
	}
	if got := u.page.String(`String(document.querySelector(".frame").clientHeight >= 160)`); got != "true" {
		t.Error("the app has less than 160 pixels")
	}
	for _, panel := range []string{"faults", "permissions"} {
		u.page.Eval(fmt.Sprintf(`document.getElementById(%q).open = true, 0`, panel), nil)
		fits("with the panel " + panel)
		if got := overlaps(); got != "" {
			t.Errorf("with the panel %s, parts overlap: %s", panel, got)
		}
		u.page.Eval(fmt.Sprintf(`document.getElementById(%q).open = false, 0`, panel), nil)
	}
	u.app.Find("button", "Do nothing").Click()
	u.app.Eval(`bridge.router.open("https://example.com/" + "long/".repeat(100)).catch(hear("declined")), 0`, nil)
	u.page.Wait("the buttons in sight", `[...document.querySelectorAll("dialog.question button")].length === 2 && [...document.querySelectorAll("dialog.question button")].every((b) => b.getBoundingClientRect().bottom <= innerHeight && b.getBoundingClientRect().top >= 0)`)
	u.look("small-question")
	u.page.Find("button", "Stay here").Click()
	for i := range 8 {
		u.want(u.app, fmt.Sprintf(`bridge.showFlag({id: %d, title: "Flag %d", actions: [{text: "Undo", onClick: hear("undo")}]}) && 1`, i+1, i), "1")
	}
	if got := u.page.String(`String(document.querySelector(".flags").getBoundingClientRect().height <= innerHeight / 2 + 1)`); got != "true" {
		t.Error("flags take more than half of the window")
	}
	u.look("small-flags")
}

// TestLargeText checks that the texts grow with the size that the user has chosen in the browser: WCAG 2.2, 1.4.4.
func TestLargeText(t *testing.T) {
	u := openUI(t)
	u.showMuch()
	const sizes = `[...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest("svg, iframe") && !e.matches("option, optgroup")).map((e) => parseFloat(getComputedStyle(e).fontSize))`
	var before, after []float64
	u.page.Eval(sizes, &before)
	u.page.Eval(`document.documentElement.style.fontSize = "200%"`, nil)
	u.page.Eval(sizes, &after)
	for i := range before {
		if after[i] < 2*before[i]-0.1 {
			t.Errorf("the text of element %d of %d has %v pixels, and had %v", i, len(before), after[i], before[i])
			break
		}
	}
	if got := u.page.String(`String(document.documentElement.scrollWidth <= innerWidth)`); got != "true" {
		t.Error("the page must be scrolled sideways")
	}
	u.look("large-text")
}

// TestForcedColors checks what only colors tell apart otherwise.
func TestForcedColors(t *testing.T) {
	chromium.Stays(t, browser.Chromium, "other drivers cannot set forced colors")
	u := openUI(t)
	u.showMuch()
	u.page.SetMedia("", "forced-colors", "active")
	if got := u.page.String(`(() => {
		const links = [...document.querySelectorAll(".side a")];
		const look = (a) => { const s = getComputedStyle(a); return [s.borderLeftColor, s.textDecorationLine].join(); };
		const current = look(links.find((a) => a.ariaCurrent || a.hasAttribute("aria-current")));
		return String(links.length > 1 && links.every((a) => a.hasAttribute("aria-current") || look(a) !== current));
	})()`); got != "true" {
		t.Error("all modules look like the current one")
	}
	if got := u.page.String(`getComputedStyle(document.querySelector(".arrow")).clipPath`); !strings.HasPrefix(got, "polygon") {
		t.Errorf("the triangle has the shape %s", got)
	}
	if got := u.page.String(`(() => { const s = getComputedStyle(document.querySelector(".mark")); return String(s.forcedColorAdjust === "none" && s.backgroundImage.includes("gradient")); })()`); got != "true" {
		t.Error("the mark is gone")
	}
}

// TestFlagsAndFocus checks that flags do not take the focus from a dialog of the app, and that F6 reaches them.
func TestFlagsAndFocus(t *testing.T) {
	u := openUI(t)
	u.app.Eval(`(() => {
		const dialog = document.createElement("dialog");
		dialog.innerHTML = "<label>Name <input id=field></label>";
		document.body.append(dialog);
		dialog.showModal();
	})()`, nil)
	u.app.Find("textbox", "Name").Click()
	show := func(id string, onClick string) {
		u.want(u.app, fmt.Sprintf(`((f) => (globalThis[%[1]q] = f, 1))(bridge.showFlag({id: %[1]q, title: "Deleted %[1]s", actions: [{text: "Undo %[1]s", onClick: %[2]s}], isAutoDismiss: true}))`, id, onClick), "1")
	}
	inDialog := func(when string) {
		t.Helper()
		u.app.Wait("the focus in the dialog "+when, `document.hasFocus() && document.activeElement.id === "field"`)
	}
	show("one", `() => { hear("undo one")(); globalThis.one.close(); }`)
	u.page.Find("button", "Undo one").Click()
	u.hears(u.app, `[["undo one"]]`)
	u.page.Wait("no flag", `!document.querySelector(".flag")`)
	inDialog("after a click")
	u.page.Press("x")
	if got := u.app.Find("textbox", "Name").Value(); got != "x" {
		t.Errorf("the field has %q", got)
	}

	show("two", `() => { hear("undo two")(); globalThis.two.close(); }`)
	u.page.Wait("the flag", `document.querySelector(".flag")`)
	u.app.Eval(`bridge.view.getContext().then(() => 0)`, nil) // the page knows about the flag before the answer
	u.page.Press(browser.F6)
	u.page.Wait("the focus in the flag", `document.activeElement.textContent === "Undo two"`)
	u.page.Press(browser.F6)
	inDialog("after the second F6")
	u.page.Press(browser.F6)
	u.page.Wait("the focus in the flag", `document.activeElement.textContent === "Undo two"`)
	u.page.Press(browser.Enter)
	u.page.Wait("no flag", `!document.querySelector(".flag")`)
	inDialog("after a key")
	u.page.Press(browser.Escape)
	u.app.Wait("the dialog to close", `!document.querySelector("dialog").open`)
}

// TestDoubleClickAndHeldKey checks that a double click, and a key that is held, dismiss one flag, and that an action runs once.
func TestDoubleClickAndHeldKey(t *testing.T) {
	u := openUI(t)
	for i := range 6 {
		u.want(u.app, fmt.Sprintf(`bridge.showFlag({id: %d, title: "Flag", actions: [{text: "Undo", onClick: hear("undo")}]}) && 1`, i+1), "1")
	}
	count := func(want int) {
		t.Helper()
		u.page.Wait(fmt.Sprint(want, " flags"), fmt.Sprintf(`document.querySelectorAll(".flag").length === %d`, want))
	}
	count(6)
	var at struct{ X, Y float64 }
	middle := func(selector string) {
		u.page.Eval(`(() => { const r = document.querySelector("`+selector+`").getBoundingClientRect(); return { X: r.x + r.width / 2, Y: r.y + r.height / 2 }; })()`, &at)
	}
	begin := time.Now()
	for i, delay := range []time.Duration{0, 80, 250, 1200} {
		middle(".flag .dismiss")
		u.page.ClickAt(at.X, at.Y, begin.Add(delay*time.Millisecond))
		count([]int{5, 5, 5, 4}[i])
	}
	middle(".flag .flag-action")
	begin = begin.Add(3 * time.Second)
	u.page.ClickAt(at.X, at.Y, begin)
	u.page.ClickAt(at.X, at.Y, begin.Add(120*time.Millisecond))
	u.hears(u.app, `[["undo"]]`)
	u.page.Eval(`document.querySelector(".flag .dismiss").focus()`, nil)
	u.page.HoldEnter(time.Time{}, 5, func() {})
	count(3)
	u.hears(u.app, `[["undo"]]`)
}

// TestPrint checks that a printed page has the whole app and the whole list.
func TestPrint(t *testing.T) {
	chromium.Stays(t, browser.Chromium, "other drivers cannot set the medium")
	u := openUI(t)
	u.app.Eval(`document.body.append(Object.assign(document.createElement("div"), { id: "long" })), document.getElementById("long").style.height = "3000px", 0`, nil)
	for range 40 {
		u.want(u.app, `bridge.view.getContext().then(() => 1)`, "1")
	}
	u.page.SetMedia("print")
	u.page.Wait("the whole app", `(window.dispatchEvent(new Event("beforeprint")), document.querySelector(".frame").clientHeight >= 3000)`)
	for what, selector := range map[string]string{"the list of modules": ".side", "a switch": ".choice", "the filter": ".tools"} {
		if got := u.page.String(fmt.Sprintf(`String(document.querySelector(%q).checkVisibility())`, selector)); got != "false" {
			t.Errorf("the printed page has %s", what)
		}
	}
	if got := u.page.String(`(() => { const b = document.getElementById("traffic-body"); return String(b.scrollHeight <= b.clientHeight + 1 && document.querySelectorAll("#traffic-list li").length >= 40 && document.documentElement.scrollHeight > 3000); })()`); got != "true" {
		t.Error("the printed list is cut")
	}
	u.page.SetMedia("")
	u.page.Eval(`window.dispatchEvent(new Event("afterprint"))`, nil)
	u.page.Wait("the page as before", `document.querySelector(".frame").clientHeight < 1000`)
}
