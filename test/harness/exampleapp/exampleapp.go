// Package exampleapp controls the example app in the frame of the product page as a person does. It works with any backend.
package exampleapp

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// App is the example in the frame of a product page.
type App struct {
	*browser.Frame
	// Page is the product page.
	Page *browser.Page
}

// Open opens the product page of a local host in a new tab and waits for the app's frame.
func Open(t testing.TB, b *browser.Browser, hostURL string) App {
	t.Helper()
	return shownIn(b.Open(t, hostURL))
}

// OpenAnother opens another window of the same user.
func (a App) OpenAnother(hostURL string) App { return shownIn(a.Page.OpenWindow(hostURL)) }

func shownIn(page *browser.Page) App {
	page.Wait("the app's frame", `document.querySelector("iframe")`)
	return App{page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`)), page}
}

// Ready waits until the tasks are loaded.
func (a App) Ready() {
	a.Wait("the tasks", `document.querySelector("[role=status]")?.textContent.startsWith("Loaded ")`)
}

// IsLive waits until the list shows that it is live.
func (a App) IsLive() {
	a.Wait("the list to be live", `document.getElementById("live").textContent === "Live"`)
}

// Add adds a task and waits until the page shows it. way is the label of the choice under "Send with".
func (a App) Add(name, way string) {
	a.Find("radio", way).Click()
	a.Find("textbox", "Task name").Type(name)
	a.Find("button", "Add task").Click()
	a.Says("Added “" + name + "” by " + way)
	a.Find("checkbox", name).WaitCount(1)
}

// KeepAndDrop does everything that a user can do with a task, on a way. Afterwards the task "Keep WAY" exists and is done.
func (a App) KeepAndDrop(way string) {
	a.Add("Keep "+way, way)
	a.Add("Drop "+way, way)
	a.Find("checkbox", "Keep "+way).Click()
	a.Says("Completed “Keep " + way + "” by " + way)
	a.Find("checkbox", "Drop "+way).Click()
	a.Says("Completed “Drop " + way + "” by " + way)
	a.Find("checkbox", "Drop "+way).Click()
	a.Says("Reopened “Drop " + way + "” by " + way)
	a.Find("button", "Delete Drop "+way).Click()
	a.Says("Deleted “Drop " + way + "” by " + way)
	a.Find("checkbox", "Drop "+way).WaitCount(0)
}

// Says waits until the status shows the text and the time in milliseconds.
func (a App) Says(text string) {
	a.Wait("the page to say "+text, fmt.Sprintf(`new RegExp(%q).test(document.querySelector("[role=status]").textContent)`,
		"^"+regexp.QuoteMeta(text)+` in \d+ ms\.$`))
}

// Complains waits for a message in the alert.
func (a App) Complains(text string) {
	a.Wait("the page to complain: "+text, fmt.Sprintf(`document.querySelector("[role=alert]").innerText.includes(%q)`, text))
}

// Tasks returns the names of all tasks in the list.
func (a App) Tasks() []string { return a.Names("checkbox") }
