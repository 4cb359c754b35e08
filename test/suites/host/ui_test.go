package host

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/browser"
)

// ui is the app in the product's page.
type ui struct {
	t    *testing.T
	host *devhost.Host
	page *browser.Page
	app  *browser.Frame
}

func openUI(t *testing.T) *ui {
	t.Helper()
	host := serveApp(t, "ui", "static", "dialog")
	u := &ui{t: t, host: host, page: chromium.Open(t, host.URL())}
	u.app = u.frame("main/")
	return u
}

// frame returns the app's page at a path, after its script has run.
func (u *ui) frame(path string) *browser.Frame {
	u.t.Helper()
	f := u.page.Iframe(u.host.AppURL() + path)
	f.Wait("the app", "globalThis.bridge")
	return f
}

// ask evaluates an expression in a frame of the app, and returns its value as JSON, or the error's message.
func ask(f *browser.Frame, expression string) string {
	return f.String(`Promise.resolve().then(() => (` + expression + `)).then((value) => JSON.stringify(value) ?? "undefined", (error) => "error: " + error.message)`)
}

func (u *ui) want(f *browser.Frame, expression, want string) {
	u.t.Helper()
	if got := ask(f, expression); got != want {
		u.t.Errorf("%s returns %s, want %s", expression, got, want)
	}
}

// hears waits until the callbacks of a frame have received these calls, as JSON.
func (u *ui) hears(f *browser.Frame, want string) {
	u.t.Helper()
	f.Wait("the callbacks to hear "+want, fmt.Sprintf("JSON.stringify(heard) === %q", want))
}

// notice waits until the line above the app has this text.
func (u *ui) notice(want string) {
	u.t.Helper()
	u.page.Wait("the notice "+want, fmt.Sprintf("!document.getElementById('notice').hidden && document.querySelector('#notice p').textContent === %q", want))
}

func TestFlagsShowAndCallBack(t *testing.T) {
	u := openUI(t)
	u.app.Eval(`globalThis.flag = bridge.showFlag({id: 1, title: "Task deleted", description: "Buy milk", type: "success",
		actions: [{text: "Undo", onClick: hear("undo")}, {text: "More", onClick: hear("more")}]}), 0`, nil)
	u.page.Wait("the flag", `document.querySelector(".flag.success[role=status]")?.innerText.includes("Task deleted")`)
	u.page.Find("button", "Undo").Click()
	u.page.Find("button", "More").Click()
	u.page.Find("button", "Undo").Click()
	u.hears(u.app, `[["undo"],["more"],["undo"]]`)
	u.want(u.app, `flag.close()`, "true")
	u.want(u.app, `flag.close()`, "false")
	u.page.Wait("no flag", `!document.querySelector(".flag")`)

	u.want(u.app, `bridge.showFlag({id: "a", title: "First"}) && bridge.showFlag({id: "a", title: "Second", appearance: "error", type: "info"}) && 1`, "1")
	u.page.Wait("the second flag in the place of the first", `document.querySelectorAll(".flag").length === 1 && document.querySelector(".flag.error.bold[role=alert]").innerText.includes("Second")`)
	u.page.Find("button", "Dismiss").Click()
	u.page.Wait("no flag", `!document.querySelector(".flag")`)
	u.want(u.app, `bridge.showFlag({title: "no id"})`, `error: "id" must be defined in flag options`)
	u.page.Quiet()
}

// TestClicksBesideAFlag checks that the empty space around flags takes no click from what is under it.
func TestClicksBesideAFlag(t *testing.T) {
	u := openUI(t)
	u.app.Eval(`bridge.showFlag({id: "a", title: "Saved"}), 0`, nil)
	u.page.Wait("the flag", `document.querySelector(".flag")`)
	u.page.Eval(`addEventListener("click", ({ target }) => { globalThis.clicked = target.closest(".flags") ? "the flags" : "the page"; }), 0`, nil)
	x, y := u.page.MiddleOf(".flag")
	u.page.ClickAt(x, y, time.Now())
	if got := u.page.String(`clicked`); got != "the flags" {
		t.Errorf("a click on a flag reaches %s", got)
	}
	var corner struct{ X, Y float64 }
	u.page.Eval(`(({ left, bottom }) => ({ x: left + 5, y: bottom - 5 }))(document.querySelector(".flags").getBoundingClientRect())`, &corner)
	u.page.ClickAt(corner.X, corner.Y, time.Now())
	if got := u.page.String(`clicked`); got != "the page" {
		t.Errorf("a click beside a flag reaches %s", got)
	}
}

