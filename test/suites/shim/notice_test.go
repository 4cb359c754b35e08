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
	wantNotice(t, page, "you may not delete <b>this</b> note")
	page.Find("button", "Save").Click()
	wantNotice(t, page, "the title is missing (1)")
	page.Find("button", "Count").Click()
	page.Find("button", "Save").Click()
	wantNotice(t, page, "the title is missing (2)")
	page.Find("button", "Save").Click()
	page.Find("alert", "").WaitCount(0)
	for _, text := range []string{"you may not delete <b>this</b> note", "the title is missing (1)", "the title is missing (2)"} {
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
	wantNotice(t, page, "Something went wrong in the app. The browser’s console has the details.")
	if got := page.String(`stillThere()`); got != "yes" {
		t.Errorf("the program answers %q", got)
	}
	if text := page.ConsoleText("error"); !strings.Contains(text, "panic: the disk is full") || !strings.Contains(text, "events_js.go") {
		t.Errorf("the console has no panic or no stack:\n%s", page.ConsoleText())
	}
}

// TestNoticeIsClosedByTheKeyboard checks that the notice does not take the focus, that the button is reachable, and that the
// focus then returns to where it was.
func TestNoticeIsClosedByTheKeyboard(t *testing.T) {
	page := openEvents(t)
	page.Find("button", "Delete").Call(`function() { this.focus() }`, nil)
	page.Press(browser.Enter)
	wantNotice(t, page, "you may not delete <b>this</b> note")
	if !page.Find("button", "Delete").HasFocus() {
		t.Error("the notice took the focus")
	}
	for range 4 { // past Panic, Long and Count
		page.Press(browser.Tab)
	}
	if !page.Find("button", "Close").HasFocus() {
		t.Error("the Tab key does not reach the button")
	}
	var outline bool
	if page.Eval(`document.activeElement.matches(":focus-visible") && getComputedStyle(document.activeElement).outlineStyle !== "none"`, &outline); !outline {
		t.Error("the focus is not visible")
	}
	page.Press(browser.Enter)
	page.Find("alert", "").WaitCount(0)
	if !page.Find("button", "Delete").HasFocus() {
		t.Error("the focus did not return")
	}
}

// TestNoticeIsOutsideTheBody checks that the notice stays when the app replaces its page.
func TestNoticeIsOutsideTheBody(t *testing.T) {
	page := openEvents(t)
	page.Find("button", "Delete").Click()
	wantNotice(t, page, "you may not delete <b>this</b> note")
	page.Eval(`{
		const save = [...document.querySelectorAll("button")].find((b) => b.textContent === "Save");
		document.body.replaceWith(document.createElement("body"));
		document.body.append(save);
	}`, nil)
	wantNotice(t, page, "you may not delete <b>this</b> note")
	page.Find("button", "Save").Click()
	wantNotice(t, page, "the title is missing (1)")
}

// TestNoticeIsInTheDialog checks that the notice can be read and closed while a modal dialog covers the page.
func TestNoticeIsInTheDialog(t *testing.T) {
	page := openEvents(t)
	page.Eval(`{
		const dialog = document.createElement("dialog");
		dialog.append([...document.querySelectorAll("button")].find((b) => b.textContent === "Delete"));
		document.body.append(dialog);
		dialog.showModal();
	}`, nil)
	page.Find("button", "Delete").Click()
	wantNotice(t, page, "you may not delete <b>this</b> note")
	page.Find("button", "Close").Click()
	page.Find("alert", "").WaitCount(0)
}

// TestNoticeFitsANarrowPage checks that a long text causes no horizontal scroll bar, and that the button is visible.
func TestNoticeFitsANarrowPage(t *testing.T) {
	page := openEvents(t)
	page.SetSize(page.Engine.Narrow(320), 200)
	page.Find("button", "Long").Click()
	wantNotice(t, page, "xxx")
	// WebKit updates the layout some time after the resize.
	page.Wait("the notice to fit", `(() => {
		const box = document.querySelector(".forgego-notice").getBoundingClientRect();
		return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= 200 && document.documentElement.scrollWidth <= innerWidth;
	})()`)
	page.Find("button", "Close").Click()
	page.Find("alert", "").WaitCount(0)
}
