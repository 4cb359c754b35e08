package edge

import "testing"

// testLive tests two windows and a file. It leaves no task behind.
func testLive(t *testing.T, w *world) {
	a, b := w.open(), w.open()
	a.IsLive()
	b.IsLive()
	if got, want := a.ShareWith(b, 10<<20), "10485760 bytes, 0 wrong, application/octet-stream"; got != want {
		t.Errorf("downloaded %s, want %s", got, want)
	}
	a.Unshare(b)
}
