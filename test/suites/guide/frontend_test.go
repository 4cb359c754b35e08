package guide

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
)

const root = "../../.."

// TestFrontendGuideQuotesItsProgram checks that each block of Go code in docs/frontend.md is in the program that
// TestFrontendGuide compiles and runs.
func TestFrontendGuideQuotesItsProgram(t *testing.T) {
	files, err := filepath.Glob("../../programs/notes/frontend/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no program (%v)", err)
	}
	program := ""
	for _, file := range files {
		program += read(t, file)
	}
	blocks := codeBlocks(t, filepath.Join(root, "docs/frontend.md"), "go")
	if len(blocks) < 5 {
		t.Errorf("the guide has only %d blocks", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(program, block) {
			t.Errorf("programs/notes does not have this code of docs/frontend.md:\n%s", block)
		}
	}
}

// TestFrontendGuide uses the program of docs/frontend.md as a person does.
func TestFrontendGuide(t *testing.T) {
	dir := t.TempDir()
	if err := apphost.Build(t.Context(), "notes", dir, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	host := apphost.Serve(t, dir, devhost.Options{})
	pictures := make(chan string, 1)
	apphost.Remote(t, host, "ari:cloud:ecosystem::app/5e0c2b6a-8d43-4b59-9a0e-64b1c7a7f0d2", "notes-api", notes(pictures))
	page := chromium.Open(t, host.URL()).Iframe(host.AppURL())
	page.Wait("the notes", `document.querySelectorAll("#list li").length === 1`)

	page.Find("button", "Add").Click()
	page.Wait("the notice", `document.querySelector("[role=alert]")?.innerText.includes("the title is missing")`)
	page.Find("textbox", "Title").Fill("<b>Bread</b>")
	page.Find("button", "Add").Click()
	page.Wait("the new note", `document.querySelectorAll("#list li")[1]?.textContent === "<b>Bread</b>" && document.querySelectorAll("#notes li").length === 2`)
	page.Find("alert", "").WaitCount(0)
	page.Eval(`document.querySelector("[data-delete=n1]").click()`, nil)
	page.Wait("the deleted note", `document.querySelectorAll("#notes li").length === 1`)

	page.Eval(`{
		const picture = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="), (c) => c.charCodeAt(0));
		const transfer = new DataTransfer();
		transfer.items.add(new File([picture], "dot.png", { type: "image/png" }));
		const input = document.querySelector("#picture");
		input.files = transfer.files;
		input.dispatchEvent(new Event("change"));
	}`, nil)
	page.Wait("the picture", `document.querySelector("#preview").naturalWidth === 1`)
	if got := <-pictures; got != "dot.png image/png 70" {
		t.Errorf("the remote got %q", got)
	}
	page.Eval(`{
		const transfer = new DataTransfer();
		transfer.items.add(new File([new Uint8Array(6e6)], "large.png"));
		document.querySelector("#notes").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
	}`, nil)
	page.Wait("the limit", `document.querySelector("[role=alert]")?.innerText.includes("the file is too large")`)
}

// notes is the backend of the guide's program. It reports the picture that it gets.
func notes(pictures chan<- string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /notes", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `[{"id":"n1","title":"Milk"}]`)
	})
	mux.HandleFunc("POST /notes", func(w http.ResponseWriter, r *http.Request) {
		var note map[string]string
		_ = json.NewDecoder(r.Body).Decode(&note)
		note["id"] = "n2"
		_ = json.NewEncoder(w).Encode(note)
	})
	mux.HandleFunc("DELETE /notes/{id}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /pictures", func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		data, _ := io.ReadAll(file)
		size, _ := json.Marshal(len(data))
		pictures <- header.Filename + " " + header.Header.Get("Content-Type") + " " + string(size)
		_, _ = io.WriteString(w, `{}`)
	})
	return mux
}

// TestREADMEsFirstApp follows the section "Start from nothing" of the README: it runs its commands, writes its files, and
// uses the app.
func TestREADMEsFirstApp(t *testing.T) {
	text, _, found := strings.Cut(read(t, filepath.Join(root, "README.md")), "### Calls")
	_, text, found2 := strings.Cut(text, "### Start from nothing")
	if !found || !found2 {
		t.Fatal("the README has no such section")
	}
	clone, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	commands := strings.Replace(block(t, text, "sh"), "../forgego\n", clone+"\n", 1)
	run(t, dir, "sh", "-ec", commands)
	app := filepath.Join(dir, "here")
	_, files, _ := strings.Cut(text, "```yaml\n")
	for name, content := range map[string]string{
		"main.go":      block(t, text, "go"),
		"manifest.yml": block(t, text, "yaml"),
		"forgego.yml":  block(t, files, "yaml"),
	} {
		if err := os.WriteFile(filepath.Join(app, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(t, app, "go", "mod", "tidy")
	forgego := filepath.Join(dir, "forgego.exe")
	run(t, clone, "go", "build", "-o", forgego, "./cmd/forgego")
	run(t, dir, forgego, "build", app)
	host := apphost.Serve(t, app, devhost.Options{})
	page := chromium.Open(t, host.URL()).Iframe(host.AppURL())
	page.Find("button", "Where am I?").Click()
	page.Find("button", "In here-page").WaitCount(1)
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// codeBlocks returns the code blocks of a document in a language.
func codeBlocks(t *testing.T, file, language string) (blocks []string) {
	t.Helper()
	_, text, _ := strings.Cut(read(t, file), "```"+language+"\n")
	for part := range strings.SplitSeq(text, "```"+language+"\n") {
		code, _, _ := strings.Cut(part, "```\n")
		blocks = append(blocks, code)
	}
	return blocks
}

// block returns the first code block of a text in a language.
func block(t *testing.T, text, language string) string {
	t.Helper()
	_, text, found := strings.Cut(text, "```"+language+"\n")
	code, _, ends := strings.Cut(text, "```\n")
	if !found || !ends {
		t.Fatalf("there is no block of %s", language)
	}
	return code
}
