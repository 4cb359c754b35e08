package tutorial

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

const axe = "../../node_modules/axe-core/axe.min.js"

// TestTemplates makes an app from each template, checks its code, and uses its page.
func TestTemplates(t *testing.T) {
	staticcheck := filepath.Join(bin, "staticcheck")
	run(t, "../..", nil, "go", "build", "-o", staticcheck, "honnef.co/go/tools/cmd/staticcheck")
	for _, c := range []struct {
		name string
		args []string
		use  func(page *browser.Page, app *browser.Frame)
	}{
		{"panel", nil, useNotes},
		{"panel-confluence-none", []string{"--product", "confluence", "--backend", "none"}, useSearch("What we learned last quarter")},
		{"page", []string{"--template", "page", "--product", "confluence"}, useNotes},
		{"page-none", []string{"--template", "page", "--backend", "none"}, useSearch("Order new chairs")},
		{"macro", []string{"--template", "macro"}, useNotes},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), c.name)
			run(t, "", nil, append([]string{"forgego", "new", "--name", "Team <Notes> & more", dir}, c.args...)...)
			inPage := []string{"GOOS=js", "GOARCH=wasm"}
			if unformatted := run(t, dir, nil, "gofmt", "-l", "."); unformatted != "" {
				t.Errorf("gofmt would change %s", unformatted)
			}
			run(t, dir, nil, "go", "vet", "./...")
			run(t, dir, inPage, "go", "vet", "./frontend")
			run(t, dir, nil, staticcheck, "./...")
			run(t, dir, inPage, staticcheck, "./frontend")
			run(t, dir, nil, "go", "test", "./...")
			run(t, dir, nil, "forgego", "build")
			if found := run(t, dir, nil, "forgego", "check"); found != "No problems found.\n" {
				t.Errorf("forgego check prints\n%s", found)
			}

			page, app := develop(t, dir).open(t)
			c.use(page, app)
			for _, mode := range []string{"dark", "light"} {
				setTheme(page, app, mode)
				picture(t, page, c.name+"-"+mode)
				// A panel has its heading in the product's page.
				if found := app.Axe(axe, "page-has-heading-one"); found != "" {
					t.Errorf("axe, %s: %s", mode, found)
				}
			}
			page.SetSize(page.Engine.Narrow(360), 740)
			picture(t, page, c.name+"-narrow")
			app.Wait("no sideways scrolling", `document.documentElement.scrollWidth <= innerWidth`)
		})
	}
}

// TestMissingElement checks what a developer reads if index.html lacks an element: its id, and where the app asks for it.
func TestMissingElement(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "notes")
	run(t, "", nil, "forgego", "new", "--backend", "none", dir)
	index := filepath.Join(dir, "static", "index.html")
	text, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(index, []byte(strings.Replace(string(text), `id="search-button"`, `id="serch-button"`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	dev := develop(t, dir)
	page, _ := dev.open(t)
	const reason = `index.html has no element with the id "search-button"`
	page.Until("the reason and the app's frames in the terminal", func(context.Context) (bool, error) {
		_, stack, found := strings.Cut(dev.Log.String(), reason)
		return found && strings.Contains(stack, "main.run(") && strings.Contains(stack, "/frontend/main_js.go:"), nil
	})
	if log := dev.Log.String(); strings.Contains(log, "internal/usercode") {
		t.Errorf("the terminal shows frames of forgego:\n%s", log)
	}
}

// useNotes adds notes to an app with a backend, changes them, and loads the page again.
func useNotes(page *browser.Page, app *browser.Frame) {
	app.Wait("the empty list", `!document.getElementById("empty").hidden`)
	for _, note := range []string{"<b>Bread</b> & butter", "Milk", "Cheese"} {
		app.Find("textbox", "Note").Fill(note)
		app.Find("button", "Add").Click()
		app.Wait("the note "+note, fmt.Sprintf(`document.querySelector("#rows tr:last-child .text")?.textContent === %q`, note))
	}
	app.Eval(`document.querySelector("#rows tr:nth-child(2) button").click()`, nil)
	app.Wait("one note less", `document.querySelectorAll("#rows tr").length === 2`)
	app.Eval(`document.querySelector("#rows input").click()`, nil)
	app.Wait("the note to be done", `document.querySelector("#rows input").checked`)
	app.Eval(`{ globalThis.isOld = true; location.reload(); }`, nil)
	app.Wait("the notes that are kept", `!globalThis.isOld && document.querySelector("#rows input")?.checked && document.querySelectorAll("#rows tr").length === 2`)
	page.Quiet()

	// A person does not get as far as this, but a program may.
	app.Eval(`{ const text = document.getElementById("text"); text.removeAttribute("maxlength"); text.value = "x".repeat(201); }`, nil)
	app.Find("button", "Add").Click()
	app.Wait("the error", `document.getElementById("message-text").textContent === "the note is longer than 200 characters"`)
	app.Find("button", "Load again").Click()
	app.Wait("no error", `document.getElementById("message").hidden`)
	app.Eval(`document.getElementById("add").reset()`, nil)
}

// useSearch searches in an app without a backend, and waits for a result.
func useSearch(title string) func(*browser.Page, *browser.Frame) {
	return func(page *browser.Page, app *browser.Frame) {
		found := fmt.Sprintf(`[...document.querySelectorAll("#rows .title")].some((e) => e.textContent === %q)`, title)
		app.Wait("the first search", found)
		app.Find("checkbox", "Only mine").Click()
		app.Eval(`document.getElementById("rows").textContent = ""`, nil)
		app.Find("button", "Search").Click()
		app.Wait("the second search", found)
		page.Quiet()
	}
}
