package shim

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/program"
)

// inWorker is the element of a page that runs its program in a worker.
const inWorker = `<script src="forgego.js" data-program="app.wasm" data-worker defer></script>`

// buildForWorker builds programs/shim for a page with data-worker, as "forgego build" does, once for all tests.
var buildForWorker = sync.OnceValues(func() (files map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "forgego-shim-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.WriteFile(filepath.Join(dir, bundle.Index), []byte(inWorker), 0o600); err != nil {
		return nil, err
	}
	if err := program.Build(context.Background(), "shim", dir, bundle.Options{}); err != nil {
		return nil, err
	}
	files = map[string][]byte{}
	for _, name := range []string{bundle.Script, bundle.Program, bundle.PageScript, bundle.WorkerScript} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// newWorkerSite returns a bundle whose page runs its program in a worker, under Forge's policy.
func newWorkerSite(t *testing.T) site {
	t.Helper()
	files, err := buildForWorker()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	for name, data := range files {
		s["/"+name] = script(data)
	}
	s["/app.wasm"].contentType = "application/wasm"
	s["/index.html"] = html(`<script src="record.js"></script>` + inWorker)
	for _, f := range s {
		f.policy = forgePolicy("'unsafe-eval'") // the worker runs under the policy of its own script
	}
	return s
}

// loadingInWorker makes the page load its program by a script with the code run.
func (s site) loadingInWorker(run string) site {
	policy := s["/index.html"].policy
	s["/run.js"] = &file{contentType: "text/javascript", body: []byte(run), policy: policy}
	s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js"></script><body><script src="run.js"></script>`)
	s["/index.html"].policy = policy
	return s
}

// TestProgramRunsInWorker checks that data-worker runs the program in a worker, which the page and the shim's folder need not
// share, and that progress and events are those of a program in the page.
func TestProgramRunsInWorker(t *testing.T) {
	s := newWorkerSite(t)
	hold := make(chan struct{})
	s["/app.wasm"].hold = hold
	size := len(s["/app.wasm"].body)
	moved := site{"/record.js": s["/record.js"], "/a/page/index.html": html(`<script src="../../record.js"></script><script src="../lib/forgego.js" data-program="bin/app.wasm" data-worker defer></script>`)}
	moved["/a/page/index.html"].policy = s["/index.html"].policy
	for _, name := range []string{bundle.Script, bundle.PageScript, bundle.WorkerScript} {
		moved["/a/lib/"+name] = s["/"+name]
	}
	moved["/a/lib/bin/app.wasm"] = s["/app.wasm"]
	page := moved.open(t, "/a/page/")
	page.Find("progressbar", "Loading the app").WaitCount(1)
	close(hold)
	page.Wait("the program", `globalThis.app === "runs"`)
	page.Wait("the event", `record.started === 1`)
	page.Wait("the last of the progress", `record.progress.at(-1)?.loaded === `+number(size))
	page.Wait("no bar", `document.querySelector("progress") === null`)
	var told int
	if page.Eval(`record.told`, &told); told != 1 {
		t.Errorf("the program has told the page %d times from a worker", told)
	}
	page.Quiet()
}

// TestCallsOfWorker checks that the calls of a program in a worker reach the page's bridge and get their own answers, without a
// bridge too, and that an early answer is used.
func TestCallsOfWorker(t *testing.T) {
	t.Run("many", func(t *testing.T) {
		page := newWorkerSite(t).loadingInWorker(`
			globalThis.__bridge = echo;
			forgego.load({ program: "app.wasm", worker: true, args: ["many"] });`).open(t, "/")
		page.Wait("the answers", `globalThis.result`)
		if got := page.String(`result`); got != "1000 of 1000" {
			t.Errorf("%s calls got their own answers", got)
		}
		page.Quiet()
	})
	t.Run("no bridge", func(t *testing.T) {
		page := newWorkerSite(t).loadingInWorker(`forgego.load({ program: "app.wasm", worker: true, args: ["call", "alone"] });`).open(t, "/")
		page.Wait("the program", `globalThis.answers_alone`)
		wantNoBridge(t, page, "alone")
	})
	t.Run("early", func(t *testing.T) {
		page := newWorkerSite(t).loadingInWorker(numbered+`
			forgego.load({ program: "app.wasm", worker: true, args: ["early"], early: ["get:remote/a", "token:remote"] });
			globalThis.before = asked.join();`).open(t, "/")
		page.Wait("the answers", `globalThis.answers`)
		if got := page.String(`before`); got != "GET remote/a,signInvocationTokenForUI" {
			t.Errorf("before the program loads, the bridge was asked for %s", got)
		}
		if got, _, _ := strings.Cut(page.String(`answers`), "bridge:"); got != "call 3, call 4, call 5, call 1, call 6, " {
			t.Errorf("the program got %s", got)
		}
		page.Quiet()
	})
}

// TestRequestsOfWorker checks that the page sends a worker's direct requests under its own policy.
func TestRequestsOfWorker(t *testing.T) {
	s := newWorkerSite(t)
	s["/data"] = &file{contentType: "text/plain", body: []byte("some data")}
	page := s.loadingInWorker(`forgego.load({ program: "app.wasm", worker: true, args: ["fetch", location.origin + "/data"] });`).open(t, "/")
	page.Wait("both answers", `globalThis.allowed && globalThis.forbidden`)
	if got := page.String(`allowed`); got != "some data" {
		t.Errorf("the allowed request returned %q", got)
	}
	if got := page.String(`forbidden`); !strings.Contains(got, "the page's policy does not allow it to reach the remote") {
		t.Errorf("the forbidden request returned %q", got)
	}
}

// TestNoticeOfWorker checks that the page shows an error after which the program continues.
func TestNoticeOfWorker(t *testing.T) {
	page := newWorkerSite(t).loadingInWorker(`forgego.load({ program: "app.wasm", worker: true, args: ["notice"] });`).open(t, "/")
	wantNotice(t, page, "the title is missing")
	page.Find("button", "Close").Click()
	page.Find("alert", "").WaitCount(0)
}

// TestFailuresInWorkerAreShown checks that the page says why a program cannot run in a worker, what it lacks there, and how it
// ended, as TestFailuresAreShown does for a program in the page.
func TestFailuresInWorkerAreShown(t *testing.T) {
	args := func(name string) func(t *testing.T, s site) {
		return func(_ *testing.T, s site) {
			s.loadingInWorker(`forgego.load({ program: "app.wasm", worker: true, args: ["` + name + `"] });`)
		}
	}
	const noWorker = "The app’s program cannot run in a worker."
	const failed = "The app’s program has failed."
	const ended = "The app’s program has ended."
	for _, test := range []struct {
		name          string
		change        func(t *testing.T, s site)
		title, detail string
	}{
		{"policy without unsafe-eval", func(_ *testing.T, s site) {
			for _, f := range s {
				f.policy = forgePolicy("")
			}
		}, "The page’s policy does not allow WebAssembly.", `"unsafe-eval" under permissions.content.scripts in manifest.yml`},
		{"policy that forbids workers", func(_ *testing.T, s site) { s["/index.html"].policy += "; worker-src 'none'" },
			noWorker, "/forgego.worker.js: add 'self' to worker-src. Without the option worker, the program runs in the page."},
		{"no script for the page", func(_ *testing.T, s site) { delete(s, "/forgego.page.js") },
			"forgego.page.js is missing.", "Build it with forgego build."},
		{"no script for the worker", func(_ *testing.T, s site) { delete(s, "/forgego.worker.js") },
			noWorker, "/forgego.worker.js answered 404. Put this file, which forgego writes, beside the page’s script."},
		{"no program", func(_ *testing.T, s site) { delete(s, "/app.wasm") }, "The program could not be loaded.", "/app.wasm answered 404. Is its name right? Build it again."},
		{"half a program", func(_ *testing.T, s site) { s["/app.wasm"].body = s["/app.wasm"].body[:len(s["/app.wasm"].body)/2] },
			"The program’s file is damaged or incomplete.", "Build it again."},
		{"a script for the worker of another Go version", func(t *testing.T, s site) {
			s["/forgego.worker.js"].body = replace(t, s["/forgego.worker.js"].body, `"runtime.getRandomData"`, `"runtime.getRandomBytes"`)
		}, "forgego.worker.js and the program come from different Go versions.", "Build it again."},
		{"main returns", args("return"), ended, "Its main function returned. Reload the page to start it again. (wasm.Run keeps a program running.)"},
		{"exit status 3", args("exit"), ended, "Its exit status is 3; see the console"},
		{"a panic that nobody recovers", args("panic"), ended, "panic: the disk is full\n"},
		{"the app's own failure", args("fail"), failed, "the disk is full"},
		{"the program uses the document", args("document"), failed, "The program runs in a worker, which has no document. Load it without the option worker, or let the page’s JavaScript do what needs the page."},
		{"the program exports a global function", args("export"), failed, "the program runs in a worker, and JavaScript in the page does not see its globals"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newWorkerSite(t)
			test.change(t, s)
			page := s.open(t, "/")
			page.Wait("the failure", `record.failed.length > 0`)
			wantFailure(t, page, test.title, test.detail)
		})
	}
}

// TestExportFuncOfWorkerNeedsModule checks that a program which the script has loaded in a worker cannot export functions: nothing
// in the page could call them.
func TestExportFuncOfWorkerNeedsModule(t *testing.T) {
	page := newWorkerSite(t).loadingInWorker(`forgego.load({ program: "app.wasm", worker: true, args: ["export to a module"] });`).open(t, "/")
	page.Wait("the failure", `record.failed.length > 0`)
	const want = "wasm.ExportFunc: JavaScript can only call the functions of a program that the ES module of forgego has loaded"
	if text := page.ConsoleText("error"); !strings.Contains(text, want) {
		t.Errorf("the console has\n%s\nwant %s", text, want)
	}
}
