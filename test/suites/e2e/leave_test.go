package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestLeavingDuringAnUpload checks that the browser asks before it closes the page while a file is being sent.
func TestLeavingDuringAnUpload(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "its driver cannot close a page as a user does")
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Add("One", "direct")
	release := w.recorder.holdChanges()
	defer release()
	a.Attach("a.bin", 4096)
	a.Wait("the upload", `document.querySelector("#tasks .file-name")?.textContent.startsWith("Uploading")`)
	a.Page.Leave()
	release()
	a.ShowsFile("a.bin")
	a.Page.Reload() // nothing asks now
	a.Ready()
}

// TestDraftsSurvive checks that a typed text survives a reload, another language, and a way to another page and back.
func TestDraftsSurvive(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.Find("textbox", "Task name").Type("Buy mi")
	still := func(when string) {
		t.Helper()
		a.Wait("the draft "+when, `document.getElementById("name")?.value === "Buy mi" && !document.getElementById("add-button").disabled`)
	}
	a.Page.Reload()
	still("after a reload")
	a.Page.Find("combobox", "Language").Choose("de-DE")
	a.Wait("German", `document.documentElement.lang === "de"`)
	still("in another language")
	a.Page.Goto(w.recorder.url() + "/elsewhere")
	a.Page.Eval(`history.back()`, nil)
	still("after going back")
	a.Find("textbox", "Name der Aufgabe").Click()
	a.Page.Press(browser.End + "lk" + browser.Enter)
	a.list("Buy milk")
	a.Page.Reload()
	a.list("Buy milk")
	if got := a.String(`document.getElementById("name").value + Object.keys(sessionStorage).filter((key) => key.startsWith("tasks:"))`); got != "" {
		t.Errorf("after the task was added there is the draft %q", got)
	}
}

// TestDrops drops files and folders anywhere on the page.
func TestDrops(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	a.addTasks("One", "Two")
	dir := t.TempDir()
	file, other, large, folder := filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt"), filepath.Join(dir, "large.bin"), filepath.Join(dir, "photos")
	for path, size := range map[string]int64{file: 3, other: 3, large: 11 << 20} {
		write(t, path, "")
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	address := a.String(`location.href`)
	a.Drop("#tasks li .name", file)
	a.Complains("Files need direct: requestRemote and invokeRemote carry text only.")
	a.Find("radio", "direct").Click()
	for _, c := range []struct {
		name, on string
		paths    []string
		text     string
	}{
		{"beside the tasks", "h1", []string{file}, "Drop “a.txt” on the task that it belongs to."},
		{"two files", "#tasks li .name", []string{file, other}, "You dropped 2 files, and a task has one file."},
		{"a folder", "#tasks li .name", []string{folder}, "“photos” is a folder."},
		{"a large file", "#tasks li .name", []string{large}, "“large.bin” is too large: it has 11 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.paths[0] == folder {
				chromium.Stays(t, browser.Chromium, "other drivers cannot drop folders")
			}
			a.Drop(c.on, c.paths...)
			a.Complains(c.text)
		})
	}
	a.Drop("#tasks li:nth-child(2) .name", file)
	a.Says("Attached “a.txt” to “Two” by direct")
	if got := a.String(`location.href`); got != address {
		t.Errorf("the app's page is now %s", got)
	}
	a.Page.Quiet()
}
