package shim

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestFailuresAreShown checks that each failure is reported once in the page, once in the console and once as an event,
// with a text that says what to do.
func TestFailuresAreShown(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(t *testing.T, s site)
		// title and detail are the reported texts, or parts of them.
		title, detail string
	}{
		{"policy without unsafe-eval", func(_ *testing.T, s site) {
			s["/index.html"].policy = forgePolicy("")
		}, "The page’s policy does not allow WebAssembly.", `"unsafe-eval" under permissions.content.scripts in manifest.yml`},
		{"policy without unsafe-eval, wrong type", func(_ *testing.T, s site) {
			s["/index.html"].policy = forgePolicy("")
			s["/app.wasm"].contentType = "application/octet-stream"
		}, "The page’s policy does not allow WebAssembly.", `"unsafe-eval" under permissions.content.scripts in manifest.yml`},
		{"no program", func(_ *testing.T, s site) {
			delete(s, "/app.wasm")
		}, "The program could not be loaded.", "/app.wasm answered 404. Is its name right? Build it again."},
		{"the program is a page of HTML", func(_ *testing.T, s site) {
			s["/app.wasm"] = html("<p>Welcome")
		}, "The program could not be loaded.", "/app.wasm answered with HTML"},
		{"the server has an error", func(_ *testing.T, s site) {
			s["/app.wasm"].status = http.StatusInternalServerError
		}, "The program could not be loaded.", "/app.wasm answered 500"},
		{"wasm_exec.js of a Go version that lacks a function", func(t *testing.T, s site) {
			s["/forgego.js"] = startScript(t, replace(t, wasmExec(t), `"runtime.getRandomData"`, `"runtime.getRandomBytes"`))
		}, "forgego.js and the program come from different Go versions.", "Build it again."},
		{"wasm_exec.js of a Go version with other names", func(t *testing.T, s site) {
			s["/forgego.js"] = startScript(t, replace(t, wasmExec(t), `gojs: {`, `go: {`))
		}, "forgego.js and the program come from different Go versions.", "Build it again."},
		{"half a program", func(t *testing.T, s site) {
			s["/app.wasm"].body = compiledProgram(t)[:len(compiledProgram(t))/2]
		}, "The program’s file is damaged or incomplete.", "Build it again."},
		{"an empty program", func(_ *testing.T, s site) {
			s["/app.wasm"].body = nil
		}, "The program’s file is damaged or incomplete.", "Build it again."},
		{"half a compressed program", func(t *testing.T, s site) {
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			zipped := zip(t, compiledProgram(t))
			s["/app.wasm.gz"] = &file{contentType: "application/gzip", body: zipped[:len(zipped)/2]}
		}, "The program’s file is damaged or incomplete.", "Build it again"},
		{"a program that lacks its last byte", func(t *testing.T, s site) {
			s["/app.wasm"].body = compiledProgram(t)[:len(compiledProgram(t))-1]
		}, "The program’s file is damaged or incomplete.", "Reload the page. Build it again."},
		{"half a program, wrong type", func(t *testing.T, s site) {
			s["/app.wasm"].body = compiledProgram(t)[:len(compiledProgram(t))/2]
			s["/app.wasm"].contentType = "application/octet-stream"
		}, "The program’s file is damaged or incomplete.", "Reload the page. Build it again."},
		{"a compressed program that lacks its end", func(t *testing.T, s site) {
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			zipped := zip(t, compiledProgram(t))
			s["/app.wasm.gz"] = &file{contentType: "application/gzip", body: zipped[:len(zipped)-4]}
		}, "The program’s file is damaged or incomplete.", "Reload the page. Build it again."},
		{"a program that is not compressed as the page says", func(t *testing.T, s site) {
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			s["/app.wasm.gz"] = &file{contentType: "application/gzip", body: compiledProgram(t)}
		}, "The program’s file is damaged or incomplete.", "Build it again"},
		{"a download that breaks off", func(t *testing.T, s site) {
			s["/app.wasm"].broken = true
		}, "The program’s file is damaged or incomplete.", "Reload the page. Build it again."},
		{"a browser without WebAssembly", func(_ *testing.T, s site) {
			s.loading(`delete globalThis.WebAssembly; forgego.load({ program: "app.wasm" }).catch(() => {})`)
		}, "This browser has no WebAssembly.", "Lockdown Mode"},
		{"main returns", func(_ *testing.T, s site) {
			s.loading(`forgego.load({ program: "app.wasm", args: ["return"] })`)
		}, "The app’s program has ended.", "Its main function returned. Reload the page to start it again. (wasm.Run keeps a program running.)"},
		{"exit status 3", func(_ *testing.T, s site) {
			s.loading(`forgego.load({ program: "app.wasm", args: ["exit"] })`)
		}, "The app’s program has ended.", "Its exit status is 3; see the console"},
		{"a panic that nobody recovers", func(_ *testing.T, s site) {
			s.loading(`forgego.load({ program: "app.wasm", args: ["panic"] })`)
		}, "The app’s program has ended.", "panic: the disk is full\n"},
		{"the app's own failure", func(_ *testing.T, s site) {
			s.loading(`forgego.load({ program: "app.wasm", args: ["fail"] })`)
		}, "The app’s program has failed.", "the disk is full"},
		{"a token source that panics", func(_ *testing.T, s site) {
			s.loading(`forgego.load({ program: "app.wasm", args: ["a token source that panics"] })`)
		}, "panic: the disk is full", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			test.change(t, s)
			page := s.open(t, "/")
			page.Wait("the failure", `record.failed.length > 0`)
			wantFailure(t, page, test.title, test.detail)
		})
	}
}

