package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/browser"
)

func property(name string) string {
	return fmt.Sprintf(`getComputedStyle(document.documentElement).getPropertyValue(%q).trim()`, name)
}

func TestStyleSheets(t *testing.T) {
	reported := &events{}
	e := openEdited(t, devhost.WithReport(reported.add))
	markPage(e.app)
	for name, tt := range map[string]struct{ file, text, shown string }{
		"linked with a query":  {"app.css", ":root { --direct: new; }", property("--direct") + ` === "new"`},
		"imported":             {"colors.css", "@import 'deep.css'; :root { --imported: new; }", property("--imported") + ` === "new"`},
		"imported by imported": {"deep.css", ":root { --deep: new; }", property("--deep") + ` === "new"`},
		"in a shadow root":     {"shadow.css", ":host { --shadow: new; }", `getComputedStyle(document.querySelector("shadow-field")).getPropertyValue("--shadow").trim() === "new"`},
	} {
		e.change("main/"+tt.file, tt.text, devhost.StyleSheets)
		e.app.Wait("the new style of a sheet that is "+name, tt.shown)
		e.app.Wait("no copies", `document.querySelectorAll("link[rel=stylesheet]").length === 2 && document.querySelector("shadow-field").shadowRoot.querySelectorAll("link").length === 1`)
		if e.page.Engine == browser.Firefox && strings.HasPrefix(name, "imported") {
			isNew(e.app) // Firefox keeps imported sheets for as long as the page is shown, so the page is loaded again
			e.ready()
			markPage(e.app)
			continue
		}
		e.stays(e.app)
	}

	// The old sheet stays while the new one does not load.
	if err := os.Remove(filepath.Join(e.dir, "main", "app.css")); err != nil {
		t.Fatal(err)
	}
	e.host.Refresh(devhost.Refresh{Part: devhost.StyleSheets, Resource: "main", Paths: []string{"app.css"}})
	reported.wait(e.page, 1, devhost.EventPageError, "error", "cannot load main/app.css")
	e.app.Wait("the old sheet", `document.querySelectorAll("link[rel=stylesheet]").length === 2`)
	e.want(e.app, property("--direct"), `"new"`)

	// A file that the page does not use changes nothing. The next change shows that the first one was handled.
	e.change("main/unused.css", ":root { --unused: new; }", devhost.StyleSheets)
	e.change("main/app.css", ":root { --direct: newer; }", devhost.StyleSheets)
	e.app.Wait("the newer style", property("--direct")+` === "newer"`)
	e.stays(e.app)

	// A file that a script has read may be anywhere in the page.
	e.app.Eval(`fetch("fetched.css").then((response) => response.text()).then(() => 0)`, nil)
	e.app.Wait("the entry", `performance.getEntriesByType("resource").some(({name}) => name.endsWith("fetched.css"))`)
	e.change("main/fetched.css", "p { color: blue; }", devhost.StyleSheets)
	isNew(e.app)
}

// TestPreloadedFileIsNew checks that a page which is loaded again gets the file as it is now. WebKit keeps it for the next page.
func TestPreloadedFileIsNew(t *testing.T) {
	e := openEdited(t)
	file := func(content int) { e.write("main/program.json", fmt.Sprintf("[%d]", content)) }
	file(0)
	e.write("main/index.html", `<!doctype html><meta charset="utf-8"><title>App</title>
		<link rel="preload" href="program.json" as="fetch" fetchpriority="high">
		<script src="program.js" defer></script>`)
	e.change("main/program.js", `fetch("program.json", { mode: "no-cors", credentials: "include" }).then((answer) => answer.json()).then(([content]) => { globalThis.content = content; });`, devhost.AppPage)
	shows := func(content int) {
		e.app.Wait(fmt.Sprint("content ", content), fmt.Sprintf("globalThis.content === %d", content))
	}
	shows(0)
	file(1)
	e.host.Refresh(devhost.Refresh{Part: devhost.AppPage, Resource: "main"})
	shows(1)
	file(2)
	e.page.Reload() // by the user
	shows(2)
}

