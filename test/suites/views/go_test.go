package views

import (
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

// save types a value into the view that is open, and saves it as a user does.
func (u *ui) save(value string) {
	u.t.Helper()
	edit := u.front()
	edit.Find("textbox", "Value").Fill(value)
	edit.Find("button", "Save").Click()
	u.page.Wait("no dialog", `!document.querySelector(".over")`)
}

func (u *ui) reads(want string) {
	u.t.Helper()
	u.front().Wait(want, `document.getElementById("shown")?.textContent === "`+want+`"`)
}

// A macro and its configuration, and a custom field and its editor: all four are one page in Go.
func TestGoFrontEnds(t *testing.T) {
	host := apphost.Serve(t, filepath.Join(built, "go"))
	u := open(t, host, "module=banner")
	u.reads("Banner: ")
	u.page.Find("link", "Configuration").WaitCount(2) // in the menu, and above the app
	u.goTo("module=banner&view=config")
	u.reads("New: true")
	u.save("Hello")
	u.reads("Banner: Hello")
	u.goTo("module=banner&view=config")
	u.reads("New: false")
	u.save("Bye")
	u.reads("Banner: Bye")

	u.goTo("module=rating")
	u.reads("Stars: ")
	u.goTo("module=rating&view=edit")
	u.save("4")
	u.reads("Stars: ★★★★")
	u.page.Reload()
	u.reads("Stars: ★★★★")
	// Firefox ends the loading of a page that is left with an error, which the shim shows.
	if u.page.Engine != browser.Firefox {
		u.page.Quiet()
	}
}
