package tasks_test

import (
	"context"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

// picked returns a file with these bytes.
func picked(name, data string) wasm.File { return wasm.NewFile(name, "text/plain", []byte(data)) }

func (w *world) attach(id string, f wasm.File) {
	w.begin(func(ctx context.Context) { w.Attach(ctx, id, f) })
}

func (w *world) download(id string) { w.begin(func(ctx context.Context) { w.Download(ctx, id) }) }

func (w *world) removeFile(id string) { w.begin(func(ctx context.Context) { w.RemoveFile(ctx, id) }) }

func (w *world) retry(id string) { w.begin(func(ctx context.Context) { w.Retry(ctx, id) }) }

// withFile runs a test with direct requests. Task a has a file, and task b has none.
func withFile(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.backend.tasks[0].File = tasks.File{Name: "x.txt", Type: "text/plain", Size: 3}
		w.backend.files["a"] = "old"
		w.open(tasks.Direct)
		test(t, w)
	})
}

func TestAttach(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		w.host.Delay("fetch", time.Second)
		w.attach("b", picked("dir/y.bin", "\xff\x00"))
		w.wants("status: Uploading “dir_y.bin” to “b”…", "[ ] a + x.txt", "[ ] b <Attach> up dir_y.bin 2")
		// Meanwhile, the task allows no other change.
		w.attach("b", picked("z", ""))
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "b", true) })
		w.host.Heal("fetch")
		time.Sleep(time.Second)
		w.wants("status: Attached “dir_y.bin” to “b” by direct in 1000 ms.", "[ ] a + x.txt", "[ ] b + dir_y.bin")
		if w.backend.files["b"] != "\xff\x00" {
			t.Errorf("the backend has %q; want the bytes unchanged", w.backend.files["b"])
		}
	})
}

func TestAttachFails(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		w.host.Fail("fetch", bridgetest.Offline())
		w.attach("b", picked("y", "1"))
		w.wants("status: ", "! Attaching “y” to “b” failed. "+unreachable+" <Retry> <Dismiss>", "[ ] a + x.txt", "[ ] b")
		w.host.Heal("fetch")
		w.retry("b")
		w.wants("status: Attached “y” to “b” by direct"+oneMS, "[ ] a + x.txt", "[ ] b + y")

		w.backend.deleteSilently("b")
		w.attach("b", picked("z", ""))
		w.wants("status: ", "! Attaching “z” to “b” failed. There is no such task. <Dismiss>", "[ ] a + x.txt")
	})
}

// TestTooLargeFileIsNotSent checks that a file that the backend would refuse is not even read.
func TestTooLargeFileIsNotSent(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		before := w.host.Count("fetch")
		w.attach("b", wasm.File{Name: "iso", Size: 10<<20 + 1})
		w.wants("status: ", "! “iso” is too large: it has 10.1 MB, and a task’s file at most 10 MB. <Dismiss>", "[ ] a + x.txt", "[ ] b")
		if w.host.Count("fetch") != before {
			t.Error("a request was sent")
		}
	})
}

// TestFilesByDirectOnly checks that file actions do nothing with the other ways.
func TestFilesByDirectOnly(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		for _, way := range []tasks.Way{tasks.RequestRemote, tasks.InvokeRemote} {
			w.Choose(w.ctx, way)
			before, n := w.window.text(), w.host.Count(tasks.RemoteKey)
			if w.state().HasFiles() {
				t.Errorf("%s allows files", way)
			}
			w.attach("a", picked("y", "1"))
			w.download("a")
			w.removeFile("a")
			if w.window.text() != before || w.host.Count(tasks.RemoteKey) != n {
				t.Errorf("%s: the page changed to\n%s\nor sent a request", way, w.window.text())
			}
		}
		w.begin(func(ctx context.Context) { w.Choose(ctx, tasks.Direct) })
		before := w.window.text()
		w.download("b") // b has no file
		w.removeFile("b")
		w.wants(before)
	})
}

