package e2e

import (
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// dialog is the app's page in the dialog that the app has opened. Its address is the same as the address of the app's other
// page. So the test finds it by its place: it is the last frame of the product page.
type dialog struct{ app }

func (a app) dialog() dialog { return dialog{a} }

// wait waits until a JavaScript expression is true in the dialog.
func (d dialog) wait(t *testing.T, what, expression string) {
	t.Helper()
	d.Page.LastIframe().Wait(what, expression)
}

// waitForName waits until the user can type the task's name. In WebKit a script cannot move the focus into a frame in which the
// user has not clicked yet.
func (d dialog) waitForName(t *testing.T) {
	t.Helper()
	d.wait(t, "the name in the field", `document.getElementById("new-name")?.readOnly === false`)
	if d.Page.Engine == browser.WebKit {
		d.Page.LastIframe().Find("textbox", "Task name").Click()
	}
	d.wait(t, "the focus in the field", `document.activeElement?.id === "new-name"`)
}
