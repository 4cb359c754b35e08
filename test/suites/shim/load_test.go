package shim

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// progress is an event of the shim.
type progress struct{ Loaded, Total int }

func TestProgramLoads(t *testing.T) {
	for _, test := range []struct {
		name string
		site func(t *testing.T) site
		// streaming reports whether the program must be compiled while it arrives.
		streaming bool
		// total is the length that the progress must report, and the value at which it must end. If it is 0, there is no progress.
		total func(t *testing.T) int
	}{
		{"the right type", newSite, true, rawLength},
		{"a type that says nothing", typed("application/octet-stream"), false, rawLength},
		{"the right type with a charset", typed("application/wasm; charset=utf-8"), false, rawLength},
		{"the right type with an empty parameter", typed("application/wasm;"), false, rawLength},
		{"the right type with white space", typed("application/wasm "), true, rawLength},
		{"the right type in capitals", typed("Application/WASM"), true, rawLength},
		{"a type that only begins so", typed("application/wasmx"), false, rawLength},
		{"no type", typed(""), false, rawLength},
		{"a compressed file that the server calls an encoding, with a charset", func(t *testing.T) site {
			s := newSite(t)
			delete(s, "/app.wasm")
			s["/app.wasm.gz"] = &file{contentType: "application/wasm; charset=utf-8", encoding: "gzip", body: zip(t, compiledProgram(t))}
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			return s
		}, false, unknown},
		{"a compressed file", func(t *testing.T) site {
			s := newSite(t)
			delete(s, "/app.wasm")
			s["/app.wasm.gz"] = &file{contentType: "application/gzip", body: zip(t, compiledProgram(t))}
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			return s
		}, true, func(t *testing.T) int { return len(zip(t, compiledProgram(t))) }},
		{"a compressed file that the server calls an encoding", func(t *testing.T) site {
			s := newSite(t)
			delete(s, "/app.wasm")
			s["/app.wasm.gz"] = &file{contentType: "application/wasm", encoding: "gzip", body: zip(t, compiledProgram(t))}
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			return s
		}, true, unknown},
		{"a compressed file and a browser that cannot decompress", func(t *testing.T) site {
			s := newSite(t)
			s["/old.js"] = &file{contentType: "text/javascript", body: []byte("delete globalThis.DecompressionStream;")}
			s["/index.html"] = html(`<script src="old.js"></script><script src="record.js"></script><script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
			return s
		}, true, rawLength},
		{"a server that compresses", func(t *testing.T) site {
			s := newSite(t)
			s["/app.wasm"].encoding = "gzip"
			s["/app.wasm"].body = zip(t, compiledProgram(t))
			return s
		}, true, unknown},
		{"a page in a folder, the shim in another", func(t *testing.T) site {
			s := newSite(t)
			return site{
				"/a/page/index.html":  html(`<script src="../../record.js"></script><script src="../lib/forgego.js" data-program="bin/app.wasm" defer></script>`),
				"/record.js":          s["/record.js"],
				"/a/lib/forgego.js":   s["/forgego.js"],
				"/a/lib/bin/app.wasm": s["/app.wasm"],
			}
		}, true, rawLength},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := "/"
			s := test.site(t)
			if _, ok := s["/index.html"]; !ok {
				path = "/a/page/"
			}
			page := s.open(t, path)
			page.Wait("the program", `globalThis.app === "runs"`)
			page.Wait("the event", `record.started === 1`)
			var streaming, buffered int
			page.Eval(`record.streaming`, &streaming)
			page.Eval(`record.buffered`, &buffered)
			if test.streaming != (streaming == 1) || test.streaming != (buffered == 0) {
				t.Errorf("compileStreaming was called %d times, compile %d times", streaming, buffered)
			}

			total := test.total(t)
			if total > 0 {
				page.Wait("the last of the progress", `record.progress.at(-1)?.loaded === `+number(total))
			}
			page.Wait("no bar", `document.querySelector("progress") === null`)
			var events []progress
			page.Eval(`record.progress`, &events)
			before := 0
			for _, e := range events {
				if e.Total != total || e.Loaded < before || e.Loaded > e.Total {
					t.Errorf("progress reports %+v after %d; the length is %d", e, before, total)
				}
				before = e.Loaded
			}
			downloads := 0
			for _, address := range page.Requests() {
				if strings.Contains(address, "app.wasm") {
					downloads++
				}
			}
			if downloads != 1 {
				t.Errorf("the program was fetched %d times", downloads)
			}
			page.Quiet()
		})
	}
}

// TestProgramOfAnotherOriginLoads checks that the program may come from another origin that allows it: by its address, and by
// a redirect.
func TestProgramOfAnotherOriginLoads(t *testing.T) {
	program := zip(t, compiledProgram(t))
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "application/wasm")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(program)))
		_, _ = w.Write(program)
	}))
	t.Cleanup(other.Close)
	for _, c := range []struct{ name, program string }{
		{"its address", other.URL + "/app.wasm"},
		{"a redirect", "moved.wasm"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			delete(s, "/app.wasm")
			s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js" data-program="` + c.program + `" defer></script>`)
			s["/moved.wasm"] = &file{location: other.URL + "/app.wasm", status: http.StatusFound}
			page := s.open(t, "/")
			page.Wait("the program", `globalThis.app === "runs"`)
			page.Wait("no bar", `document.querySelector("progress") === null`)
			// Content-Encoding is not among the header fields that a page sees of another origin.
			var events []progress
			if page.Eval(`record.progress`, &events); len(events) > 0 {
				t.Errorf("progress reports %+v; the length is not known", events)
			}
		})
	}
}