// TestFlagGoesAway checks that a flag disappears by itself, but not while the pointer is over it.
func TestFlagGoesAway(t *testing.T) {
	u := openUI(t)
	u.page.Eval(`globalThis.timers = [], globalThis.setTimeout = (run, time) => time === 8000 ? timers.push(run) : 0, globalThis.clearTimeout = (id) => { if (id) timers[id - 1] = () => {}; }, 0`, nil)
	u.app.Eval(`bridge.showFlag({id: "a", title: "Saved", isAutoDismiss: true}), bridge.showFlag({id: "b", title: "Stays"}), 0`, nil)
	u.page.Wait("both flags", `document.querySelectorAll(".flag").length === 2`)
	u.page.Eval(`document.querySelector(".flags").dispatchEvent(new PointerEvent("pointerenter")), timers.forEach((run) => run()), 0`, nil)
	if got := u.page.String(`String(document.querySelectorAll(".flag").length)`); got != "2" {
		t.Errorf("under the pointer there are %s flags", got)
	}
	u.page.Eval(`document.querySelector(".flags").dispatchEvent(new PointerEvent("pointerleave")), timers.forEach((run) => run()), 0`, nil)
	if got := u.page.String(`document.querySelector(".flags").innerText`); strings.Contains(got, "Saved") || !strings.Contains(got, "Stays") {
		t.Errorf("afterwards the flags are %q", got)
	}
}

const openTask = `new bridge.Modal({resource: "dialog", title: "Task 42", size: "small", context: {task: 42}, onClose: hear("closed")}).open()`

func TestModal(t *testing.T) {
	for name, tt := range map[string]struct {
		options string
		close   func(u *ui)
		heard   string
	}{
		"view.close with a value": {"", func(u *ui) { u.frame("dialog/").Eval(`void bridge.view.close({saved: true})`, nil) }, `[["closed",{"saved":true}]]`},
		"view.close":              {"", func(u *ui) { u.frame("dialog/").Eval(`void bridge.view.close()`, nil) }, `[["closed"]]`},
		"view.submit":             {"", func(u *ui) { u.frame("dialog/").Eval(`void bridge.view.submit("kept")`, nil) }, `[["closed","kept"]]`},
		"the button":              {"", func(u *ui) { u.page.Find("button", "Close").Click() }, `[["closed"]]`},
		"Escape in the product": {"", func(u *ui) {
			u.page.Find("button", "Close").Call("function () { this.focus(); }", nil)
			u.page.Press(browser.Escape)
		}, `[["closed"]]`},
		"Escape in the app": {"", func(u *ui) {
			u.frame("dialog/").Find("textbox", "Name").Click()
			u.page.Press(browser.Escape)
		}, `[["closed"]]`},
		"a click beside it": {"", func(u *ui) { u.clickBeside() }, `[["closed"]]`},
	} {
		t.Run(name, func(t *testing.T) {
			u := openUI(t)
			u.want(u.app, openTask, "undefined")
			dialog := u.frame("dialog/")
			u.want(dialog, `bridge.view.getContext().then((c) => [c.extension.modal, c.moduleKey])`, `[{"task":42},"page"]`)
			tt.close(u)
			u.hears(u.app, tt.heard)
			u.page.Wait("no dialog", `!document.querySelector("dialog")`)
		})
	}
}

func (u *ui) clickBeside() {
	u.page.Eval(`(() => { const d = document.querySelector("dialog"); d.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true})); d.click(); })()`, nil)
}

