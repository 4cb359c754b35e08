package host

import (
	"fmt"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/browser"
)

var notBuilt = devhost.Problem{
	ID: "frontend main", Title: "The front end main does not build", Text: "go build ./frontend: exit status 1\n  see above",
	Places: []devhost.Place{{File: "frontend/main.go", Line: 12, Column: 9, Message: "undefined: greet", Source: "\treturn greet(name)"}},
}

const overlayShown = `!document.getElementById("problems").hidden`

func TestProblems(t *testing.T) {
	e := openEdited(t)
	title := e.app.Find("textbox", "Title")
	title.Type("typing")
	markPage(e.app)
	e.host.SetProblems([]devhost.Problem{notBuilt})
	e.page.Wait("the overlay", overlayShown)
	for what, expression := range map[string]string{
		"the title":     `document.querySelector("[role=alert]").innerText === "The front end main does not build"`,
		"the place":     `document.querySelector(".problem-copy").innerText === "frontend/main.go:12:9"`,
		"the message":   `document.querySelector(".problem-message").innerText === "undefined: greet"`,
		"the source":    `document.querySelector(".problem-source").innerText === "return greet(name)"`,
		"the mark":      `document.querySelector(".problem-source mark").innerText === "greet"`,
		"the text":      `document.querySelector(".problem-text").innerText === "go build ./frontend: exit status 1\n  see above"`,
		"no editor":     `!document.querySelector(".problem-open")`,
		"the app's own": `(() => { const frame = document.querySelector(".frame").getBoundingClientRect(); return document.elementFromPoint(frame.left + 4, frame.top + 60) === document.querySelector(".frame"); })()`,
		"the panel":     `(() => { const button = document.getElementById("traffic-toggle"), {left, top} = button.getBoundingClientRect(); return button.contains(document.elementFromPoint(left + 4, top + 4)); })()`,
	} {
		e.page.Wait(what, expression)
	}
	if !title.HasFocus() {
		t.Error("the overlay took the focus")
	}
	e.stays(e.app)

	// Escape in the app hides it, the next message shows it again, and so does the same message.
	e.page.Press(browser.Escape)
	e.page.Wait("no overlay", "!("+overlayShown+")")
	e.host.SetProblems([]devhost.Problem{notBuilt})
	e.page.Wait("the overlay", overlayShown)
	e.page.Find("button", "Hide").Click()
	e.page.Wait("no overlay", "!("+overlayShown+")")
	if !title.HasFocus() {
		t.Error("the click took the focus")
	}
	two := []devhost.Problem{notBuilt, {ID: "manifest", Title: "manifest.yml is not valid", Places: []devhost.Place{{File: "manifest.yml"}}}}
	e.host.SetProblems(two)
	e.page.Wait("both", overlayShown+` && document.querySelector("[role=alert]").innerText === "2 problems" && document.querySelectorAll(".problem").length === 2`)

	// A new page begins with the problems.
	e.page.Reload()
	e.page.Wait("both", overlayShown+` && document.querySelectorAll(".problem").length === 2`)
	e.host.SetProblems(nil)
	e.page.Wait("no overlay", "!("+overlayShown+")")
}

func TestProblemsCopy(t *testing.T) {
	e := openEdited(t)
	e.page.Eval(`Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => { globalThis.copied = text; }}}), 0`, nil)
	e.host.SetProblems([]devhost.Problem{notBuilt})
	e.page.Find("button", "frontend/main.go:12:9").Click()
	e.page.Wait("the copy", `globalThis.copied === "frontend/main.go:12:9" && document.querySelector(".problem-status").innerText === "Copied"`)
}

// TestProblemsEditor checks the button that a host with an editor asks for. Its request is answered by the test.
func TestProblemsEditor(t *testing.T) {
	for name, tt := range map[string]struct{ answer, status string }{
		"opens":                {`new Response("{}", {headers: {"content-type": "application/json"}})`, ""},
		"fails":                {`new Response('{"error":{"message":"no editor","code":"NO_EDITOR"}}', {headers: {"content-type": "application/json"}})`, "no editor"},
		"is unknown to a host": {`new Response("404 page not found", {status: 404})`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := openEdited(t)
			e.page.Eval(fmt.Sprintf(`document.querySelector("main").dataset.editor = "", globalThis.fetch = async (url, {body}) => { globalThis.asked = [url, body]; return %s; }, 0`, tt.answer), nil)
			e.host.SetProblems([]devhost.Problem{notBuilt})
			e.page.Find("button", "Open frontend/main.go:12:9 in the editor").Click()
			e.page.Wait("the request", `globalThis.asked?.[0] === "/_host/open" && asked[1] === '{"file":"frontend/main.go","line":12,"column":9}'`)
			e.page.Wait("the status", fmt.Sprintf(`new Promise((resolve) => setTimeout(resolve)).then(() => document.querySelector(".problem-status").innerText === %q)`, tt.status))
		})
	}
}

// TestProblemsInFrontOfModal checks that the overlay can be used while a modal is open.
func TestProblemsInFrontOfModal(t *testing.T) {
	e := openEdited(t)
	e.host.SetProblems([]devhost.Problem{notBuilt})
	e.page.Wait("the overlay", overlayShown)
	e.want(e.app, `__bridge.callBridge("openModal", {resource: "dialog", title: "Task"})`, "true")
	e.page.Wait("the overlay in the modal", `document.querySelector("dialog .stage #problems")`)
	e.page.Find("button", "Close").Click()
	e.page.Wait("the overlay over the app", `document.querySelector("main .stage #problems")`)
	e.page.Find("button", "Hide").Click()
	e.page.Wait("no overlay", "!("+overlayShown+")")
}