// unknown is the total if the server encodes the program: content-length is then the encoded length.
func unknown(*testing.T) int { return 0 }

// typed returns a site whose server sends the program with this type. If contentType is "", it sends no type.
func typed(contentType string) func(t *testing.T) site {
	return func(t *testing.T) site {
		s := newSite(t)
		s["/app.wasm"].contentType = contentType
		return s
	}
}

func TestProgressBarIsShown(t *testing.T) {
	s := newSite(t)
	hold := make(chan struct{})
	s["/app.wasm"].hold = hold
	page := s.open(t, "/")
	bar := page.Find("progressbar", "Loading the app")
	bar.WaitCount(1)
	page.Wait("progress", `record.progress.length > 0 && document.querySelector("progress").value > 0`)
	var shown struct {
		Value, Max float64
		Role       bool
	}
	bar.Call(`function() { return { value: this.value, max: this.max, role: this.position >= 0 && this.position < 1 } }`, &shown)
	if shown.Max != float64(len(compiledProgram(t))) || !shown.Role {
		t.Errorf("the bar shows %v of %v", shown.Value, shown.Max)
	}
	close(hold)
	page.Wait("the program", `globalThis.app === "runs"`)
	bar.WaitCount(0)
	var bars int
	if page.Eval(`record.bars`, &bars); bars != 1 {
		t.Errorf("%d bars were shown", bars)
	}
	page.Quiet()
}

// TestNoIndicatorShowsNoBar checks that data-indicator="none" prevents the bar. The delays before it end at once, but not
// those of WebKit's driver, which limits the time of a script by the page's own setTimeout.
func TestNoIndicatorShowsNoBar(t *testing.T) {
	for attribute, want := range map[string]int{"": 1, `data-indicator="none"`: 0} {
		t.Run("attribute "+attribute, func(t *testing.T) {
			s := newSite(t)
			hold := make(chan struct{})
			defer close(hold)
			s["/app.wasm"].hold = hold
			s["/index.html"] = html(`<script src="record.js"></script>
				<script>globalThis.delayed = []; globalThis.setTimeout = (run, ms) => ms < 60_000 && delayed.push(run);</script>
				<script src="forgego.js" data-program="app.wasm" ` + attribute + ` defer></script>`)
			page := s.open(t, "/")
			page.Wait("progress", `record.progress.length > 0`)
			page.Eval(`delayed.forEach((run) => run())`, nil)
			var bars int
			if page.Eval(`record.bars`, &bars); bars != want {
				t.Errorf("%d bars were shown, want %d", bars, want)
			}
		})
	}
}