func TestModalThatStays(t *testing.T) {
	u := openUI(t)
	u.want(u.app, `new bridge.Modal({resource: "dialog/settings", closeOnEscape: false, closeOnOverlayClick: false, onClose: hear("closed")}).open()`, "undefined")
	dialog := u.frame("dialog/settings.html")
	u.clickBeside()
	u.page.Press(browser.Escape)
	u.page.Press(browser.Escape)
	dialog.Find("textbox", "Name").Click()
	u.page.Press(browser.Escape)
	u.want(dialog, `bridge.view.getContext().then((c) => c.extension.modal)`, `{}`)
	u.want(u.app, `heard`, `[]`)
	if got := u.page.String(`String(document.querySelector("dialog").open)`); got != "true" {
		t.Error("the dialog is closed")
	}
	// A flag over a dialog can be used.
	u.app.Eval(`bridge.showFlag({id: "a", title: "Saved", actions: [{text: "Undo", onClick: hear("undo")}]}), 0`, nil)
	u.page.Find("button", "Undo").Click()
	u.hears(u.app, `[["undo"]]`)
	dialog.Eval(`void bridge.view.close(1)`, nil)
	u.hears(u.app, `[["undo"],["closed",1]]`)
	u.page.Find("button", "Undo").Call(`function () { this.click() }`, nil) // with the mouse it could be a double click
	u.hears(u.app, `[["undo"],["closed",1],["undo"]]`)
}

func TestModalSizes(t *testing.T) {
	u := openUI(t)
	u.page.SetSize(1280, 900)
	for size, want := range map[string]string{
		`"small"`:                          "400 320",
		`"medium"`:                         "600 520",
		`"large"`:                          "800 720",
		`"xlarge"`:                         "968 810",
		`"max"`:                            "1280 900",
		`"fullscreen"`:                     "1280 900",
		`{width: "500px", height: "60vh"}`: "500 540",
		`{width: "50vw", height: "400px"}`: "640 400",
	} {
		t.Run(size, func(t *testing.T) {
			u.want(u.app, `new bridge.Modal({resource: "dialog", size: `+size+`}).open()`, "undefined")
			dialog := u.frame("dialog/")
			got := u.page.String(`(() => { const {width, height} = document.querySelector("dialog").getBoundingClientRect(); return Math.round(width) + " " + Math.round(height); })()`)
			if got != want {
				t.Errorf("it is %s, want %s", got, want)
			}
			dialog.Eval(`void bridge.view.close()`, nil)
			u.page.Wait("no dialog", `!document.querySelector("dialog")`)
		})
	}
	u.want(u.app, `bridge.Modal && new bridge.Modal({resource: "nothing"}).open()`, `error: Unable to open modal.`)
	u.want(u.app, `globalThis.__bridge.callBridge("openModal", {resource: "nothing"})`, `error: manifest.yml has no resource "nothing" for a modal. It has dialog, main.`)
	// A deeply nested value would exhaust the stack of the page, or of the program that reads the message.
	u.want(u.app, `globalThis.__bridge.callBridge("openModal", JSON.parse("[".repeat(5000) + "]".repeat(5000)))`, `error: A value for the bridge is nested more than 1000 levels deep.`)
	u.want(u.app, `globalThis.__bridge.callBridge("openModal", {size: {width: "wide"}})`, `error: A modal has no size {"width":"wide"}. It has small, medium, large, xlarge, max, fullscreen, resizable, or {width, height} in lengths of CSS.`)
}

func TestModalResizes(t *testing.T) {
	u := openUI(t)
	u.want(u.app, `new bridge.Modal({resource: "dialog", size: "resizable"}).open()`, "undefined")
	dialog := u.frame("dialog/")
	dialog.Eval(`Object.assign(document.body.style, {width: "600px", height: "500px"}), 0`, nil)
	u.page.Wait("the size of what is inside", `(() => { const f = document.querySelector("dialog iframe"); return f.offsetWidth >= 600 && f.offsetWidth <= 640 && f.offsetHeight >= 500 && f.offsetHeight <= 540; })()`)
	u.page.Wait("a dialog that is not larger", `(() => { const d = document.querySelector("dialog"), f = d.querySelector("iframe"); return d.offsetWidth - f.offsetWidth <= 4 && d.offsetHeight - f.offsetHeight <= 4; })()`)
	dialog.Eval(`Object.assign(document.body.style, {width: "50px", height: "50px"}), 0`, nil)
	u.page.Wait("the least size", `(() => { const f = document.querySelector("dialog iframe"); return f.offsetWidth === 400 && f.offsetHeight === 320; })()`)
}

