package exampleapp

import "fmt"

// Attach chooses a file for the only task. The file has all 256 byte values, in an order that is not valid text.
func (a App) Attach(name string, size int) {
	a.Wait("the file's field", `document.querySelector("#tasks input[type=file]")`)
	a.Eval(fmt.Sprintf(`{
		const bytes = Uint8Array.from({ length: %d }, (_, i) => 255 - (i & 255));
		const files = new DataTransfer();
		files.items.add(new File([bytes], %q, { type: "application/x-test" }));
		const input = document.querySelector("#tasks input[type=file]");
		input.files = files.files;
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}`, size, name), nil)
}

// ShowsFile waits until the only task shows a file with this name.
func (a App) ShowsFile(name string) {
	a.Wait("the file", fmt.Sprintf(`document.querySelector("#tasks .file-name")?.textContent === %q`, name))
}

// Download downloads a task's file. It returns the length of the file, the number of bytes that differ from the file of
// Attach, and the type, such as "4096 bytes, 0 wrong, application/octet-stream".
func (a App) Download(file, task string) string {
	// Read the data that the page passes to the browser as a download, instead of saving it.
	a.Eval(`{
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { globalThis.downloaded = blob; return make(blob) };
	}`, nil)
	a.Find("button", "Download "+file+" of "+task).Click()
	a.Wait("the download", `globalThis.downloaded`)
	return a.String(`downloaded.arrayBuffer().then((b) => {
		const bytes = new Uint8Array(b);
		return bytes.length + " bytes, " + bytes.filter((x, i) => x !== 255 - (i & 255)).length + " wrong, " + downloaded.type;
	})`)
}

// ShareWith tests two windows of a user: a task and a file of this size that one window adds are shown in both, and a
// change in one is shown in the other. It returns what Download returns. Afterwards the task "Share" exists, is done and
// has the file "Ärger & Co.bin".
func (a App) ShareWith(b App, size int) string {
	a.Add("Share", "direct")
	b.Find("checkbox", "Share").WaitCount(1)
	b.Find("checkbox", "Share").Click()
	b.Says("Completed “Share” by requestRemote")
	a.Wait("the other window's change", `document.querySelector("#tasks input[type=checkbox]").checked`)
	const name = "Ärger & Co.bin"
	a.Find("radio", "direct").Click()
	a.Attach(name, size)
	for _, window := range []App{a, b} {
		window.ShowsFile(name)
	}
	return a.Download(name, "Share")
}

// Unshare deletes the task "Share" in the window b.
func (a App) Unshare(b App) {
	b.Find("button", "Delete Share").Click()
	b.Says("Deleted “Share” by requestRemote")
	a.Find("checkbox", "Share").WaitCount(0)
}
