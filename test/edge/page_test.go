package edge

import (
	"fmt"
	"regexp"

	"github.com/forgego/forgego/test/browser"
)

// app is the example in the product page's iframe.
type app struct {
	*browser.Frame
	page *browser.Page
}

// open opens the product page and waits until the app has loaded its tasks.
func (w *world) open() app {
	w.t.Helper()
	page := chromium.Open(w.t, w.host)
	page.Wait("the app's iframe", `document.querySelector("iframe")`)
	a := app{page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`)), page}
	a.ready()
	return a
}

func (a app) ready() {
	a.Wait("the tasks", `document.querySelector("[role=status]")?.textContent.startsWith("Loaded ")`)
}

// isLive waits until the list is kept current.
func (a app) isLive() {
	a.Wait("the list to be live", `document.getElementById("live").textContent === "Live"`)
}

// add types a name, clicks, and waits until the page says that it is a task.
func (a app) add(name, way string) {
	a.Find("radio", way).Click()
	a.Find("textbox", "Task name").Type(name)
	a.Find("button", "Add task").Click()
	a.says("Added “" + name + "” by " + way)
	a.Find("checkbox", name).WaitCount(1)
}

// says waits until the status says what has happened, with the milliseconds.
func (a app) says(text string) {
	a.Wait("the page to say "+text, fmt.Sprintf(`new RegExp(%q).test(document.querySelector("[role=status]").textContent)`,
		"^"+regexp.QuoteMeta(text)+` in \d+ ms\.$`))
}

// complains waits for a message in the alert.
func (a app) complains(text string) {
	a.Wait("the page to complain: "+text, fmt.Sprintf(`document.querySelector("[role=alert]").innerText.includes(%q)`, text))
}

// attach chooses a file for the only task: bytes in an order that is no text.
func (a app) attach(name string, size int) {
	a.Wait("the file's field", `document.querySelector("#tasks input[type=file]")`)
	a.Eval(fmt.Sprintf(`{
		const bytes = Uint8Array.from({ length: %d }, (_, i) => 255 - (i & 255));
		const files = new DataTransfer();
		files.items.add(new File([bytes], %q, { type: "application/x-test" }));
		const input = document.querySelector("#tasks input[type=file]");
		input.files = files.files;
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}`, size, name), nil)
}

// tasks gives the names of all tasks, as the list shows them.
func (a app) tasks() []string { return a.Names("checkbox") }
