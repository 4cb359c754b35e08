package e2e

import (
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestMainJob does what the example is for, in two windows: tasks by each of the three ways, a file, live changes, the dialog,
// Undo in a flag, the theme and the language. It is the test of this package that runs in each browser with every change.
func TestMainJob(t *testing.T) {
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, example)
	a, b := h.open(t), h.open(t)
	for _, window := range []app{a, b} {
		window.Ready()
		window.IsLive()
	}
	if got, want := a.ShareWith(b.App, 4096), "4096 bytes, 0 wrong, application/octet-stream"; got != want {
		t.Errorf("downloaded %s, want %s", got, want)
	}
	a.Unshare(b.App)
	b.Page.Find("button", "Dismiss").Click() // its Undo would be a second one
	b.Page.Wait("no flag", `!document.querySelector(".flag")`)

	names := []string{"Keep requestRemote", "Keep invokeRemote", "Keep direct"}
	for _, way := range []string{"requestRemote", "invokeRemote", "direct"} {
		a.KeepAndDrop(way)
		a.Page.Press(browser.ArrowUp) // otherwise a quick click at the same place counts as a double click
	}
	b.list(names...)

	a.Find("button", "Details of Keep direct").Click()
	d := a.dialog()
	d.waitForName(t)
	a.Page.Press(browser.End + "ly" + browser.Enter)
	a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	names[2] = "Keep directly"
	b.list(names...)

	b.Find("button", "Delete Keep invokeRemote").Click()
	a.list(names[0], names[2])
	b.shows(".flag", "Deleted “Keep invokeRemote”")
	b.Page.Find("button", "Undo").Click()
	a.list(names...)

	for theme, color := range map[string]string{"dark": "rgb(29, 33, 37)", "light": "rgb(255, 255, 255)"} {
		a.Page.Find("combobox", "Theme").Choose(theme)
		a.Wait("the theme "+theme, `getComputedStyle(document.documentElement).backgroundColor === "`+color+`"`)
	}
	a.Page.Find("combobox", "Language").Choose("de-DE")
	a.Wait("German", `document.documentElement.lang === "de" && document.title === "Aufgaben"`)
	a.Find("button", "Hinzufügen").WaitCount(1)
	a.list(names...)
	a.Page.Quiet()
	b.Page.Quiet()
}
