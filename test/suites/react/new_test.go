package react

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/test/harness/browser"
)

// TestNewApp makes an app by forgego new --template react, checks its code, builds it, and uses it under forgego dev.
func TestNewApp(t *testing.T) {
	guide := strings.Fields(strings.SplitN(block(t, "sh", "forgego new"), "\n", 2)[0])
	parent := app(t.TempDir())
	parent.run(t, guide[0], append(guide[1:], "--name", "Team <Notes> & more")...)
	a := app(filepath.Join(string(parent), guide[len(guide)-1]))
	a.link(t)
	if unformatted := a.output(t, "gofmt", "-l", "backend", "notes", "src"); unformatted != "" {
		t.Errorf("gofmt would change %s", unformatted)
	}
	a.run(t, "go", "vet", "./...")
	a.run(t, "env", "GOOS=js", "GOARCH=wasm", "go", "vet", "./src/logic")
	a.run(t, "go", "test", "./...")
	a.run(t, "npm", "run", "build")
	if found := a.output(t, "forgego", "check"); found != "No problems found.\n" {
		t.Errorf("forgego check prints\n%s", found)
	}

	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	a.change(t, "manifest.yml", "port: 5173", "port: "+port)
	a.change(t, "vite.config.js", "port: 5173", "port: "+port)
	_, page, frame := develop(t, a)
	frame.Wait("the empty list", `document.body.innerText.includes("No notes yet")`)
	for _, note := range []string{"<b>Bread</b> & butter", "Milk", "Cheese"} {
		addNote(frame, note)
		frame.Wait("the note "+note, fmt.Sprintf(`document.querySelector("tbody tr:last-child .text")?.textContent === %q`, note))
	}
	frame.Eval(`document.querySelector("tbody tr:nth-child(2) button").click()`, nil)
	frame.Wait("one note less", `document.querySelectorAll("tbody tr").length === 2`)
	frame.Eval(`document.querySelector("tbody input").click()`, nil)
	frame.Wait("the note to be done", `document.querySelector("tbody input").checked`)

	// The event of another window on the same page: the Go program hears it, and React shows the notes.
	other := shared.Open(t, page.String(`location.href`))
	other.Wait("the app's frame", `document.querySelector("iframe")`)
	otherFrame := other.Iframe(other.String(`new URL(document.querySelector("iframe").src).origin`))
	otherFrame.Wait("the notes of the first window", `document.querySelector("tbody input")?.checked && document.querySelectorAll("tbody tr").length === 2`)

	// An error of the Go function, in words, and what is typed stays.
	frame.Find("textbox", "Note").Fill(fmt.Sprintf("%0201d", 0))
	frame.Find("button", "Add").Click()
	frame.Wait("the error", `document.querySelector("[role=alert] p")?.textContent === "the note is longer than 200 characters"`)

	// A saved Go file: the state stays, the new program works, and the list is watched by it.
	frame.Eval(`globalThis.notReloaded = true`, nil)
	a.change(t, "notes/notes.go", "the note is longer than %d characters", "please write at most %d characters")
	frame.Wait("the new program", `(document.querySelector("form button").click(), document.querySelector("[role=alert] p")?.textContent === "please write at most 200 characters")`)
	addNote(frame, "Butter")
	frame.Wait("the new note, and no error", `document.querySelector("tbody tr:last-child .text")?.textContent === "Butter" && !document.querySelector("[role=alert]")`)
	frame.Wait("the page, which was not loaded again", `globalThis.notReloaded`)
	page.Quiet()
	for _, mode := range []string{"dark", "light"} {
		page.Eval(fmt.Sprintf(`{ const theme = document.getElementById("theme"); theme.value = %q; theme.dispatchEvent(new Event("change")); }`, mode), nil)
		frame.Wait("the theme "+mode, fmt.Sprintf(`document.documentElement.dataset.colorMode === %q`, mode))
		picture(t, page, "new-"+mode)
		// A panel has its heading in the product's page.
		if found := frame.Axe("../../node_modules/axe-core/axe.min.js", "page-has-heading-one"); found != "" {
			t.Errorf("axe, %s: %s", mode, found)
		}
	}
}

func addNote(frame *browser.Frame, text string) {
	frame.Find("textbox", "Note").Fill(text)
	frame.Find("button", "Add").Click()
}

// picture saves a picture of the window, if the flag -pictures is set.
func picture(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), page.Screenshot(), 0o644); err != nil {
		t.Fatal(err)
	}
}