func wantFailure(t *testing.T, page *browser.Page, title, detail string) {
	t.Helper()
	var events []struct{ Title, Detail string }
	page.Eval(`record.failed`, &events)
	if len(events) != 1 || events[0].Title != title || !strings.Contains(events[0].Detail, detail) {
		t.Errorf("the event has %+v\nwant %s %s", events, title, detail)
	}
	page.Find("alert", "").WaitCount(1)
	if text := page.Find("alert", "").Text(); !strings.Contains(text, title) || !strings.Contains(text, detail) {
		t.Errorf("the page says:\n%s\nwanted: %s %s", text, title, detail)
	}
	if got := strings.Count(page.ConsoleText("error"), title); got != 1 {
		t.Errorf("the console shows it %d times:\n%s", got, page.ConsoleText())
	}
	// Firefox counts "Loading Worker from … was blocked", its text about a missing script, as an exception.
	if text := page.ConsoleText(browser.Exception); text != "" && !strings.Contains(text, title) && !strings.HasPrefix(text, "Loading ") {
		t.Errorf("an uncaught exception: %s", text)
	}
	var bars int
	if page.Eval(`document.querySelectorAll("progress").length`, &bars); bars != 0 {
		t.Error("the bar is still there")
	}
}

// TestFailuresAreKnownInAnyWords checks that the cause is found for any error text of the engine. Each engine has its own
// texts. Two of these come from Firefox and WebKit.
func TestFailuresAreKnownInAnyWords(t *testing.T) {
	for _, words := range []string{
		"call to WebAssembly.compileStreaming() blocked by CSP",
		"Extra bytes past the end.",
		"The operation was aborted.",
		"unsafe-eval Import #1 ReadableStream",
		"",
	} {
		reworded := `for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming"]) {
			const original = WebAssembly[name];
			WebAssembly[name] = (...args) => original.apply(WebAssembly, args).catch(() => { throw new TypeError(` + strconv.Quote(words) + `); });
		}
		forgego.load({ program: "app.wasm" }).catch(() => {});`
		for _, test := range []struct {
			name, title string
			change      func(t *testing.T, s site)
		}{
			{"policy", "The page’s policy does not allow WebAssembly.", func(_ *testing.T, s site) {
				s["/index.html"].policy = forgePolicy("'unsafe-inline'")
			}},
			{"half a program", "The program’s file is damaged or incomplete.", func(t *testing.T, s site) {
				s["/app.wasm"].body = compiledProgram(t)[:len(compiledProgram(t))/2]
			}},
			{"another Go version", "forgego.js and the program come from different Go versions.", func(t *testing.T, s site) {
				s["/forgego.js"] = startScript(t, replace(t, wasmExec(t), `"runtime.getRandomData"`, `"runtime.getRandomBytes"`))
			}},
		} {
			t.Run(test.name+"/"+words, func(t *testing.T) {
				s := newSite(t).loading(reworded)
				test.change(t, s)
				page := s.open(t, "/")
				page.Wait("the failure", `record.failed.length > 0`)
				wantFailure(t, page, test.title, "")
			})
		}
	}
}

// TestPolicyOfWebKitIsKnown checks the behavior of WebKit, which compiles a program under any policy and then refuses to
// instantiate it.
func TestPolicyOfWebKitIsKnown(t *testing.T) {
	page := newSite(t).loading(`
		const refused = new WebAssembly.CompileError("Refused to create a WebAssembly object");
		WebAssembly.instantiate = async () => { throw refused; };
		WebAssembly.Instance = function () { throw refused; };
		forgego.load({ program: "app.wasm" }).catch(() => {});
	`).open(t, "/")
	page.Wait("the failure", `record.failed.length > 0`)
	wantFailure(t, page, "The page’s policy does not allow WebAssembly.", `"unsafe-eval" under permissions.content.scripts in manifest.yml`)
}

