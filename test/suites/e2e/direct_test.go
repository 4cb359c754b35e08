package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestDirectRequestsOfTheExample tests direct requests with the backend of forgego.yml: live changes in two windows, a
// file, and the facts in the token.
func TestDirectRequestsOfTheExample(t *testing.T) {
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, example)
	a, b := h.open(t), h.open(t)
	for _, window := range []app{a, b} {
		window.Ready()
		window.IsLive()
	}
	// It must not have the type of the file: the content of a blob's address must not run in the app's origin.
	if got, want := a.ShareWith(b.App, 4096), "4096 bytes, 0 wrong, application/octet-stream"; got != want {
		t.Errorf("downloaded %s, want %s", got, want)
	}
	a.Find("button", "Remove file of Share").Click()
	b.Wait("the file to go", `!document.querySelector("#tasks .file-name")`)

	a.Eval(`document.getElementById("token").open = true`, nil)
	a.Wait("the token's facts", `/^\d+$/.test(document.getElementById("token-seconds").textContent) && Number(document.getElementById("token-hits").textContent) > 0`)

	a.Unshare(b.App)
	for name, text := range map[string]string{
		"the console": a.Page.ConsoleText() + b.Page.ConsoleText(), "the terminal": h.text(),
		"the product page": a.Page.String(`document.documentElement.outerHTML`), "the app's page": a.String(`document.documentElement.outerHTML`),
		"the requests' addresses": strings.Join(append(a.Page.Requests(), b.Page.Requests()...), "\n"),
	} {
		if strings.Contains(text, "eyJ") {
			t.Errorf("%s: there is a token", name)
		}
	}
	a.Page.Quiet()
	b.Page.Quiet()
}
