package host

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/program"
)

// events keeps what a host reports.
type events struct {
	mu  sync.Mutex
	all []devhost.Event
}

func (e *events) add(event devhost.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, event)
}

// matching returns the events of a type and name whose text contains a text.
func (e *events) matching(kind devhost.EventType, name, text string) []devhost.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(e.all), func(event devhost.Event) bool {
		return event.Type != kind || event.Name != name || !strings.Contains(event.Text, text)
	})
}

// wait waits until there are n repetitions of an event, and returns the events.
func (e *events) wait(page *browser.Page, n int, kind devhost.EventType, name, text string) (found []devhost.Event) {
	page.Until(string(kind)+" "+name+" "+text, func(context.Context) (bool, error) {
		found = e.matching(kind, name, text)
		sum := 0
		for _, event := range found {
			sum += max(event.Count, 1)
		}
		return sum == n, nil
	})
	return found
}

func TestPageErrors(t *testing.T) {
	reported := &events{}
	e := openEdited(t, devhost.WithReport(reported.add))
	for _, tt := range []struct {
		name, run, text string
		count           int
	}{
		{"error", `setTimeout(() => { throw new RangeError("nobody catches this") })`, "RangeError: nobody catches this", 1},
		{"error", `setTimeout(() => { throw "a text" })`, "a text", 1},
		{"error", `document.head.append(Object.assign(document.createElement("script"), {src: "forgeg.js?token=1"}))`, "The page cannot load main/forgeg.js. Is", 1},
		{"error", `document.head.append(Object.assign(document.createElement("link"), {rel: "stylesheet", href: "styel.css"}))`, "The page cannot load main/styel.css. Is", 1},
		{"unhandledrejection", `void Promise.reject(new TypeError("nobody handles this"))`, "TypeError: nobody handles this", 1},
		{"console.error", `console.error("a %s:", "message", {b: 1}, 2)`, `a message: {"b":1} 2`, 1},
		{"console.error", `for (let i = 0; i < 500; i++) console.error("again")`, "again", 500},
		{"console.error", `console.error("with eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln")`, "with [hidden token]", 1},
		{"securitypolicyviolation", `new Image().src = "https://pictures.example.com/a.png?token=1"`, "img-src blocks https://pictures.example.com/a.png.\n", 1},
		{"securitypolicyviolation", `new Image().src = "https://other.example.com/a.png"`, "permissions:\n  external:\n    images:\n      - 'https://other.example.com'", 1},
		{"securitypolicyviolation", `void fetch("https://api.example.com/").catch(() => {})`, "permissions:\n  external:\n    fetch:\n      client:\n        - address: 'https://api.example.com'", 1},
	} {
		e.app.Eval(`{ `+tt.run+` }`, nil)
		found := reported.wait(e.page, tt.count, devhost.EventPageError, tt.name, tt.text)
		if found[0].Module != "page" || found[0].Time.IsZero() {
			t.Errorf("the event is %+v", found[0])
		}
		if len(found) > 5 {
			t.Errorf("%d repetitions became %d events", tt.count, len(found))
		}
	}
	e.page.Wait("the errors in the panel", `[...document.querySelectorAll(".page-error")].some((line) => line.innerText.includes("500 times"))`)
	// Each engine's driver writes placeholders and objects in its own way.
	first, _, _ := strings.Cut(e.page.ConsoleText("error"), "\n")
	if !strings.HasPrefix(first, "a ") || !strings.Contains(first, "message") || !strings.HasSuffix(first, " 2") {
		t.Errorf("the console has %q", first)
	}
}

