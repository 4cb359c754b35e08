package edge

import "testing"

// testLive has two windows and a file. It leaves no task.
func testLive(t *testing.T, w *world) {
	a, b := w.open(), w.open()
	a.isLive()
	b.isLive()
	a.add("Share", "direct")
	b.Find("checkbox", "Share").WaitCount(1)
	b.Find("checkbox", "Share").Click()
	b.says("Completed “Share” by requestRemote")
	a.Wait("the other window's change", `document.querySelector("#tasks input[type=checkbox]").checked`)

	a.attach("big.bin", 1_835_009)
	a.complains("A file can have at most 1.75 MB (1,835,008 bytes).")
	a.attach("Ärger & Co.bin", 1_835_008)
	for _, window := range []app{a, b} {
		window.Wait("the file", `document.querySelector("#tasks .file-name")?.textContent === "Ärger & Co.bin"`)
	}
	// What the page hands to the browser as a download is read here instead of being saved.
	a.Eval(`{
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { globalThis.downloaded = blob; return make(blob) };
	}`, nil)
	a.Find("button", "Download Ärger & Co.bin of Share").Click()
	a.Wait("the download", `globalThis.downloaded`)
	got := a.String(`downloaded.arrayBuffer().then((b) => {
		const bytes = new Uint8Array(b);
		return bytes.length + " bytes, " + bytes.filter((x, i) => x !== 255 - (i & 255)).length + " wrong";
	})`)
	if want := "1835008 bytes, 0 wrong"; got != want {
		t.Errorf("downloaded %s, want %s", got, want)
	}

	b.Find("button", "Delete Share").Click()
	b.says("Deleted “Share” by requestRemote")
	a.Find("checkbox", "Share").WaitCount(0)
}
