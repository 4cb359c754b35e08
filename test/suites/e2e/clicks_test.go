package e2e

import (
	"testing"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// addTasks adds tasks of these names.
func (a app) addTasks(names ...string) {
	for _, name := range names {
		a.Add(name, "requestRemote")
	}
}

// TestDoubleClickDeletesOneTask checks that the second click of a double click does not press the button that has moved
// under the pointer. A later click does.
func TestDoubleClickDeletesOneTask(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One", "Two", "Three", "Four")
	x, y := a.MiddleOf("#tasks li .delete")
	begin := time.Now()
	a.Page.ClickAt(x, y, begin)
	a.list("Two", "Three", "Four")
	a.Page.ClickAt(x, y, begin.Add(250*time.Millisecond))
	a.Page.ClickAt(x, y, begin.Add(400*time.Millisecond))
	a.Page.ClickAt(x, y, begin.Add(1200*time.Millisecond))
	a.list("Three", "Four")

	// The same place of a message: the first click removes one of two, which moves the other.
	w.recorder.down()
	a.Find("checkbox", "Three").Click()
	a.Complains("Completing “Three” failed.")
	a.Find("checkbox", "Four").Click()
	a.Complains("Completing “Four” failed.")
	x, y = a.MiddleOf("#failures .dismiss")
	begin = time.Now().Add(time.Second)
	a.Page.ClickAt(x, y, begin)
	a.Wait("one message", `document.querySelectorAll("#failures .failure").length === 1`)
	a.Page.ClickAt(x, y, begin.Add(80*time.Millisecond))
	if got := a.String(`document.querySelector("#failures").innerText`); got == "" {
		t.Error("a double click on Dismiss removes the next message, too")
	}
	w.recorder.up(t)
	if sent := w.recorder.of("DELETE"); len(sent) != 2 {
		t.Errorf("%d requests to delete were sent, want 2", len(sent))
	}
}

// TestHeldEnterDeletesOneTask checks that a key that is held acts once, though the focus moves to the next button.
func TestHeldEnterDeletesOneTask(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "its driver does not repeat a held key")
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One", "Two", "Three")
	a.tabTo(t, "button", "Delete One")
	begin := time.Now()
	a.Page.HoldEnter(begin, 3, func() {
		a.list("Two", "Three")
		a.Wait("the focus on the next button", `document.activeElement.getAttribute("aria-label") === "Delete Two"`)
	})
	a.Page.HoldEnter(begin.Add(400*time.Millisecond), 3, func() {}) // too soon: the user cannot have seen where the focus is
	a.Page.HoldEnter(begin.Add(2*time.Second), 3, func() {
		a.list("Three")
		a.Wait("the focus on the next button", `document.activeElement.getAttribute("aria-label") === "Delete Three"`)
	})
	a.Page.Press(browser.Tab)
	a.list("Three")

	a.Find("textbox", "Task name").Type("Four")
	a.Page.HoldEnter(begin.Add(4*time.Second), 3, func() { a.Says("Added “Four” by requestRemote") })
	if got := a.String(`document.getElementById("name-message").textContent`); got != "" {
		t.Errorf("the repeats of Enter add a task without a name: %s", got)
	}
}

// TestUndoKey checks that the last deletion can be undone from anywhere in the list, by one key.
func TestUndoKey(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One", "Two", "Three")
	a.tabTo(t, "button", "Delete Two")
	a.Page.Press(browser.Enter)
	a.list("One", "Three")
	a.shows(".flag", "Ctrl+Z")
	a.Page.PressTogether(browser.Control, "z")
	a.list("One", "Two", "Three")
	a.Wait("the focus on the task", `document.activeElement.textContent.includes("Two")`)
	a.Page.Wait("no flag", `!document.querySelector(".flag")`)
	a.Page.Quiet()
}

// TestUndoLeavesTheFocusInTheDialog checks that Undo, which is in front of an open dialog, does not move the focus behind it.
func TestUndoLeavesTheFocusInTheDialog(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One", "Two")
	a.Find("button", "Delete Two").Click()
	a.list("One")
	a.shows(".flag", "Deleted “Two”")
	a.Find("button", "Details of One").Click()
	d := a.dialog()
	d.waitForName(t)
	a.Page.Find("button", "Undo").Click()
	a.list("One", "Two")
	a.Page.Wait("the focus stays out of the list", `!document.activeElement.matches("#stage iframe")`)
	if a.Page.Engine == browser.WebKit {
		return // a key reaches no document until the next click
	}
	a.Page.Press(browser.Escape)
	a.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	a.isBackAt("Details of One")
}