// TestModalInAModal opens a modal in a modal, and closes the page that opened it.
func TestModalInAModal(t *testing.T) {
	u := openUI(t)
	u.want(u.app, openTask, "undefined")
	u.want(u.frame("dialog/"), `new bridge.Modal({resource: "dialog/settings", onClose: hear("inner")}).open()`, "undefined")
	u.frame("dialog/settings.html").Eval(`void bridge.view.close("in")`, nil)
	u.hears(u.page.Iframe(u.host.AppURL()+"dialog/"), `[["inner","in"]]`)
	u.app.Eval(`void location.reload()`, nil)
	u.page.Wait("no dialog", `!document.querySelector("dialog")`)
}

func TestRouter(t *testing.T) {
	u := openUI(t)
	site := u.host.URL()
	for target, path := range map[string]string{
		`{target: "contentView", contentId: "238945", version: 2}`:              "wiki/pages/viewpage.action?pageId=238945&pageVersion=2",
		`{target: "contentEdit", contentId: "238945"}`:                          "wiki/spaces/DEMO/pages/edit-v2/238945",
		`{target: "spaceView", spaceKey: "TEAM"}`:                               "wiki/spaces/TEAM",
		`{target: "contentList", contentType: "page", spaceKey: "TEAM"}`:        "wiki/spaces/TEAM/pages",
		`{target: "dashboard", dashboardId: "10000"}`:                           "jira/dashboards/10000",
		`{target: "issue", issueKey: "FT-3"}`:                                   "browse/FT-3",
		`{target: "projectSettingsDetails", projectKey: "FT"}`:                  "jira/software/projects/FT/settings/details",
		`{target: "userProfile", accountId: "12345"}`:                           "people/12345",
		`{target: "module", moduleKey: "other", path: "/settings?tab=general"}`: "?module=other#/settings?tab=general",
	} {
		u.want(u.app, `bridge.router.getUrl(`+target+`).then((url) => url.href)`, quote(site+path))
		if !strings.Contains(target, `"module"`) {
			u.want(u.app, `bridge.router.navigate(`+target+`)`, "undefined")
			u.notice("The product would go to " + site + path)
		}
	}
	if got := ask(u.app, `bridge.router.getUrl({target: "contentList", contentType: "customContent", moduleKey: "m"}).then((url) => url.href)`); !strings.Contains(got, "wiki/search?type=forge:ari:cloud:ecosystem::app/2c7d7f0e") {
		t.Errorf("custom content is at %s", got)
	}
	u.want(u.app, `bridge.router.open({target: "issue", issueKey: "FT-3"})`, "undefined")
	u.notice("The product would open in a new tab: " + site + "browse/FT-3")
	u.want(u.app, `bridge.router.navigate("/wiki/home")`, "undefined")
	u.notice("The product would go to " + site + "wiki/home")
	u.page.Find("button", "Dismiss").Click()
	u.page.Wait("no notice", `document.getElementById("notice").hidden`)

	u.want(u.app, `bridge.router.getUrl({target: "issue"})`, `error: The target "issue" needs an issueKey.`)
	u.want(u.app, `bridge.router.navigate({target: "module", moduleKey: "nothing"})`, `error: manifest.yml has no module "nothing".`)
	u.want(u.app, `bridge.router.navigate("javascript:alert(1)")`, `error: The router does not go to "javascript:alert(1)".`)
	if got := ask(u.app, `bridge.router.navigate({target: "toString"})`); !strings.HasPrefix(got, `error: The router has no target "toString".`) {
		t.Errorf("an unknown target returns %s", got)
	}
}

func TestRouterAsksBeforeAnotherSite(t *testing.T) {
	u := openUI(t)
	u.page.Eval(`globalThis.open = (url) => { globalThis.opened = String(url); }, 0`, nil)
	u.app.Eval(`bridge.router.open("https://example.com/help").catch(hear("declined")), 0`, nil)
	u.page.Find("button", "Stay here").Click()
	u.app.Wait("the refusal", `heard.length === 1 && heard[0][1].message === "The user declined to open the link."`)
	u.app.Eval(`bridge.router.navigate("https://example.com/help").then(hear("opened")), 0`, nil)
	u.page.Find("button", "Open in a new tab").Click()
	u.page.Wait("the new tab", `globalThis.opened === "https://example.com/help"`)
	u.app.Wait("the answer", `heard.length === 2`)
}

