package e2e

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"

	"github.com/forgego/forgego/test/harness/exampleapp"
)

// In these tests, the example uses what the product around it offers.

// withRealtime makes the host offer realtime. By default the copy of the example has no realtime.
func (w *world) withRealtime() {
	w.t.Helper()
	write(w.t, filepath.Join(w.manifest.Dir, "forgego.yml"), "remotes:\n  tasks-api:\n    url: "+w.recorder.url()+"\n")
}

// shows waits until the product's page has a visible element with this selector and this text.
func (a app) shows(selector, text string) {
	a.Page.Wait(fmt.Sprintf("%s with %q", selector, text),
		fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.checkVisibility() && e.textContent.includes(%q))", selector, text))
}

// list waits until the list has exactly these tasks, in this order.
func (a app) list(names ...string) {
	a.Wait("the tasks "+strings.Join(names, ", "),
		fmt.Sprintf(`[...document.querySelectorAll("#tasks .name")].map((e) => e.textContent).join("\n") === %q`, strings.Join(names, "\n")))
}

// TestExampleFollowsTheTheme checks that the page follows the theme switch of the product, by the attribute and by the
// design tokens.
func TestExampleFollowsTheTheme(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	background := func() string { return a.String(`getComputedStyle(document.documentElement).backgroundColor`) }
	var colors []string
	for _, theme := range []string{"dark", "light"} {
		a.Page.Find("combobox", "Theme").Choose(theme)
		a.Wait("the theme "+theme, fmt.Sprintf(`document.documentElement.dataset.colorMode === %q && getComputedStyle(document.documentElement).colorScheme === %[1]q`, theme))
		colors = append(colors, background())
	}
	// The colors of --ds-surface. The page's own dark color is different.
	if want := []string{"rgb(29, 33, 37)", "rgb(255, 255, 255)"}; !slices.Equal(colors, want) {
		t.Errorf("the page is drawn on %q, want %q", colors, want)
	}
	a.Eval(`document.adoptedStyleSheets[0].replaceSync("html { --ds-surface: rgb(1, 2, 3); }")`, nil)
	if got := background(); got != "rgb(1, 2, 3)" {
		t.Errorf("with another token the page is drawn on %s", got)
	}
	a.Page.Quiet()
}

// TestPageShowsItsPlace checks that the page shows its place, and that its links use the product's router.
func TestPageShowsItsPlace(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	for _, c := range []struct{ module, link, path string }{
		{"tasks-panel", "Issue DEMO-1", "browse/DEMO-1"},
		{"tasks-page", "Space DEMO", "wiki/spaces/DEMO"},
	} {
		a.Page.Goto(w.host.url + "?module=" + c.module)
		a.Ready()
		if got := a.String(`document.getElementById("where").href`); got != w.host.url+c.path {
			t.Errorf("the link's address is %s", got)
		}
		a.tabTo(t, "link", c.link)
		a.Page.Press(browser.Enter)
		a.shows("#notice", "The product would go to "+w.host.url+c.path)
		a.Find("link", c.link).Call(`function () { this.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true, cancelable: true })); }`, nil)
		a.shows("#notice", "new tab")
	}
	a.Page.Quiet()
}

// TestUndoRestoresATask checks that a task that one window deletes disappears in the other window. Undo in the flag
// restores it with its file, its id and its place in the list.
func TestUndoRestoresATask(t *testing.T) {
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, example)
	a, b := h.open(t), h.open(t)
	for _, window := range []app{a, b} {
		window.Ready()
		window.IsLive()
	}
	for _, name := range []string{"One", "Two", "Three"} {
		a.Add(name, "direct")
	}
	b.list("One", "Two", "Three")
	a.Eval(`{
		const files = new DataTransfer();
		files.items.add(new File(["data"], "notes.txt", { type: "text/plain" }));
		const input = document.querySelectorAll("#tasks input[type=file]")[1];
		input.files = files.files;
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}`, nil)
	b.Wait("the file", `document.querySelector("#tasks .file-name")?.textContent === "notes.txt"`)
	id := func(window app) string {
		return window.String(`[...document.querySelectorAll("#tasks li")].find((e) => e.textContent.includes("Two")).dataset.id`)
	}
	before := id(b)

	a.Find("button", "Delete Two").Click()
	a.Says("Deleted “Two” by direct")
	a.shows(".flag", "Deleted “Two”")
	b.list("One", "Three")
	a.Page.Find("button", "Undo").Click()
	a.Says("Brought “Two” back by direct")
	a.Page.Wait("no flag", `!document.querySelector(".flag")`)
	for _, window := range []app{a, b} {
		window.list("One", "Two", "Three")
		window.Wait("its file", `document.querySelectorAll("#tasks li")[1].querySelector(".file-name")?.textContent === "notes.txt"`)
		if got := id(window); got != before {
			t.Errorf("its id is %s, and was %s", got, before)
		}
	}
	a.Wait("the focus on the restored task", `document.activeElement.dataset.id === `+fmt.Sprintf("%q", before))

	// Here are two flags at once. One of them has no effect, because another window has already undone the same deletion.
	a.Find("button", "Delete One").Click()
	a.Says("Deleted “One” by direct")
	a.Page.Press(browser.ArrowUp) // otherwise a quick click at the same place counts as a double click
	a.Find("button", "Delete Two").Click()
	a.Says("Deleted “Two” by direct")
	a.Page.Wait("two flags", `document.querySelectorAll(".flag").length === 2`)
	b.list("Three")
	b.Eval(`__bridge.callBridge("fetchRemote", { remoteKey: "tasks-api", fetchRequestInit: { path: "/tasks/`+before+`/restore", method: "POST", body: "", headers: [] } })
		.then(() => __bridge.callBridge("publishRealtimeChannel", { channelName: "tasks", isGlobal: true, eventPayload: { task: "`+before+`", from: "x" } })).then(() => 1)`, nil)
	a.list("Two", "Three")
	a.Page.Wait("one flag", `document.querySelectorAll(".flag").length === 1`)
	a.shows(".flag", "Deleted “One”")
	a.Page.Quiet()
	b.Page.Quiet()
}