// TestLackOfMemoryIsShown checks the message for a program that cannot allocate memory. It must not say that the program is
// damaged or from another Go version.
func TestLackOfMemoryIsShown(t *testing.T) {
	for _, where := range []string{"WebAssembly.instantiate", "WebAssembly.compileStreaming"} {
		t.Run(where, func(t *testing.T) {
			page := newSite(t).loading(`
				`+where+` = async () => { throw new RangeError("could not allocate memory"); };
				forgego.load({ program: "app.wasm" }).catch(() => {});
			`).open(t, "/")
			page.Wait("the failure", `record.failed.length > 0`)
			wantFailure(t, page, "The program could not be loaded.", "could not allocate memory")
		})
	}
}

// TestProgramContinuesAfterAFailure checks that an app that failed still answers the page.
func TestProgramContinuesAfterAFailure(t *testing.T) {
	for _, mode := range []string{"fail", "a token source that panics"} {
		t.Run(mode, func(t *testing.T) {
			page := newSite(t).loading(`forgego.load({ program: "app.wasm", args: ["`+mode+`"] })`).open(t, "/")
			page.Wait("the failure", `record.failed.length > 0`)
			if got := page.String(`stillThere()`); got != "yes" {
				t.Errorf("it answers %s", got)
			}
			if mode != "fail" && !strings.Contains(page.ConsoleText("error"), "main_js.go") {
				t.Errorf("the console has no stack:\n%s", page.ConsoleText())
			}
		})
	}
}

// TestEndByAHandlerIsExplained checks what the page and the console say when a function that JavaScript calls waits or panics:
// first what to do and in which line, and then the trace.
func TestEndByAHandlerIsExplained(t *testing.T) {
	const ended = "The app’s program has ended."
	for handler, want := range map[string]struct{ title, detail, trace string }{
		"waits":  {"An event handler must not wait.", "Use wasm.Listen or wasm.Go.\n{place}", "fatal error: all goroutines are asleep - deadlock!"},
		"calls":  {"An event handler must not wait.", "Use wasm.Listen or wasm.Go.\n{place}", "fatal error: all goroutines are asleep - deadlock!"},
		"panics": {ended, "panic: the disk is full\n{place}\nUse wasm.Listen or wasm.Go.", "panic: the disk is full"},
		"goes":   {ended, "panic: the disk is full\n{place}", "panic: the disk is full"},
	} {
		t.Run(handler, func(t *testing.T) {
			page := newSite(t).loading(`
				globalThis.__bridge = { callBridge: () => new Promise(() => {}) };
				forgego.load({ program: "app.wasm", args: ["handlers"] });
			`).open(t, "/")
			page.Wait("the program", `globalThis.waits`)
			page.Eval(`void setTimeout(`+handler+`)`, nil)
			page.Wait("the end", `record.failed.length > 0`)
			detail := regexp.MustCompile(`\S*events_js\.go:[0-9]+`).ReplaceAllString(page.String(`record.failed[0].detail`), "{place}")
			if title := page.String(`record.failed[0].title`); title != want.title || detail != want.detail {
				t.Errorf("the page says %q, %q\nwant %q, %q", title, detail, want.title, want.detail)
			}
			console := page.ConsoleText()
			explained, traced := strings.Index(console, want.title), strings.Index(console, want.trace+"\n\ngoroutine ")
			if explained < 0 || traced < explained {
				t.Errorf("the console does not show the explanation before the trace:\n%s", console)
			}
		})
	}
}

// TestTokenSourceThatPanicsIsAskedAgain checks that the waiting call gets the panic as an error, and that the next call
// works.
func TestTokenSourceThatPanicsIsAskedAgain(t *testing.T) {
	page := newSite(t).loading(`forgego.load({ program: "app.wasm", args: ["a token source that panics"] })`).open(t, "/")
	page.Wait("the next call", `globalThis.next === "works"`)
	if got := page.String(`first`); got != "the token source failed: panic: the disk is full" {
		t.Errorf("the first call got %q", got)
	}
}

// TestExitStatusIsReturned checks that a script that loads a program gets its exit status.
func TestExitStatusIsReturned(t *testing.T) {
	for mode, want := range map[string]int{"return": 0, "exit": 3, "panic": 2} {
		t.Run(mode, func(t *testing.T) {
			page := newSite(t).loading(`
				forgego.load({ program: "app.wasm", args: ["`+mode+`"] })
					.then(({ exited }) => exited).then((status) => { globalThis.status_ = { status }; });
			`).open(t, "/")
			page.Wait("the end", `globalThis.status_`)
			var got int
			if page.Eval(`status_.status`, &got); got != want {
				t.Errorf("status %d, want %d", got, want)
			}
			if mode == "panic" && !strings.Contains(page.ConsoleText("log"), "panic: the disk is full") {
				t.Errorf("the console does not show the panic:\n%s", page.ConsoleText())
			}
		})
	}
}

func replace(t *testing.T, b []byte, before, after string) []byte {
	t.Helper()
	if !bytes.Contains(b, []byte(before)) {
		t.Fatalf("wasm_exec.js has no %s any more: this test needs another change", before)
	}
	return bytes.ReplaceAll(b, []byte(before), []byte(after))
}
