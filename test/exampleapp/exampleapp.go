// Package exampleapp is the example app in the product page's frame, as a person uses it: whatever backend it has.
package exampleapp

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/forgego/forgego/test/browser"
)

// App is the example in the frame of a product page.
type App struct {
	*browser.Frame
	// Page is the product page.
	Page *browser.Page
}

// Open opens a local host's product page in a new tab and waits for the app's frame.
func Open(t testing.TB, b *browser.Browser, hostURL string) App {
	t.Helper()
	return shownIn(b.Open(t, hostURL))
}

// OpenAnother opens one more window of the same user.
func (a App) OpenAnother(hostURL string) App { return shownIn(a.Page.OpenWindow(hostURL)) }

func shownIn(page *browser.Page) App {
	page.Wait("the app's frame", `document.querySelector("iframe")`)
	return App{page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`)), page}
}

// Ready waits until the tasks are loaded.
func (a App) Ready() {
	a.Wait("the tasks", `document.querySelector("[role=status]")?.textContent.startsWith("Loaded ")`)
}

// IsLive waits until the list is kept current.
func (a App) IsLive() {
	a.Wait("the list to be live", `document.getElementById("live").textContent === "Live"`)
}

// Add types a name, clicks, and waits until the page says that it is a task. The way is the label of what is chosen under
// "Send with".
func (a App) Add(name, way string) {
	a.Find("radio", way).Click()
	a.Find("textbox", "Task name").Type(name)
	a.Find("button", "Add task").Click()
	a.Says("Added “" + name + "” by " + way)
	a.Find("checkbox", name).WaitCount(1)
}

// KeepAndDrop does all that can be done with a task, on a way: it leaves the task "Keep WAY", which is done.
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

// Says waits until the status says what has happened, with the milliseconds.
func (a App) Says(text string) {
	a.Wait("the page to say "+text, fmt.Sprintf(`new RegExp(%q).test(document.querySelector("[role=status]").textContent)`,
		"^"+regexp.QuoteMeta(text)+` in \d+ ms\.$`))
}

// Complains waits for a message in the alert.
func (a App) Complains(text string) {
	a.Wait("the page to complain: "+text, fmt.Sprintf(`document.querySelector("[role=alert]").innerText.includes(%q)`, text))
}

// Tasks gives the names of all tasks, as the list shows them.
func (a App) Tasks() []string { return a.Names("checkbox") }