func TestReloadKeepsState(t *testing.T) {
	for name, tt := range map[string]struct {
		part  devhost.Part
		isNew func(e *edited)
	}{
		"the app's page":     {part: devhost.AppPage, isNew: func(e *edited) { isNew(e.app) }},
		"the product's page": {part: devhost.ProductPage, isNew: func(e *edited) { isNew(e.page.Frame); isNew(e.app) }},
	} {
		t.Run(name, func(t *testing.T) {
			e := openEdited(t)
			// Without the focus: in WebKit the button stays the active element when the user clicks in the frame.
			e.page.Find("button", "Bridge").Call(`function () { this.click() }`, nil)
			e.app.Find("textbox", "Early").Type("early")
			e.app.Eval(`document.querySelector("[name=secret]").focus(), 0`, nil) // it is not a textbox in each engine
			e.page.Press("hunter2")
			e.app.Find("textbox", "Text").Type("two words")
			e.app.Find("textbox", "Prefilled").Type("typed")
			e.app.Find("textbox", "Inside").Type("in the shadow")
			e.app.Find("combobox", "Kind").Call(`function () { this.focus() }`, nil)
			e.page.Press("B")
			e.app.Find("checkbox", "Done").Click()
			e.app.Find("radio", "High").Click()
			e.app.Find("textbox", "Note").Click()
			e.page.Press("a note")
			e.app.Eval(`document.querySelector('input[aria-label=""]').focus(), 0`, nil)
			e.page.Press("found by its path")
			e.app.Eval(`document.querySelector("summary").scrollIntoView(), 0`, nil)
			e.app.Find("DisclosureTriangle", "More").Click()
			e.app.Find("textbox", "Title").Type("Buy milk")
			e.want(e.app, `(async () => { const h = await __bridge.callBridge("createHistory"); await h.push("/task/1?a=b", {from: "test"}); return 1; })()`, "1")
			place := e.page.String(`JSON.stringify([location.hash, history.state, history.length])`)
			e.app.Eval(`{
				const title = document.querySelector("[name=title]");
				title.focus();
				title.setSelectionRange(4, 6, "backward");
				document.getElementById("menu").showPopover();
				document.getElementById("list").scrollTop = 700;
				scrollTo(0, 900);
			}`, nil)
			markPage(e.app)
			markPage(e.page.Frame)
			e.host.Refresh(devhost.Refresh{Part: tt.part, Resource: "main"})
			tt.isNew(e)
			for what, expression := range map[string]string{
				"an input of the HTML page": `early.value === "early"`,
				"an input":                  `document.querySelector("[name=title]").value === "Buy milk"`,
				"a text area":               `document.querySelector("textarea").value === "two words"`,
				"an input with a value":     `document.querySelector("[name=prefilled]").value === "typed"`,
				"an input in a shadow root": `document.querySelector("shadow-field").shadowRoot.querySelector("input").value === "in the shadow"`,
				"a select element":          `document.querySelector("select").value === "Bug"`,
				"a checkbox":                `document.querySelector("[name=done]").checked`,
				"a radio button":            `document.querySelector("[name=level][value=high]").checked`,
				"an editable element":       `note.textContent === "a note"`,
				"an input without a name":   `document.querySelector('input[aria-label=""]').value === "found by its path"`,
				"details":                   `document.querySelector("details").open`,
				"a popover":                 `menu.matches(":popover-open")`,
				"the page's position":       `scrollY === 900`,
				"an element's position":     `list.scrollTop === 700`,
				"the focus":                 `document.hasFocus() && document.activeElement === document.querySelector("[name=title]")`,
				"the selection":             `JSON.stringify([document.activeElement.selectionStart, document.activeElement.selectionEnd, document.activeElement.selectionDirection]) === '[4,6,"backward"]'`,
				"the program's state":       `counts.inputs > 0 && counts.clicks === 0`,
			} {
				if (what == "the focus" || what == "the selection") && tt.part == devhost.ProductPage && e.page.Engine == browser.WebKit {
					continue // a script cannot move the focus into a frame in which the user has not clicked
				}
				e.app.Wait(what, expression)
			}
			if got := e.app.String(`document.querySelector("[name=secret]").value`); got != "" {
				t.Errorf("the password is %q", got)
			}
			if got := e.page.String(`JSON.stringify([location.hash, history.state, history.length])`); got != place {
				t.Errorf("the place in the app's history is %s, want %s", got, place)
			}
			if got := e.page.String(`JSON.stringify({...sessionStorage})`); got != "{}" {
				t.Errorf("the session storage has %s", got)
			}
			if got := e.page.String(`document.getElementById("traffic-toggle").getAttribute("aria-expanded")`); got != "false" {
				t.Error("the panel is open again")
			}
			e.page.Quiet()
		})
	}
}