// TestDetailsRenameATask opens a task's dialog with the keyboard, renames the task there, and returns to the control that
// opened the dialog.
func TestDetailsRenameATask(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	for _, name := range []string{"One", "Two"} {
		a.Add(name, "requestRemote")
	}
	a.tabTo(t, "button", "Details of One")
	a.Page.Press(browser.Enter)
	a.shows("dialog", "Task details")
	d := a.dialog()
	d.waitForName(t)
	d.wait(t, "the name", `document.activeElement.value === "One"`)
	a.Page.Press(browser.End + strings.Repeat(browser.Backspace, 3) + browser.Enter)
	d.wait(t, "the message", `document.getElementById("new-name-message").textContent === "A task needs a name."`)
	a.Page.Press("Uno" + browser.Enter)
	a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	a.Wait("the result", `document.querySelector("#status").textContent === "Renamed “One” to “Uno”."`)
	a.isBackAt("Details of Uno", "Details of One") // the recorder's stream sends no events
	sent := w.recorder.of("PATCH")
	if len(sent) != 1 || sent[0].body != `{"name":"Uno"}` {
		t.Errorf("sent %v", sent)
	}

	// Escape and Cancel change nothing. They also move the focus back.
	for _, leave := range []string{browser.Escape, browser.Tab + browser.Tab + browser.Enter} {
		a.Page.Press(browser.Enter)
		d.waitForName(t)
		a.Page.Press(leave)
		a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
		a.isBackAt("Details of Uno", "Details of One")
	}
	a.Page.Reload()
	a.Ready()
	a.list("Uno", "Two")
	a.Page.Quiet()
}

// isBackAt waits until a control with one of these names has the focus.
func (a app) isBackAt(names ...string) {
	a.Wait("the focus on what opened the dialog", fmt.Sprintf(`document.hasFocus() && %q.split("\n").includes(document.activeElement.getAttribute("aria-label"))`, strings.Join(names, "\n")))
}

// TestDetailsShowErrors checks that the dialog shows an error, and that the user can try again.
func TestDetailsShowErrors(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Add("One", "requestRemote")
	a.Find("button", "Details of One").Click()
	d := a.dialog()
	d.waitForName(t)
	w.recorder.down()
	a.Page.Press(browser.End + "!" + browser.Enter)
	d.wait(t, "the message", `document.getElementById("details-failures").innerText.includes("Renaming “One” failed. The task service could not be reached.")`)
	w.recorder.up(t)
	d.wait(t, "the button", `document.querySelector("#details-failures .retry").click() ?? true`)
	a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	a.Wait("the result", `document.querySelector("#status").textContent === "Renamed “One” to “One!”."`)
}

