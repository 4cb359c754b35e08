package e2e

import "testing"

// dialog is the app's page in the dialog that the app has opened. Its address is the same as the address of the app's other
// page. So the test finds it by its place: it is the last frame of the product page.
type dialog struct{ app }

func (a app) dialog() dialog { return dialog{a} }

// wait waits until a JavaScript expression is true in the dialog.
func (d dialog) wait(t *testing.T, what, expression string) {
	t.Helper()
	d.Page.LastIframe().Wait(what, expression)
}