func TestReloadKeepsAppDialog(t *testing.T) {
	for name, tt := range map[string]struct{ open, is string }{
		"modal":     {"showModal", ":modal"},
		"not modal": {"show", "[open]:not(:modal)"},
	} {
		t.Run(name, func(t *testing.T) {
			e := openEdited(t)
			e.app.Eval(`ask.`+tt.open+`(), 0`, nil)
			markPage(e.app)
			e.host.Refresh(devhost.Refresh{Part: devhost.AppPage})
			isNew(e.app)
			e.app.Wait("the dialog", `globalThis.ready && ask.matches("`+tt.is+`")`)
		})
	}
}

// TestReloadKeepsModal checks that a modal of the product stays when its own page or its opener's is loaded again.
func TestReloadKeepsModal(t *testing.T) {
	e := openEdited(t)
	e.want(e.app, `__bridge.callBridge("openModal", {resource: "dialog", context: {task: 1}})`, "true")
	dialog := e.page.Iframe(e.host.AppURL() + "dialog/")
	dialog.Find("textbox", "Name").Type("Ann")
	dialog.Wait("the text", `document.querySelector("input").value === "Ann"`)
	markPage(e.app)
	markPage(dialog)
	e.host.Refresh(devhost.Refresh{Part: devhost.AppPage, Resource: "main"})
	isNew(e.app)
	e.stays(dialog)
	markPage(e.app)
	e.host.Refresh(devhost.Refresh{Part: devhost.AppPage, Resource: "dialog"})
	isNew(dialog)
	e.stays(e.app)
	dialog.Wait("the field", `document.querySelector("input").value === "Ann"`)
	e.want(dialog, `__bridge.callBridge("getContext").then((c) => c.extension.modal)`, `{"task":1}`)
	dialog.Eval(`void __bridge.callBridge("close")`, nil)
	e.page.Wait("no dialog", `!document.querySelector("dialog")`)
}

