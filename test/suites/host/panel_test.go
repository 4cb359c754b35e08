package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/test/harness/browser"
)

// runLoop runs the app in testdata/panel as forgego dev does, until the test ends, and opens its page.
func runLoop(t *testing.T) (u *ui, reported *events) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "panel"))); err != nil {
		t.Fatal(err)
	}
	return runLoopIn(t, dir)
}

func runLoopIn(t *testing.T, dir string) (u *ui, reported *events) {
	t.Helper()
	reported = &events{}
	ready := make(chan struct{})
	loop, err := devloop.New(devloop.Options{Dir: dir, NoBuild: true, Report: func(e devhost.Event) {
		reported.add(e)
		if e.Type == devloop.EventReady {
			close(ready)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	<-ready
	host := loop.Host()
	u = &ui{t: t, host: host, page: chromium.Open(t, host.URL())}
	u.app = u.page.Iframe(host.AppURL() + "main/")
	u.app.Wait("the app", "globalThis.ready")
	u.page.Wait("the bridge", `document.getElementById("traffic-state").textContent === "Connected"`)
	return u, reported
}

// lastLine is the text of the newest line of the list with a class.
const lastLine = `[...document.querySelectorAll("#traffic-list li")].at(-1)?.querySelector("summary").innerText.replaceAll(/\s*\n\s*/g, " | ") ?? ""`

// waitForLine waits until the newest line of the panel contains some texts.
func waitForLine(page *browser.Page, texts ...string) {
	page.Until(fmt.Sprint("a line with ", texts), func(context.Context) (bool, error) {
		line := page.String(lastLine)
		for _, text := range texts {
			if !strings.Contains(line, text) {
				return false, fmt.Errorf("the line is %q", line)
			}
		}
		return true, nil
	})
}

func TestPanelSaysWhatIsWrong(t *testing.T) {
	u, reported := runLoop(t)
	product := strings.TrimSuffix(u.host.URL(), "/")
	for _, c := range []struct {
		name, call string
		// line is in the list, and seen is in the text of an event about the request, which the terminal shows.
		line, seen string
	}{
		{"no CORS at all", `requestRemote("api", "/no-cors")`, "does not allow " + product + " to send this request: its answer to the browser's preflight request has no Access-Control-Allow-Origin.", "no Access-Control-Allow-Origin"},
		{"a header field that is not allowed", `requestRemote("api", "/no-header")`, "the header field authorization: it sent Access-Control-Allow-Headers: x-other", "the header field authorization"},
		{"a method that is not allowed", `requestRemote("api", "/", {method: "PATCH"})`, "the method PATCH: it sent Access-Control-Allow-Methods: PUT", "the method PATCH"},
		{"a handler that panics", `requestRemote("api", "/panic")`, "the remote closed the connection without an answer. A panic in a Go handler does that", "A panic in a Go handler does that"},
		{"a remote with a url that is down", `requestRemote("strict", "/")`, "the remote is down: nothing listens at http://127.0.0.1:1.", "nothing listens at http://127.0.0.1:1."},
		{"a remote that forgego.yml does not name", `requestRemote("production", "/")`, "forgego.yml does not name the remote production, so the request went to its baseUrl in manifest.yml, https://127.0.0.1:1.", "forgego.yml does not name the remote production"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got string
			u.app.Eval(c.call, &got)
			if !strings.HasPrefix(got, "TypeError: ") || got == "TypeError: " { // each engine has its own words
				t.Errorf("the app gets %q", got)
			}
			waitForLine(u.page, got, c.line)
			_, remote, _ := strings.Cut(c.call, `"`)
			remote, _, _ = strings.Cut(remote, `"`)
			// The browser sends a request again if the connection breaks.
			if len(reported.matching(devhost.EventRequest, remote, c.seen)) == 0 {
				t.Errorf("no event says %q", c.seen)
			}
		})
	}
}

func TestPanelShowsDirectRequests(t *testing.T) {
	u, reported := runLoop(t)
	lines := func() (n int) {
		u.page.Eval(`document.querySelectorAll("#traffic-list li").length`, &n)
		return n
	}
	u.app.Eval(`requestDirectly("/tasks?secret=1")`, nil)
	waitForLine(u.page, "direct request", "api", "GET /tasks?secret=…", "✓ 200")
	u.app.Eval(`requestDirectly("/missing")`, nil)
	waitForLine(u.page, "direct request", "GET /missing", "✕ 404")
	u.app.Eval(`requestDirectly("/no-cors")`, nil)
	waitForLine(u.page, "direct request", "GET /no-cors", "does not allow "+strings.TrimSuffix(u.host.AppURL(), "/")+" to read its answers")
	reported.wait(u.page, 1, devhost.EventRequest, "api", "to read its answers: it sent no Access-Control-Allow-Origin")

	t.Run("a stream, and its end", func(t *testing.T) {
		u.app.Eval(`void requestDirectly("/stream")`, nil)
		waitForLine(u.page, "GET /stream", "… event stream")
		before := lines()
		u.app.Eval(`requestRemote("api", "/end-streams")`, nil)
		u.page.Wait("the end of the stream", `[...document.querySelectorAll("#traffic-list li")].some(({innerText}) => innerText.includes("GET /stream") && innerText.includes("✓ 200"))`)
		if got := lines(); got != before+1 {
			t.Errorf("the call and the end of the stream added %d lines, want 1", got-before)
		}
	})
	t.Run("not those of the product page, which are calls", func(t *testing.T) {
		before := lines()
		u.app.Eval(`requestRemote("api", "/once")`, nil)
		u.app.Eval(`requestDirectly("/after")`, nil)
		waitForLine(u.page, "GET /after")
		if got := lines(); got != before+3 {
			t.Errorf("%d lines were added, want 3: a call, a token and a direct request", got-before)
		}
	})
}

func TestPanelFilter(t *testing.T) {
	u, _ := runLoop(t)
	u.app.Eval(`requestRemote("api", "/words")`, nil)
	u.app.Eval(`requestDirectly("/tasks")`, nil)
	waitForLine(u.page, "direct request")
	count := func(want string) {
		t.Helper()
		u.page.Wait("the count "+want, `document.getElementById("traffic-count").textContent === "`+want+`"`)
	}
	count("3 of 3")
	search := u.page.Find("searchbox", "Search names, paths and texts")
	search.Type("WORDS")
	count("1 of 3")
	search.Type("")
	count("3 of 3")
	// By the keyboard: from the search to the kind, and to its third option.
	u.page.Press(browser.Tab)
	u.page.Press("D")
	count("1 of 3")
	u.page.Press(browser.Home)
	count("3 of 3")
	u.page.Press(browser.Tab)
	u.page.Press(" ")
	count("0 of 3")
	if text := u.page.String(`document.getElementById("traffic-body").innerText`); !strings.Contains(text, "No entry matches the filter.") {
		t.Errorf("the panel shows %q", text)
	}
}

func TestPanelCopiesAGoTest(t *testing.T) {
	u, _ := runLoop(t)
	u.app.Eval(`requestRemote("api", "/words")`, nil)
	waitForLine(u.page, "fetchRemote", "✓ 200")
	u.page.Eval(`document.querySelector("#traffic-list summary").click()`, nil)
	u.page.Eval(`{ globalThis.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }; }`, nil)
	u.page.Find("button", "Copy as Go test").Click()
	u.page.Wait("the message", `document.querySelector("#traffic-list").innerText.includes("Copied.")`)
	if text := u.page.String(`copied.join()`); !strings.Contains(text, `bridge.RequestRemote(ctx, "api", bridge.Request{`) || strings.Contains(text, "eyJ") {
		t.Errorf("it copied\n%s", text)
	}
}

func TestPanelSaysWhatAPageLacks(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "panel"))); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("frontend.go", "package main\n\nfunc main() {}\n")
	write("forgego.yml", "frontends:\n  main:\n    package: .\n")
	write("main/forgego.js", "globalThis.forgego = {};\n")
	u, reported := runLoopIn(t, dir)
	waitForLine(u.page, "error", "noProgram", "The page main/index.html does not load the Go program that forgego.yml names for it.")
	reported.wait(u.page, 1, devhost.EventPageError, "noProgram", `<script src="forgego.js" data-program="app.wasm" defer></script>`)

	lines := `document.querySelectorAll("#traffic-list .page-error").length`
	page, err := os.ReadFile(filepath.Join("testdata", "panel", "main", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	// The page is loaded once: the file is complete when it has its name.
	write("index.new", strings.Replace(string(page), "</head>", `<script src="forgego.js" data-program="app.wasm" defer></script></head>`, 1))
	if err := os.Rename(filepath.Join(dir, "index.new"), filepath.Join(dir, "main", "index.html")); err != nil {
		t.Fatal(err)
	}
	u.app.Wait("the page with the shim", "globalThis.forgego && document.readyState === 'complete'")
	u.app.Eval(`{ console.error("the last one"); }`, nil)
	waitForLine(u.page, "the last one")
	if got := u.page.String("String(" + lines + ")"); got != "2" {
		t.Errorf("there are %s errors, want 2: the page with the shim lacks nothing", got)
	}

	if err := os.Remove(filepath.Join(dir, "main", "index.html")); err != nil {
		t.Fatal(err)
	}
	waitForLine(u.page, "noBridge", "The page in the frame has not loaded the bridge")
	reported.wait(u.page, 1, devhost.EventPageError, "noBridge", "Is /main/ such a page")
}

// The panel does not claim to be connected when the host is gone.
func TestPanelWithoutHost(t *testing.T) {
	dir := filepath.Join("testdata", "panel")
	start := func(addr, appAddr string) (*devhost.Host, func()) {
		t.Helper()
		host, err := devhost.New(dir, devhost.WithAddr(addr), devhost.WithAppAddr(appAddr))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- host.Serve(ctx) }()
		return host, func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}
	host, stop := start("", "")
	page := chromium.Open(t, host.URL())
	state := func(text string) {
		page.Wait("the state "+text, `document.getElementById("traffic-state").textContent.startsWith("`+text+`")`)
	}
	state("Connected")
	stop()
	state("The local host does not answer.")
	address := func(url string) string { return strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/") }
	_, stop = start(address(host.URL()), address(host.AppURL()))
	defer stop()
	state("Connected")
}

// The page's script stands for the shim of a Go program, which starts at once.
func TestEarlyCallsAreProposed(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "panel"))); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(dir, "main", "index.html")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	shim := `document.dispatchEvent(new Event("forgego:started")); __bridge.callBridge("getContext");`
	for name, text := range map[string]string{
		page:                                  strings.Replace(string(text), "</head>", `<script src="shim.js" data-program="app.wasm"></script></head>`, 1),
		filepath.Join(dir, "main", "shim.js"): shim,
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	u, reported := runLoopIn(t, dir)
	reported.wait(u.page, 1, devloop.EventLog, "", `Set data-early="getContext" in the script tag`)
	u.page.Reload()
	u.page.Until("the proposal after a reload", func(context.Context) (bool, error) {
		return len(reported.matching(devhost.EventEarly, "/main/", "getContext")) == 2, nil
	})
	if notes := reported.matching(devloop.EventLog, "", "data-early"); len(notes) != 1 {
		t.Errorf("there are %d notes about the page, want 1", len(notes))
	}
}
