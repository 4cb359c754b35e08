package guide

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/test/harness/apphost"
)

const root = "../../.."

// TestFrontendGuideQuotesItsPrograms checks that each block of Go code in docs/frontend.md is in one of the programs that
// TestFrontendGuide and TestFrontendGuideGallery compile and run.
func TestFrontendGuideQuotesItsPrograms(t *testing.T) {
	programs := ""
	for _, name := range []string{"notes", "gallery"} {
		files, err := filepath.Glob("../../programs/" + name + "/frontend/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no program %s (%v)", name, err)
		}
		for _, file := range files {
			programs += read(t, file)
		}
	}
	manifest := read(t, "../../programs/notes/manifest.yml")
	if text := codeBlocks(t, filepath.Join(root, "docs/frontend.md"), "yaml"); len(text) != 1 || text[0] != manifest {
		t.Errorf("docs/frontend.md does not show programs/notes/manifest.yml, but %q", text)
	}
	blocks := codeBlocks(t, filepath.Join(root, "docs/frontend.md"), "go")
	if len(blocks) < 5 {
		t.Errorf("the guide has only %d blocks", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(programs, block) {
			t.Errorf("no program has this code of docs/frontend.md:\n%s", block)
		}
	}
}

// TestFrontendGuide uses the program notes of docs/frontend.md as a person does.
func TestFrontendGuide(t *testing.T) {
	dir := t.TempDir()
	if err := apphost.Build(t.Context(), "notes", dir, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	host := apphost.Serve(t, dir)
	backend := &notes{all: []note{{"n1", "Milk"}}, changed: make(chan struct{}, 1), answer: make(chan struct{}), pictures: make(chan string, 1)}
	backend.serve(t, host)
	product := chromium.Open(t, host.URL())
	page := product.Iframe(host.AppURL())
	page.Wait("the notes", `document.querySelectorAll("#list li").length === 1`)

	page.Find("button", "Add").Click()
	page.Wait("the notice", `document.querySelector("[role=alert]")?.innerText.includes("the title is missing")`)
	page.Find("textbox", "Title").Fill("<b>Bread</b>")
	page.Find("button", "Add").Click()
	page.Wait("the new note by its event", `document.querySelectorAll("#list li").length === 2`)
	page.Eval(`document.querySelectorAll("#list li").forEach((row) => row.id = "by-event")`, nil)
	backend.answer <- struct{}{}
	page.Wait("the answer, and the new note once", `!document.getElementById("by-event") && document.querySelectorAll("#list li")[1]?.textContent === "<b>Bread</b>" && document.querySelectorAll("#notes li").length === 2`)
	page.Find("alert", "").WaitCount(0)

	backend.breakOnce()
	page.Wait("the error of the load", `document.querySelector("[role=alert]")?.innerText.includes("the notes are locked")`)
	backend.add(note{"n3", "Salt"}) // by somebody else
	page.Wait("the note of somebody else", `document.querySelectorAll("#notes li")[2]?.textContent.startsWith("Salt")`)
	page.Find("alert", "").WaitCount(0)

	remove := func(button string) {
		page.Eval(`document.querySelector("[data-delete=n1]").click()`, nil)
		dialog := product.Iframe(host.AppURL() + "main/confirm.html")
		dialog.Wait("the question", `document.querySelector("#question")?.textContent === "Delete “Milk”?"`)
		dialog.Find("button", button).Click()
	}
	remove("Cancel")
	page.Wait("the note that stays", `document.querySelectorAll("#notes li").length === 3`)
	page.Find("alert", "").WaitCount(0)
	remove("Delete")
	page.Wait("the deleted note", `document.querySelectorAll("#notes li").length === 2`)

	page.Eval(`{
		const dot = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="), (c) => c.charCodeAt(0));
		const large = new Uint8Array(6e6);
		globalThis.files = (content, name) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([{ dot, large }[content]], name, { type: "image/png" }));
			return transfer;
		};
		globalThis.pick = (content, name) => {
			const input = document.querySelector("#picture");
			input.files = files(content, name).files;
			input.dispatchEvent(new Event("change"));
		};
		globalThis.drop = (content, name) => document.querySelector("#notes").dispatchEvent(new DragEvent("drop", { dataTransfer: files(content, name), cancelable: true }));
	}`, nil)
	for _, how := range []string{"pick", "drop"} {
		page.Eval(how+`("dot", "dot.png")`, nil)
		if got := <-backend.pictures; got != "dot.png image/png 70" {
			t.Errorf("%s: the remote got %q", how, got)
		}
		page.Eval(how+`("large", "`+how+`.png")`, nil)
		page.Wait("the limit", `document.querySelector("[role=alert]")?.innerText.includes("“`+how+`.png” is too large")`)
	}
	page.Wait("the picture", `document.querySelector("#preview").naturalWidth === 1`)
}

// TestFrontendGuideGallery uses the program gallery of docs/frontend.md as a person does.
func TestFrontendGuideGallery(t *testing.T) {
	dir := t.TempDir()
	if err := apphost.Build(t.Context(), "gallery", dir, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	host := apphost.Serve(t, dir)
	product := chromium.Open(t, host.URL())
	product.Find("combobox", "Language").Choose("de-DE")
	product.Iframe(host.AppURL()).Wait("the German texts", `document.body.innerText.includes("Meine Bilder") && document.body.innerText.includes("Hinzufügen")`)
	product.Find("combobox", "Language").Choose("en-US")
	page := product.Iframe(host.AppURL())
	page.Wait("the English text, and the text for a key without one", `document.body.innerText.includes("My pictures") && document.body.innerText.includes("Add")`)

	small, large := filepath.Join(t.TempDir(), "small.png"), filepath.Join(t.TempDir(), "large.png")
	for file, size := range map[string]int{small: 10, large: 6e6} {
		if err := os.WriteFile(file, make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page.ChooseFiles("#picture", large)
	page.Wait("the limit", `document.querySelector("[role=alert]")?.innerText.includes("“large.png” is too large")`)
	page.ChooseFiles("#picture", small)
	page.Wait("the key in the store", `document.querySelector("#key").textContent !== ""`)
	page.Find("alert", "").WaitCount(0)
}

type note struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// notes is the backend of the guide's program.
type notes struct {
	mu       sync.Mutex
	all      []note
	broken   bool          // the next request for the notes fails
	changed  chan struct{} // holds a value after a change
	answer   chan struct{} // takes a value when the page may know that its note is saved
	pictures chan string   // the name, type and size of each picture
}

func (n *notes) add(added note) {
	n.mu.Lock()
	n.all = append(n.all, added)
	n.mu.Unlock()
	n.changed <- struct{}{}
}

// breakOnce lets the next request for the notes fail, and tells the page of a change.
func (n *notes) breakOnce() {
	n.mu.Lock()
	n.broken = true
	n.mu.Unlock()
	n.changed <- struct{}{}
}

// serve serves the backend as the program's remote.
func (n *notes) serve(t *testing.T, host *devhost.Host) {
	t.Helper()
	verifier, err := remote.New("ari:cloud:ecosystem::app/5e0c2b6a-8d43-4b59-9a0e-64b1c7a7f0d2", remote.WithJWKSURL(host.JWKSURL()),
		remote.WithAllowedOrigins(strings.TrimSuffix(host.AppURL(), "/"), strings.TrimSuffix(host.URL(), "/")))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	exchange, err := remote.NewExchange(verifier, map[string]string{"notes-api": base})
	if err != nil {
		t.Fatal(err)
	}
	mux := n.mux()
	mux.Handle("/token", exchange)
	server.Config.Handler = exchange.Handler(mux)
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	if err := host.SetRemoteURL("notes-api", base); err != nil {
		t.Fatal(err)
	}
}

func (n *notes) mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /notes", func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.broken {
			n.broken = false
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, `{"message":"the notes are locked"}`)
			return
		}
		_ = json.NewEncoder(w).Encode(n.all)
	})
	mux.HandleFunc("GET /notes/events", func(w http.ResponseWriter, r *http.Request) {
		_ = remote.ServeEvents(w, r, func(ctx context.Context, stream *remote.EventStream) error {
			for {
				select {
				case <-n.changed:
					if err := stream.Send(remote.Event{Type: "changed"}); err != nil {
						return err
					}
				case <-ctx.Done():
					return nil
				}
			}
		})
	})
	mux.HandleFunc("POST /notes", func(w http.ResponseWriter, r *http.Request) {
		var added note
		_ = json.NewDecoder(r.Body).Decode(&added)
		added.ID = "n2"
		n.add(added)
		select {
		case <-n.answer:
		case <-r.Context().Done():
		}
		_ = json.NewEncoder(w).Encode(added)
	})
	mux.HandleFunc("DELETE /notes/{id}", func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.all = slices.DeleteFunc(n.all, func(n note) bool { return n.ID == r.PathValue("id") })
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /pictures", func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		data, _ := io.ReadAll(file)
		size, _ := json.Marshal(len(data))
		n.pictures <- header.Filename + " " + header.Header.Get("Content-Type") + " " + string(size)
		_, _ = io.WriteString(w, `{}`)
	})
	return mux
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
