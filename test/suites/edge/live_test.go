package edge

import (
	"testing"

	"github.com/forgego/forgego/test/harness/exampleapp"
)

// testLive tests two windows and a file. It leaves no task behind.
func testLive(t *testing.T, w *world) {
	a, b := w.open(), w.open()
	a.IsLive()
	b.IsLive()
	a.Add("Share", "direct")
	b.Find("checkbox", "Share").WaitCount(1)
	b.Find("checkbox", "Share").Click()
	b.Says("Completed “Share” by requestRemote")
	a.Wait("the other window's change", `document.querySelector("#tasks input[type=checkbox]").checked`)

	const name = "Ärger & Co.bin"
	a.Attach(name, 10<<20)
	for _, window := range []exampleapp.App{a, b} {
		window.ShowsFile(name)
	}
	if got, want := a.Download(name, "Share"), "10485760 bytes, 0 wrong, application/octet-stream"; got != want {
		t.Errorf("downloaded %s, want %s", got, want)
	}

	b.Find("button", "Delete Share").Click()
	b.Says("Deleted “Share” by requestRemote")
	a.Find("checkbox", "Share").WaitCount(0)
}
