package e2e

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"

	"github.com/forgego/forgego/test/harness/exampleapp"
)

var ways = []string{"requestRemote", "invokeRemote"}

// waysAreOneLine checks that "Send with" and its three choices are on one line. WebKit put a legend on its own line, so
// there must be no legend.
func waysAreOneLine(t *testing.T, a app) {
	t.Helper()
	var tops []int
	a.Eval(`[...document.querySelectorAll("#ways > *")].map((e) => Math.round(e.getBoundingClientRect().top + e.getBoundingClientRect().height / 2))`, &tops)
	if len(tops) != 4 || slices.Max(tops)-slices.Min(tops) > 1 {
		t.Errorf("the middles of the label and the three ways are at %v pixels, want one line", tops)
	}
	var legends int
	a.Eval(`document.querySelectorAll("legend").length`, &legends)
	if legends != 0 {
		t.Errorf("%d legend elements, want none", legends)
	}
}

// TestTasksSurviveARestart shows what the README describes: the example as "make demo" runs it, with the backend of its
// forgego.yml.
func TestTasksSurviveARestart(t *testing.T) {
	env := []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}
	h := dev(t, env, example)
	a := h.open(t)
	a.Ready()
	if got := a.Find("heading", "Tasks").Text(); got != "Tasks" {
		t.Errorf("the heading is %q", got)
	}
	a.Find("list", "Tasks").WaitCount(1)
	a.Find("radiogroup", "Send with").WaitCount(1)
	if !a.Find("radio", "requestRemote").Checked() {
		t.Error("requestRemote is not chosen at first")
	}
	waysAreOneLine(t, a)
	for _, way := range ways {
		a.KeepAndDrop(way)
	}
	a.Page.Quiet()

	want := []string{"Keep requestRemote", "Keep invokeRemote"}
	stillThere := func(when string, a app) {
		t.Helper()
		a.Ready()
		if got := a.Tasks(); !slices.Equal(got, want) {
			t.Errorf("%s the tasks are %q, want %q", when, got, want)
		}
		for _, name := range want {
			if !a.Find("checkbox", name).Checked() {
				t.Errorf("%s the task %q is not done", when, name)
			}
		}
	}
	a.Page.Reload()
	stillThere("after a reload", a)

	h.stop(t)
	backend := h.wait(t, `msg=listening url=(\S+)`)
	for what, address := range map[string]string{"product page": h.url, "backend": backend} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := net.Dial("tcp", u.Host); err == nil {
			c.Close()
			t.Errorf("after the command has ended, the %s still listens", what)
		}
	}
	h = dev(t, env, example)
	stillThere("after a restart", h.open(t))
	if strings.Contains(h.text(), "eyJ") {
		t.Error("the terminal shows a token")
	}
}

// TestEverythingWorksByKeyboard does everything without a mouse. The focus must never be lost.
func TestEverythingWorksByKeyboard(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.tabTo(t, "textbox", "Task name")
	a.Page.Press("One" + browser.Enter)
	a.Says("Added “One” by requestRemote")
	a.Page.Press("Two" + browser.Enter) // the field still has the focus
	a.Says("Added “Two” by requestRemote")
	a.tabTo(t, "radio", "requestRemote")
	a.Page.Press(browser.ArrowDown)
	if !a.Find("radio", "invokeRemote").Checked() {
		t.Error("an arrow key does not choose the other way")
	}
	a.tabTo(t, "checkbox", "One")
	a.Page.Press(" ")
	a.Says("Completed “One” by invokeRemote")
	a.tabTo(t, "button", "Delete One")
	a.Page.Press(browser.Enter)
	a.Says("Deleted “One” by invokeRemote")
	a.Wait("the focus on the next task", `document.activeElement.getAttribute("aria-label") === "Delete Two"`)
	a.Page.Press(browser.ArrowUp) // another key: the next Enter is meant for this button
	a.Page.Press(browser.Enter)
	a.Says("Deleted “Two” by invokeRemote")
	a.Wait("the focus in the field", `document.activeElement.id === "name"`)
	if got := a.Tasks(); len(got) != 0 {
		t.Errorf("the tasks are %q", got)
	}
	a.Page.Quiet()
}

// tabTo presses Tab until the element has the focus.
func (a app) tabTo(t *testing.T, role, name string) {
	t.Helper()
	for range 40 {
		if a.Find(role, name).HasFocus() {
			return
		}
		a.Page.Press(browser.Tab)
	}
	t.Fatalf("Tab never reaches the %s %q", role, name)
}

func TestBadNamesAreRefused(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	long := strings.Repeat("ü", 200)
	for _, test := range []struct{ name, text, message string }{
		{"nothing", "", "A task needs a name."},
		{"201 characters", long + "x", "at most 200 characters"},
		{"white space", " \t ", "A task needs a name."},
	} {
		t.Run(test.name, func(t *testing.T) {
			a.Find("textbox", "Task name").Type("")
			a.Find("textbox", "Task name").Fill(test.text)
			a.Find("button", "Add task").Click()
			a.Wait("the message", fmt.Sprintf(`document.getElementById("name-message").textContent.includes(%q)`, test.message))
			a.Find("textbox", "Task name").Call(`function() {
				if (this.getAttribute("aria-invalid") !== "true" || this.getAttribute("aria-describedby") !== "name-message") {
					throw new Error("the message is not the field's");
				}
			}`, nil)
		})
	}
	if sent := w.recorder.of("POST"); len(sent) != 0 {
		t.Errorf("%d requests were sent", len(sent))
	}
	a.Find("textbox", "Task name").Fill("  " + long + " ")
	a.Find("button", "Add task").Click()
	a.Find("checkbox", long).WaitCount(1)
	a.Page.Quiet()
}