// TestProgramLoadsUnderForgesPolicy checks that the shim works under the policy that Forge serves to an app with
// unsafe-eval.
func TestProgramLoadsUnderForgesPolicy(t *testing.T) {
	s := newSite(t)
	hold := make(chan struct{})
	s["/app.wasm"].hold = hold
	s["/index.html"].policy = forgePolicy("'unsafe-eval'")
	page := s.open(t, "/")
	page.Find("progressbar", "Loading the app").WaitCount(1)
	if got := page.String(`getComputedStyle(document.querySelector("progress")).display`); got != "block" {
		t.Errorf("the policy keeps the bar from its style: display is %s", got)
	}
	close(hold)
	page.Wait("the program", `globalThis.app === "runs"`)
	page.Quiet()
}

// forgePolicy returns the part of Forge's policy that matters here. more is added to script-src.
func forgePolicy(more string) string {
	const cdn = "https://forge.cdn.prod.atlassian-dev.net"
	return strings.Join([]string{
		"default-src 'self'", "connect-src 'self' " + cdn, "script-src 'self' " + cdn + " " + more, "style-src 'self' " + cdn,
		"img-src 'self' data: blob:", "form-action 'self'",
		"sandbox allow-popups allow-popups-to-escape-sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-same-origin allow-scripts",
	}, "; ")
}

func TestTwoProgramsDoNotInterfere(t *testing.T) {
	page := newSite(t).loading(`
		globalThis.__bridge = echo;
		for (const key of ["a", "b"]) forgego.load({ program: "app.wasm", args: ["call", key] });
	`).open(t, "/")
	page.Wait("both programs", `globalThis.answers_a && globalThis.answers_b`)
	for _, key := range []string{"a", "b"} {
		var want strings.Builder
		for i := range 20 {
			want.WriteString(key + "/" + number(i) + " ")
		}
		if got := page.String(`answers_` + key); got != want.String() {
			t.Errorf("%s got %s", key, got)
		}
	}
	if got := page.String(`typeof globalThis.__forgegoPort`); got != "undefined" {
		t.Errorf("the page still has the port: %s", got)
	}
	page.Quiet()
}

// TestProgramStartsWithoutTheShim checks that a program that imports bridge starts with wasm_exec.js alone, and that its
// calls report that there is no bridge.
func TestProgramStartsWithoutTheShim(t *testing.T) {
	s := newSite(t)
	s["/wasm_exec.js"] = script(wasmExec(t))
	s["/index.html"] = html(`<script src="record.js"></script><script src="wasm_exec.js"></script><script>
		globalThis.__bridge = echo;
		const go = new Go();
		go.argv = ["js", "call", "plain"];
		WebAssembly.instantiateStreaming(fetch("app.wasm"), go.importObject).then(({ instance }) => go.run(instance));
	</script>`)
	page := s.open(t, "/")
	page.Wait("the program", `globalThis.answers_plain`)
	wantNoBridge(t, page, "plain")
}

// TestCallWithoutABridgeFails checks that the shim loads the program in a page that is not in a product.
func TestCallWithoutABridgeFails(t *testing.T) {
	page := newSite(t).loading(`forgego.load({ program: "app.wasm", args: ["call", "alone"] })`).open(t, "/")
	page.Wait("the program", `globalThis.answers_alone`)
	wantNoBridge(t, page, "alone")
}

func wantNoBridge(t *testing.T, page *browser.Page, key string) {
	t.Helper()
	got := page.String(`answers_` + key)
	if !strings.HasPrefix(got, "no bridge: ") || !strings.Contains(got, "forgego dev") {
		t.Errorf("the call says %q", got)
	}
	page.Quiet()
}

func rawLength(t *testing.T) int { return len(compiledProgram(t)) }