func TestRouterToAModule(t *testing.T) {
	u := openUI(t)
	u.app.Eval(`void bridge.router.navigate({target: "module", moduleKey: "other", path: "/settings"})`, nil)
	u.page.Wait("the other module", `document.querySelector("h1")?.textContent === "Another page" && location.hash === "#/settings"`)
	u.frame("main/").Eval(`globalThis.old = true, void bridge.router.reload()`, nil)
	u.app.Wait("the app after its reload", `globalThis.bridge && !globalThis.old`)
}

func TestHistory(t *testing.T) {
	u := openUI(t)
	u.app.Eval(`bridge.view.createHistory().then((h) => { globalThis.h = h; return h.listen(hear("at")); }).then((stop) => { globalThis.stop = stop; })`, nil)
	u.want(u.app, `[h.action, h.location.pathname]`, `["POP","/"]`)
	at := func(hash, last string) {
		t.Helper()
		u.page.Wait("the address "+hash, fmt.Sprintf("location.hash === %q", hash))
		u.app.Wait("the location "+last, fmt.Sprintf(`heard.length > 0 && heard.at(-1)[2] + " " + heard.at(-1)[1].pathname + heard.at(-1)[1].search + " " + JSON.stringify(heard.at(-1)[1].state) === %q && h.location.pathname === heard.at(-1)[1].pathname`, last))
	}
	u.app.Eval(`h.push("/page-1", {n: 1})`, nil)
	at("#/page-1", `PUSH /page-1 {"n":1}`)
	u.app.Eval(`h.push({pathname: "/page-2", search: "a=b"})`, nil)
	at("#/page-2?a=b", `PUSH /page-2?a=b undefined`)
	u.app.Eval(`h.replace("page-3")`, nil)
	at("#/page-3", `REPLACE /page-3 undefined`)
	u.page.Eval(`history.back()`, nil) // as the browser's back button
	at("#/page-1", `POP /page-1 {"n":1}`)
	u.app.Eval(`h.goForward()`, nil)
	at("#/page-3", `POP /page-3 undefined`)
	u.app.Eval(`h.go(-2)`, nil)
	at("", `POP / undefined`)

	u.page.Reload()
	u.app = u.frame("main/")
	u.app.Eval(`bridge.view.createHistory().then((h) => { globalThis.h = h; })`, nil)
	u.app.Eval(`h.push("/deep?x=1#y")`, nil)
	u.page.Wait("the address", `location.hash === "#/deep?x=1#y"`)
	u.page.Reload()
	u.want(u.frame("main/"), `bridge.view.createHistory().then((h) => [h.location.pathname, h.location.search, h.location.hash])`, `["/deep","?x=1","#y"]`)
	u.want(u.app, `bridge.view.createHistory().then((h) => h.push("//elsewhere.example"))`, `undefined`)
	u.page.Wait("no other site", `location.hash.includes("elsewhere") && location.host === new URL(document.URL).host`)
}

func TestHistoryBlocks(t *testing.T) {
	u := openUI(t)
	u.app.Eval(`(async () => { globalThis.h = await bridge.view.createHistory(); await h.push("/1"); await h.push("/2"); globalThis.unblock = await h.block("Leave this task?"); })()`, nil)
	u.app.Eval(`h.push("/3"), 0`, nil)
	u.page.Find("button", "Stay").Click()
	u.page.Eval(`history.back()`, nil)
	u.page.Find("button", "Stay").Call(`function () { this.click() }`, nil) // with the mouse it could be a double click
	u.page.Wait("the old address", `location.hash === "#/2"`)
	u.page.Eval(`history.back()`, nil)
	u.page.Find("button", "Go on").Click()
	u.page.Wait("the address before", `location.hash === "#/1"`)
	u.app.Eval(`unblock()`, nil)
	u.app.Eval(`h.push("/4")`, nil)
	u.page.Wait("the next address", `location.hash === "#/4"`)
	if got := u.page.String(`String(document.querySelectorAll("dialog").length)`); got != "0" {
		t.Error("it still asks after unblock")
	}
}