// TestTwoAddsAtOnceAddTwoTasks checks that a second press during the first request adds nothing, and that two people who
// add a task at the same time get one task each.
func TestTwoAddsAtOnceAddTwoTasks(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t)
			release := w.recorder.holdChanges()
			defer release()
			a, b := w.host.open(t), w.host.open(t)
			for _, p := range []app{a, b} {
				p.Ready()
				p.Find("radio", way).Click()
			}
			a.Find("textbox", "Task name").Type("Twice" + browser.Enter + browser.Enter)
			a.Find("button", "Add task").Click()
			b.Find("textbox", "Task name").Type("Once" + browser.Enter)
			a.Find("button", "Add task").Call(`function() { if (!this.ariaBusy) throw new Error("the button is not busy") }`, nil)
			release()
			a.Says("Added “Twice” by " + way)
			b.Says("Added “Once” by " + way)
			a.Page.Reload()
			a.Ready()
			if got := a.Tasks(); len(got) != 2 || !slices.Contains(got, "Twice") || !slices.Contains(got, "Once") {
				t.Errorf("the tasks are %q", got)
			}
			if sent := w.recorder.of("POST"); len(sent) != 2 {
				t.Errorf("%d tasks were sent", len(sent))
			}
		})
	}
}

// TestBackendThatIsDown checks that the page shows an error and keeps the text while the backend does not answer. When the
// backend is back, a second press adds the task once.
func TestBackendThatIsDown(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t)
			a := w.host.open(t)
			a.Ready()
			a.Add("Before", way)
			w.backend.stop(t)
			w.recorder.down()

			a.Find("textbox", "Task name").Type("During")
			a.Find("button", "Add task").Click()
			a.Complains("Adding “During” failed. The task service could not be reached.")
			if got := a.Find("textbox", "Task name").Value(); got != "During" {
				t.Errorf("the field has %q", got)
			}
			a.Find("checkbox", "Before").Click()
			a.Complains("Completing “Before” failed. The task service could not be reached.")
			if a.Find("checkbox", "Before").Checked() {
				t.Error("the page shows the task as done")
			}
			a.Find("button", "Delete Before").Click()
			a.Complains("Deleting “Before” failed. The task service could not be reached.")

			w.startBackend()
			w.recorder.up(t)
			a.Find("button", "Add task").Click()
			a.Says("Added “During” by " + way)
			a.Page.Reload()
			a.Ready()
			if got := a.Tasks(); !slices.Equal(got, []string{"Before", "During"}) {
				t.Errorf("the tasks are %q", got)
			}
		})
	}
}

// TestLostAnswerAddsNoSecondTask checks that a second try does not add the task twice if the backend added it but its
// answer was lost.
func TestLostAnswerAddsNoSecondTask(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t)
			a := w.host.open(t)
			a.Ready()
			a.Find("radio", way).Click()
			w.recorder.loseAnswer()
			a.Find("textbox", "Task name").Type("Once")
			a.Find("button", "Add task").Click()
			a.Complains("Adding “Once” failed.")
			a.Find("button", "Add task").Click()
			a.Says("Added “Once” by " + way)
			a.Page.Reload()
			a.Ready()
			if got := a.Tasks(); !slices.Equal(got, []string{"Once"}) {
				t.Errorf("the tasks are %q", got)
			}
			sent := w.recorder.of("POST")
			if len(sent) < 2 || sent[0].header.Get("Idempotency-Key") == "" || sent[0].header.Get("Idempotency-Key") != sent[1].header.Get("Idempotency-Key") {
				t.Errorf("the tries were %v", sent)
			}
		})
	}
}

// TestTaskDeletedInAnotherWindow opens two pages. One page deletes a task that the other one still shows.
func TestTaskDeletedInAnotherWindow(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Add("Gone", "requestRemote")
	a.Add("Gone too", "requestRemote")
	// Some drivers hide a window behind a new one. The app would load the tasks again when it is shown.
	a.Eval(`addEventListener("visibilitychange", (event) => event.stopImmediatePropagation(), true)`, nil)
	b := w.host.open(t)
	b.Ready()
	for _, name := range []string{"Gone", "Gone too"} {
		b.Find("button", "Delete "+name).Click()
		b.Says("Deleted “" + name + "” by requestRemote")
		b.Page.Press(browser.ArrowUp) // otherwise a quick click at the same place counts as a double click
	}
	a.Find("checkbox", "Gone").Click()
	a.Complains("“Gone” could not be changed. There is no such task; it may have been deleted.")
	a.Find("radio", "invokeRemote").Click()
	a.Find("button", "Delete Gone too").Click()
	a.Wait("the message", `document.querySelector("[role=status]").textContent === "“Gone too” was deleted already."`)
	a.Find("checkbox", "").WaitCount(0)
}

func TestMissingProgramSaysWhatToDo(t *testing.T) {
	dir := exampleapp.Copy(t, example, "http://127.0.0.1:9")
	for _, name := range []string{"app.wasm", "app.wasm.gz"} {
		if err := os.Remove(filepath.Join(dir, "static", name)); err != nil {
			t.Fatal(err)
		}
	}
	h := dev(t, nil, dir)
	a := h.open(t)
	a.Wait("the advice", `document.querySelector("[role=alert].forgego-failure")?.innerText.includes("app.wasm.gz answered 404. Is its name right? Build it again.")`)
}