func TestDownload(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		w.host.Delay("fetch", time.Second)
		w.download("a")
		w.wants("status: Downloading “x.txt” of “a”…", "[ ] a + x.txt down x.txt 3", "[ ] b")
		w.removeFile("a") // not while the download is in progress
		w.download("a")   // a second press
		w.host.Heal("fetch")
		time.Sleep(time.Second)
		w.wants("status: Received “x.txt” of “a” by direct in 1000 ms. The browser was asked to save it.", "[ ] a + x.txt", "[ ] b")
		if got := w.window.saved; len(got) != 1 || got[0] != `from there.bin: "old"` {
			t.Errorf("saved files %q; want one", got)
		}
		w.host.Fail("fetch", bridgetest.Offline().Times(1))
		w.download("a")
		w.wants("status: ", "! Downloading “x.txt” of “a” failed. "+unreachable+" <Retry> <Dismiss>", "[ ] a + x.txt", "[ ] b")
		w.retry("a")
		w.wants("status: Received “x.txt” of “a” by direct"+oneMS+" The browser was asked to save it.", "[ ] a + x.txt", "[ ] b")
	})
}

func TestRemoveFile(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		w.host.Fail("fetch", bridgetest.Offline().Times(1))
		w.removeFile("a")
		w.wants("status: ", "! Removing “x.txt” of “a” failed. "+unreachable+" <Retry> <Dismiss>", "[ ] a + x.txt", "[ ] b")
		w.host.Delay("fetch", time.Second)
		w.retry("a")
		w.wants("status: ", "! Removing “x.txt” of “a” failed. "+unreachable+" <Retry> <Dismiss> <trying>", "[ ] a <RemoveFile> + x.txt", "[ ] b")
		time.Sleep(time.Second)
		w.wants("status: Removed “x.txt” of “a” by direct in 1000 ms.", "[ ] a", "[ ] b")
	})
}

// TestCancel checks that a transfer that the user cancels leaves nothing behind.
func TestCancel(t *testing.T) {
	cases := []struct {
		name  string
		begin func(w *world)
		want  string
	}{
		{"upload", func(w *world) { w.attach("a", picked("y", "1")) }, "Cancelled the upload of “y” to “a”."},
		{"download", func(w *world) { w.download("a") }, "Cancelled the download of “x.txt” of “a”."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			withFile(t, func(t *testing.T, w *world) {
				w.host.Fail("fetch", bridgetest.Hang())
				c.begin(w)
				w.Cancel("b") // b has no transfer
				if w.row("a").Transfer == (tasks.Transfer{}) {
					t.Fatal("no transfer is shown")
				}
				w.Cancel("a")
				w.wants("status: "+c.want, "[ ] a + x.txt", "[ ] b")
				w.Cancel("a")
				w.wants("status: "+c.want, "[ ] a + x.txt", "[ ] b")
			})
		})
	}
}

// TestDeletedMeanwhile checks that a download ends silently if its task is deleted, and that an upload reports it.
func TestDeletedMeanwhile(t *testing.T) {
	withFile(t, func(t *testing.T, w *world) {
		w.host.Fail("fetch", bridgetest.Hang().Times(1))
		ended := make(chan struct{})
		go func() {
			w.Download(w.ctx, "a")
			close(ended)
		}()
		w.wants("status: Downloading “x.txt” of “a”…", "[ ] a + x.txt down x.txt 3", "[ ] b")
		w.backend.deleteElsewhere("a")
		w.wants("status: Downloading “x.txt” of “a”…", "[ ] b")
		select {
		case <-ended:
		default:
			t.Error("the download did not end")
		}
		if len(w.window.saved) != 0 {
			t.Errorf("saved files %q; want none", w.window.saved)
		}
		w.host.Heal("fetch")
		w.host.Delay("fetch", 2*time.Second)
		w.attach("b", picked("y", "1"))
		w.backend.deleteElsewhere("b")
		w.wants("status: Uploading “y” to “b”…", "[ ] b <Attach> up y 1")
		time.Sleep(time.Second)
		w.wants("status: ", "! Attaching “y” to “b” failed. There is no such task. <Dismiss>")
	})
}