// TestResizeLoopIsNoPageError checks that the developer does not read of what browsers call an error and what is none.
func TestResizeLoopIsNoPageError(t *testing.T) {
	reported := &events{}
	e := openEdited(t, devhost.WithReport(reported.add))
	e.app.Eval(`{
		addEventListener("error", ({ message }) => { globalThis.loop = message });
		const box = document.body.appendChild(document.createElement("div"));
		new ResizeObserver(() => { box.style.width = Math.min(box.offsetWidth + 1, 600) + "px" }).observe(Object.assign(box, { style: "width: 100px" }));
	}`, nil)
	e.app.Wait("the browser's error", `globalThis.loop?.startsWith("ResizeObserver loop ")`)
	e.app.Eval(`console.error("last"), 0`, nil)
	reported.wait(e.page, 1, devhost.EventPageError, "console.error", "last")
	if found := reported.matching(devhost.EventPageError, "error", ""); len(found) != 0 {
		t.Errorf("reported are %+v", found)
	}
}

func TestCallsAreReported(t *testing.T) {
	reported := &events{}
	e := openEdited(t, devhost.WithReport(reported.add))
	e.app.Eval(`void __bridge.callBridge("emit", {event: "saved", payload: {token: "x", task: 7}})`, nil)
	done := reported.wait(e.page, 1, devhost.EventCall, "emit", "")[0]
	if done.Status != "ok" || done.Module != "page" || done.Request != "saved" || done.Milliseconds < 0 ||
		string(done.Payload) != `{"event":"saved","payload":{"token":"[hidden]","task":7}}` {
		t.Errorf("the event is %+v, its payload %s", done, done.Payload)
	}
	e.app.Eval(`void __bridge.callBridge("fetchRemote", {remoteKey: "none"}).catch(() => {})`, nil)
	if failed := reported.wait(e.page, 1, devhost.EventCall, "fetchRemote", "none")[0]; failed.Status != "failed" || failed.Remote != "none" {
		t.Errorf("the event is %+v", failed)
	}
	e.app.Eval(`void __bridge.callBridge("getContext")`, nil)
	if context := reported.wait(e.page, 1, devhost.EventCall, "getContext", "")[0]; !strings.Contains(string(context.Answer), `"moduleKey":"page"`) {
		t.Errorf("the answer is %s", context.Answer)
	}
}

// TestPanicIsOneReport checks that a panic of a Go program is reported once and whole, without the errors that follow.
func TestPanicIsOneReport(t *testing.T) {
	dir := copyApp(t, filepath.Join("testdata", "refresh"))
	manifest := filepath.Join(dir, "manifest.yml")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, []byte(strings.Replace(string(text), "scopes: []", "content:\n    scripts: [unsafe-eval]", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	page := `<!doctype html><html lang="en"><head><script src="forgego.js" data-program="app.wasm" defer></script></head><body></body></html>`
	if err := os.WriteFile(filepath.Join(dir, "main", "index.html"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := program.Build(t.Context(), "panic", filepath.Join(dir, "main"), bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	reported := &events{}
	host := apphost.Serve(t, dir, devhost.WithReport(reported.add))
	tab := chromium.Open(t, host.URL())
	app := tab.Iframe(host.AppURL() + "main/")
	app.Wait("the program", "globalThis.fail")
	app.Eval(`print(), fail(), 0`, nil)
	report := reported.wait(tab, 1, devhost.EventPageError, "panic", "")[0]
	for _, part := range []string{"panic: runtime error: index out of range [2] with length 0", "goroutine ", "main.third(", "main_js.go:"} {
		if !strings.Contains(report.Text, part) {
			t.Errorf("the report has no %q: %s", part, report.Text)
		}
	}
	// An error after it shows that nothing else was reported in between.
	app.Eval(`console.error("last"), 0`, nil)
	reported.wait(tab, 1, devhost.EventPageError, "console.error", "last")
	if others := append(reported.matching(devhost.EventPageError, "console.error", ""), reported.matching(devhost.EventPageError, "error", "")...); len(others) != 1 {
		t.Errorf("the panic was also reported as %+v", others)
	}
	if !strings.Contains(tab.ConsoleText("log"), "all is well") {
		t.Error("the program's own output is lost")
	}
}
