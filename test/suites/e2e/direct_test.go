package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestDirect tests direct requests with the backend of forgego.yml: live changes in two windows, a file, and the facts in
// the token.
func TestDirect(t *testing.T) {
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, example)
	a, b := h.open(t), h.open(t)
	for _, window := range []app{a, b} {
		window.Ready()
		window.IsLive()
	}
	a.Add("Share", "direct")
	b.Find("checkbox", "Share").WaitCount(1)
	b.Find("checkbox", "Share").Click()
	b.Says("Completed “Share” by requestRemote")
	a.Wait("the other window's change", `document.querySelector("#tasks input[type=checkbox]").checked`)

	// All 256 byte values, in an order that is not valid text.
	a.Find("radio", "direct").Click()
	a.Wait("the file's field", `document.querySelector("#tasks input[type=file]")`)
	a.Eval(`{
		const bytes = Uint8Array.from({ length: 4096 }, (_, i) => 255 - (i & 255));
		const files = new DataTransfer();
		files.items.add(new File([bytes], "Ärger & Co.bin", { type: "application/x-test" }));
		const input = document.querySelector("#tasks input[type=file]");
		input.files = files.files;
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}`, nil)
	for _, window := range []app{a, b} {
		window.Wait("the file", `document.querySelector("#tasks .file-name")?.textContent === "Ärger & Co.bin"`)
	}
	// Read the data that the page passes to the browser as a download, instead of saving it.
	a.Eval(`{
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { globalThis.downloaded = blob; return make(blob) };
	}`, nil)
	a.Find("button", "Download Ärger & Co.bin of Share").Click()
	a.Wait("the download", `globalThis.downloaded`)
	wrong := a.String(`downloaded.arrayBuffer().then((b) => {
		const bytes = new Uint8Array(b);
		return bytes.length + " bytes, " + bytes.filter((x, i) => x !== 255 - (i & 255)).length + " wrong, " + downloaded.type;
	})`)
	// It must not have the type of the file: the content of a blob's address must not run in the app's origin.
	if want := "4096 bytes, 0 wrong, application/octet-stream"; wrong != want {
		t.Errorf("downloaded %s, want %s", wrong, want)
	}
	a.Find("button", "Remove file of Share").Click()
	b.Wait("the file to go", `!document.querySelector("#tasks .file-name")`)

	a.Eval(`document.getElementById("token").open = true`, nil)
	a.Wait("the token's facts", `/^\d+$/.test(document.getElementById("token-seconds").textContent) && Number(document.getElementById("token-hits").textContent) > 0`)

	b.Find("button", "Delete Share").Click()
	b.Says("Deleted “Share” by requestRemote")
	a.Find("checkbox", "Share").WaitCount(0)
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