func TestTheme(t *testing.T) {
	u := openUI(t)
	color := `getComputedStyle(document.body).backgroundColor`
	choose := func(theme string) {
		u.page.Eval(`(() => { const s = document.getElementById("theme"); s.value = "`+theme+`"; s.dispatchEvent(new Event("change")); })()`, nil)
	}
	choose("light")
	u.want(u.app, color, `"rgb(238, 238, 238)"`)
	u.want(u.app, `bridge.view.theme.enable()`, "undefined")
	u.want(u.app, `[document.documentElement.dataset.colorMode, document.documentElement.dataset.theme, `+color+`]`, `["light","dark:dark light:light","rgb(255, 255, 255)"]`)
	choose("dark")
	u.app.Wait("the dark theme", `document.documentElement.dataset.colorMode === "dark" && `+color+` === "rgb(29, 33, 37)"`)
	if got := u.page.String(`getComputedStyle(document.body).backgroundColor`); got != "rgb(18, 24, 27)" {
		t.Errorf("the product's page is %s", got)
	}
	u.want(u.app, openTask, "undefined")
	u.want(u.frame("dialog/"), `bridge.view.theme.enable().then(() => `+color+`)`, `"rgb(40, 46, 51)"`)
	u.page.Reload()
	if got := u.page.String(`document.documentElement.dataset.mode + document.getElementById("theme").value`); got != "darkdark" {
		t.Errorf("after a reload the theme is %s", got)
	}
	// A page that has not enabled the theme does not get it.
	u.app = u.frame("main/")
	u.want(u.app, `bridge.view.theme.enable()`, "undefined")
	u.app.Eval(`globalThis.old = true, void location.reload()`, nil)
	u.app.Wait("the app after its reload", `globalThis.bridge && !globalThis.old`)
	choose("light")
	u.app.Eval(`bridge.view.getContext().then(() => 0)`, nil) // a theme would arrive before the answer
	u.want(u.app, `document.documentElement.dataset.colorMode ?? "none"`, `"none"`)
	u.page.Quiet()
}

func TestView(t *testing.T) {
	u := openUI(t)
	u.want(u.app, `bridge.view.submit({team: "Forge"})`, "undefined")
	u.notice(`The app has submitted { "team": "Forge" }`)
	u.want(u.app, `bridge.view.refresh()`, "undefined")
	u.notice(`The product would reload the data of its page.`)
	u.want(u.app, `bridge.view.refresh({again: true})`, "undefined")
	u.notice(`The product would reload the data of its page. { "again": true }`)
	u.want(u.app, `bridge.view.emitReadyEvent()`, "undefined")
	u.notice(`The app reported that it is ready.`)
	u.want(u.app, `bridge.view.open()`, "undefined")
	u.notice(`The app asked to open its view. The view is already open.`)
	u.want(u.app, `bridge.view.changeWindowTitle("42 tasks")`, "undefined")
	if got := u.page.String(`document.title`); got != "42 tasks" {
		t.Errorf("the title is %q", got)
	}
	u.want(u.app, `bridge.view.getFrameDispatch()`, "undefined")
	u.want(u.app, `bridge.view.getContext().then(bridge.view.createAdfRendererIframeProps).then(({src}) => src)`, quote(u.host.URL()+"forge-apps/adf-renderer"))
	u.want(u.app, `bridge.view.onClose(async () => hear("closed")())`, "undefined")
	u.want(u.app, `bridge.view.close("bye")`, "undefined")
	u.notice(`The app has closed its view. "bye"`)
	u.hears(u.app, `[["closed"]]`)
	u.page.Wait("no app", `document.querySelector("iframe").hidden`)
	u.app.Eval(`globalThis.old = true`, nil)
	u.page.Find("button", "Open it again").Click()
	u.app.Wait("the app after its reload", `globalThis.bridge && !globalThis.old`)
}

func quote(text string) string {
	b, _ := json.Marshal(text)
	return strings.NewReplacer(`\u0026`, "&").Replace(string(b))
}