// TestPageIsInGerman checks that the page uses the language of the product's user, or English if it does not support that
// language.
func TestPageIsInGerman(t *testing.T) {
	chromium.Stays(t, browser.Chromium, "other drivers cannot set the language of a browser")
	w := newWorld(t)
	a := w.host.open(t)
	speak := func(language string) {
		a.Page.SetLanguage(language)
		a.Page.Reload()
		a.Wait("the tasks", `/^(Loaded|\d+ Aufgabe)/.test(document.querySelector("#status")?.textContent)`)
	}
	speak("de")
	if got := a.String(`document.documentElement.lang + " " + document.title`); got != "de Aufgaben" {
		t.Errorf("the document is %s", got)
	}
	a.Find("heading", "Aufgaben").WaitCount(1)
	a.Find("link", "Vorgang DEMO-1").WaitCount(1)
	a.Find("radiogroup", "Senden mit").WaitCount(1)
	a.Find("textbox", "Name der Aufgabe").Type("Eins" + browser.Enter)
	a.Wait("the task", `/^„Eins“ hinzugefügt \(per requestRemote, \d+ ms\)\.$/.test(document.querySelector("#status").textContent)`)
	for _, name := range []string{"Details zu Eins", "Eins löschen"} {
		a.Find("button", name).WaitCount(1)
	}
	a.Find("button", "Hinzufügen").Click()
	a.Wait("the message", `document.getElementById("name-message").textContent === "Eine Aufgabe braucht einen Namen."`)
	a.Find("button", "Details zu Eins").Click()
	a.shows("dialog", "Details der Aufgabe")
	a.dialog().wait(t, "German in the dialog", `document.documentElement.lang === "de" && document.getElementById("save").textContent === "Speichern" && !document.getElementById("save").disabled`)
	a.Page.Press(browser.Escape)
	a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	a.Find("button", "Eins löschen").Click()
	a.shows(".flag", "„Eins“ gelöscht")
	a.shows(".flag button", "Rückgängig")
	// No text of the page is in the other language, except texts that are not translated.
	if text := a.Text(); strings.Contains(text, "Task") || strings.Contains(text, "Send with") || strings.Contains(text, "{") {
		t.Errorf("the page shows\n%s", text)
	}
	speak("fr")
	if got := a.String(`document.documentElement.lang + " " + document.getElementById("title").textContent`); got != "en Tasks" {
		t.Errorf("in French the page is %s", got)
	}
	a.Page.Quiet()
}

// TestRealtime checks that a change in one window reaches another window through the product. The recorder's event stream
// sends nothing.
func TestRealtime(t *testing.T) {
	w := newWorld(t)
	w.withRealtime()
	a, b := w.host.open(t), w.host.open(t)
	for _, window := range []app{a, b} {
		window.Ready()
		window.IsLive()
	}
	a.Add("One", "requestRemote")
	b.list("One")
	b.Find("checkbox", "One").Click()
	a.Wait("the other window's change", `document.querySelector("#tasks input[type=checkbox]").checked`)
	a.Find("button", "Details of One").Click()
	d := a.dialog()
	d.waitForName(t)
	a.Page.Press(browser.End + "!" + browser.Enter)
	for _, window := range []app{b, a} {
		window.list("One!")
	}
	for _, q := range w.recorder.all() {
		if strings.HasPrefix(q.uri, "/tasks/events") {
			t.Fatal("the event stream is open, too")
		}
	}
	a.Page.Quiet()
	b.Page.Quiet()
}

// TestStream checks that the backend's own events bring the changes of another window if the product has no realtime.
func TestStream(t *testing.T) {
	dir := exampleapp.Copy(t, example, "")
	write(t, filepath.Join(dir, "forgego.yml"), fmt.Sprintf("realtime: off\nremotes:\n  tasks-api:\n    command: [%q]\n", remote))
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, dir)
	a, b := h.open(t), h.open(t)
	for _, window := range []app{a, b} {
		window.Ready()
		window.IsLive()
	}
	a.Add("One", "requestRemote")
	b.list("One")
	b.Find("button", "Delete One").Click()
	a.list()
	b.Page.Find("button", "Undo").Click()
	a.list("One")
	h.stop(t) // a request is logged when it ends
	if !strings.Contains(h.text(), "method=GET path=/tasks/events status=200") {
		t.Error("no event stream was opened")
	}
}

// TestWindowsShareOneStream checks that the app works in more windows than a browser opens connections to the backend, if
// the product has no realtime. This works because one window reads the event stream for all of them.
func TestWindowsShareOneStream(t *testing.T) {
	dir := exampleapp.Copy(t, example, "")
	write(t, filepath.Join(dir, "forgego.yml"), fmt.Sprintf("realtime: off\nremotes:\n  tasks-api:\n    command: [%q]\n", remote))
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, dir)
	first := h.open(t)
	windows := []app{first}
	for range 8 {
		windows = append(windows, app{first.OpenAnother(h.url)})
	}
	for _, w := range windows {
		w.Ready()
		w.IsLive()
	}
	windows[8].Add("One", "requestRemote")
	first.Add("Two", "direct")
	for _, w := range windows {
		w.list("One", "Two")
	}
	for _, w := range windows {
		w.Page.Quiet()
	}
}
