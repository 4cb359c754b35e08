package shim

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// openEvents opens a page with a button for each kind of event handler, under Forge's policy.
func openEvents(t *testing.T) *browser.Page {
	t.Helper()
	s := newSite(t)
	s["/start.js"] = script([]byte(`forgego.load({ program: "app.wasm", args: ["events"] })`))
	s["/index.html"] = html(`<meta name="color-scheme" content="light dark"><script src="record.js"></script><script src="forgego.js"></script><body><script src="start.js"></script>`)
	s["/index.html"].policy = forgePolicy("'unsafe-eval'")
	page := s.open(t, "/")
	page.Find("button", "Count").WaitCount(1)
	return page
}

func wantNotice(t *testing.T, page *browser.Page, want string) {
	t.Helper()
	page.Wait("the notice", `document.querySelector(".forgego-notice p")?.textContent.startsWith(`+"`"+want+"`"+`)`)
	page.Find("alert", "").WaitCount(1)
}

// TestErrorOfAHandlerIsANotice checks that an error of an event handler does not look as if the program had ended, that the
// newest error is shown, and that the notice disappears when the same action succeeds, and only then.
func TestErrorOfAHandlerIsANotice(t *testing.T) {
	page := openEvents(t)
	page.Find("button", "Delete").Click()
	wantNotice(t, page, "You may not delete this note.")
	page.Find("button", "Save").Click()
	wantNotice(t, page, "The title is missing. (1)")
	page.Find("button", "Count").Click()
	page.Find("button", "Save").Click()
	wantNotice(t, page, "The title is missing. (2)")
	page.Find("button", "Save").Click()
	page.Find("alert", "").WaitCount(0)
	for _, text := range []string{"You may not delete this note.", "The title is missing. (1)", "The title is missing. (2)"} {
		if got := strings.Count(page.ConsoleText("error"), text); got != 1 {
			t.Errorf("the console shows %q %d times:\n%s", text, got, page.ConsoleText())
		}
	}
	var failed []any
	if page.Eval(`record.failed`, &failed); len(failed) > 0 {
		t.Errorf("the page says that the program has failed: %v", failed)
	}
}

// TestPanicOfAHandlerIsANotice checks that the program continues after a panic, and that the console has the stack.
func TestPanicOfAHandlerIsANotice(t *testing.T) {
	page := openEvents(t)
	page.Find("button", "Panic").Click()
	wantNotice(t, page, "panic: the disk is full")
	if got := page.String(`stillThere()`); got != "yes" {
		t.Errorf("the program answers %q", got)
	}
	if !strings.Contains(page.ConsoleText("error"), "events_js.go") {
		t.Errorf("the console has no stack:\n%s", page.ConsoleText())
	}
}