func TestReloadShowsChangedDefault(t *testing.T) {
	e := openEdited(t)
	e.app.Find("textbox", "Early").Type("typed")
	e.app.Find("textbox", "Title").Type("kept")
	page, err := os.ReadFile(filepath.Join(e.dir, "main", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	markPage(e.app)
	e.change("main/index.html", strings.Replace(string(page), `value="default"`, `value="another"`, 1), devhost.AppPage)
	isNew(e.app)
	e.app.Wait("the other field", `document.querySelector("[name=title]")?.value === "kept"`)
	e.want(e.app, `early.value`, `"another"`)
}

// TestReloadLeavesFieldToUser checks that a field that the user changes while the app starts keeps the new text.
func TestReloadLeavesFieldToUser(t *testing.T) {
	e := openEdited(t)
	e.app.Find("textbox", "Title").Type("before")
	script, err := os.ReadFile(filepath.Join(e.dir, "main", "app.js"))
	if err != nil {
		t.Fatal(err)
	}
	// The new program fills the field only when the test wants it.
	late := strings.Replace(string(script), `<input name="title">`, `<input name="title" value="loading">`, 1) +
		"\nglobalThis.fill = () => { document.querySelector('[name=title]').value = ''; return true; };"
	markPage(e.app)
	e.change("main/app.js", late, devhost.AppPage)
	isNew(e.app)
	e.ready()
	e.app.Find("textbox", "Title").Type("after")
	e.want(e.app, `fill()`, "true")
	e.app.Eval(`new Promise((resolve) => { document.body.append("x"); setTimeout(resolve) })`, nil)
	e.want(e.app, `document.querySelector("[name=title]").value`, `""`)
}

func TestReloadWithoutBridge(t *testing.T) {
	e := openEdited(t)
	e.app.Find("textbox", "Title").Type("kept")
	page, err := os.ReadFile(filepath.Join(e.dir, "main", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(e.dir, "main", "index.html")); err != nil {
		t.Fatal(err)
	}
	length := e.page.String(`String(history.length)`)
	e.host.Refresh(devhost.Refresh{Part: devhost.AppPage})
	e.page.Wait("the page without a bridge", `document.getElementById("traffic-state").textContent.includes("has not loaded the bridge")`)
	e.change("main/index.html", string(page), devhost.AppPage)
	e.app.Wait("the app with its field", `document.querySelector("[name=title]")?.value === "kept"`)
	if got := e.page.String(`String(history.length)`); got != length {
		t.Errorf("the browser's history has %s entries, had %s", got, length)
	}
}

// TestQuickReloads checks that the last of many quick changes is shown, with the state of the first page.
func TestQuickReloads(t *testing.T) {
	e := openEdited(t)
	e.app.Find("textbox", "Title").Type("kept")
	length := e.page.String(`String(history.length)`)
	for i := range 50 {
		e.change("main/app.css", fmt.Sprintf(":root { --direct: %d; }", i), devhost.AppPage)
	}
	e.app.Wait("the last version with its field", property("--direct")+` === "49" && document.querySelector("[name=title]")?.value === "kept"`)
	if got := e.page.String(`String(history.length)`); got != length {
		t.Errorf("the browser's history has %s entries, had %s", got, length)
	}
}

// TestReloadAsksNothing checks that an app that asks before it is left is reloaded without a question.
func TestReloadAsksNothing(t *testing.T) {
	for _, part := range []devhost.Part{devhost.AppPage, devhost.ProductPage} {
		t.Run(string(part), func(t *testing.T) {
			e := openEdited(t)
			e.app.Eval(`addEventListener("beforeunload", (event) => event.preventDefault()), 0`, nil)
			e.app.Find("textbox", "Title").Type("kept")
			markPage(e.app)
			e.host.Refresh(devhost.Refresh{Part: part})
			isNew(e.app)
		})
	}
}

// TestManyWindows checks that windows do not run out of connections. A browser opens six HTTP/1.1 connections to an origin.
func TestManyWindows(t *testing.T) {
	e := openEdited(t)
	windows := []*browser.Page{e.page}
	for range 19 {
		windows = append(windows, e.page.OpenWindow(e.host.URL()))
	}
	for _, w := range windows {
		f := w.Iframe(e.host.AppURL() + "main/")
		f.Wait("the app", "globalThis.ready")
		markPage(f)
	}
	e.connected(windows...)
	e.host.Refresh(devhost.Refresh{Part: devhost.AppPage})
	for _, w := range windows {
		f := w.Iframe(e.host.AppURL() + "main/")
		isNew(f)
		f.Wait("the app", "globalThis.ready")
	}
}

// TestNewModule checks that a page without a module shows the module as soon as the manifest has it.
func TestNewModule(t *testing.T) {
	e := openEdited(t)
	e.page.Goto(e.host.URL() + "?module=new")
	e.page.Wait("the message", `document.querySelector("h1").innerText === "There is no such module"`)
	e.page.Eval(`globalThis.old = true, 0`, nil)
	manifest, err := os.ReadFile(filepath.Join(e.dir, "manifest.yml"))
	if err != nil {
		t.Fatal(err)
	}
	e.write("manifest.yml", strings.Replace(string(manifest), "key: page", "key: new", 1))
	// The host reaches a page only when it has become a window.
	e.page.Until("the window", func(context.Context) (bool, error) {
		return slices.ContainsFunc(e.host.Windows(), func(w devhost.Window) bool { return w.Module == "new" }), nil
	})
	if err := e.host.Reload(); err != nil {
		t.Fatal(err)
	}
	e.page.Wait("the new page", `globalThis.old === undefined`)
	e.ready()
}
