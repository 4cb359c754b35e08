package module

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestCallsInWorker checks that JavaScript gets the same from a program in a worker.
func TestCallsInWorker(t *testing.T) { testCalls(t, `{ worker: true }`) }

// variant is a server with the same files, some of which are changed.
type variant struct {
	// missing is a path that does not exist, and page one with HTML.
	missing, page string
	// policy is the policy of all files.
	policy string
}

func (v variant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case v.missing:
		http.NotFound(w, r)
		return
	case v.page:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<p>Welcome"))
		return
	}
	if v.policy != "" {
		w.Header().Set("Content-Security-Policy", v.policy)
	}
	http.FileServer(http.Dir(files)).ServeHTTP(w, r)
}

// open opens the page of the server.
func (v variant) open(t *testing.T) *browser.Page {
	t.Helper()
	server := httptest.NewServer(v)
	t.Cleanup(server.Close)
	p := shared.Open(t, server.URL+"/")
	p.Wait("the module", `globalThis.run !== undefined`)
	return p
}

// forgePolicy returns Forge's policy for a page that declares unsafe-eval, with more directives. It has no worker-src.
func forgePolicy(more string) string {
	return "default-src 'self'; connect-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'; img-src 'self' data:; form-action 'self'" + more
}

// TestWorkerUnderForgesPolicy checks that a program in a worker runs under Forge's policy, and that the page does not wait for
// it.
func TestWorkerUnderForgesPolicy(t *testing.T) {
	p := variant{policy: forgePolicy("")}.open(t)
	got := run(t, p, `
		const count = async (milliseconds, options) => {
			const { exports, stop } = await load('app.wasm', options);
			let ticks = 0;
			const timer = setInterval(() => ticks++);
			await exports.compute(milliseconds);
			clearInterval(timer);
			await stop();
			return ticks;
		};
		const [there, here] = [await count(3000, { worker: true }), await count(300, {})];
		return [there > 10, here < 3]`)
	if want := `[true,true]`; !same(t, got, want) {
		t.Errorf("whether the page's timers ran during the call, and did not without a worker: %s", got)
	}
	p.Quiet()
}

// TestWorkerFails checks that the page says why a program cannot run in a worker.
func TestWorkerFails(t *testing.T) {
	for _, c := range []struct {
		name    string
		variant variant
		options string
		// want are parts of the failure.
		want []string
	}{
		{"the policy forbids workers", variant{policy: forgePolicy("; worker-src 'none'")}, `{ worker: true }`,
			[]string{"The app’s program cannot run in a worker.", "policy does not allow", "/forgego.worker.js: add 'self' to worker-src. Without the option worker, the program runs in the page."}},
		{"no script for the worker", variant{missing: "/forgego.worker.js"}, `{ worker: true }`,
			[]string{"The app’s program cannot run in a worker.", "/forgego.worker.js answered 404. Put this file, which forgego writes, beside the page’s script."}},
		{"the script for the worker is a page", variant{page: "/forgego.worker.js"}, `{ worker: true }`,
			[]string{"The app’s program cannot run in a worker.", "/forgego.worker.js answered with HTML."}},
		{"no script for the page", variant{missing: "/forgego.page.js"}, `{ worker: true }`,
			[]string{"forgego.page.js is missing."}},
		{"no program", variant{missing: "/app.wasm"}, `{ worker: true }`,
			[]string{"The program could not be loaded.", "/app.wasm answered 404"}},
		{"the program listens to the document", variant{}, `{ worker: true, args: ['listen to the document'] }`,
			[]string{"The app’s program has failed.", "Something went wrong in the app.", "The program runs in a worker, which has no document. Load it without the option worker"}},
		{"the program exports a global function", variant{}, `{ worker: true, args: ['global'] }`,
			[]string{"The app’s program has failed.", "the program runs in a worker, and JavaScript in the page does not see its globals: use wasm.ExportFunc"}},
		{"the program panics", variant{}, `{ worker: true, args: ['crash'] }`,
			[]string{"The app’s program has ended.", "panic: the disk is full", "main_js.go"}},
		{"the program returns", variant{}, `{ worker: true, args: ['return'] }`,
			[]string{"The app’s program has ended.", "Its main function returned."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.variant.open(t)
			p.Eval(`globalThis.failures = []; document.addEventListener('forgego:failed', (event) => failures.push(event.detail))`, nil)
			p.Eval(`void load('app.wasm', `+c.options+`).then(() => {}, (error) => { globalThis.problem = error.message; })`, nil)
			p.Wait("the failure", `document.querySelector('.forgego-failure') !== null`)
			text := p.String(`document.querySelector('.forgego-failure').innerText`)
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("the page says:\n%s\nwant %s", text, want)
				}
			}
			var failures int
			if p.Eval(`failures.length`, &failures); failures != 1 {
				t.Errorf("%d failures", failures)
			}
		})
	}
}

// TestWorkerLacksPage checks what a call of a function says that needs the page.
func TestWorkerLacksPage(t *testing.T) {
	p := open(t)
	got := run(t, p, `
		const { exports } = await load('app.wasm', { worker: true });
		const result = await outcome(exports.title());
		await until(() => document.querySelector('.forgego-notice p'));
		return [result, document.querySelector('.forgego-notice p').innerText, await exports.echo(1)]`)
	want := `[{"name":"PanicError","isError":true,"message":"panic: syscall/js: call of Value.Get on undefined\nThe program runs in a worker, which has no document. ` +
		`Load it without the option worker, or let the page’s JavaScript do what needs the page."},"Something went wrong in the app. The browser’s console has the details.",1]`
	if !same(t, got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestStopWorker checks how programs in workers end.
func TestStopWorker(t *testing.T) {
	p := open(t)
	replaced := `{"name":"RangeError","message":"replaced","isError":true}`
	for _, c := range []struct{ name, code, want string }{
		{"by the page", `
			const program = await load('app.wasm', { worker: true, args: ['listen'] });
			const waiting = outcome(program.exports.wait());
			const reading = program.exports.count(1e9);
			await reading.next();
			await until(() => reports.includes('waits'));
			await program.stop(new RangeError('replaced'));
			await program.stop();
			await until(() => reports.length === 4);
			return [await program.ended, await waiting, await outcome(reading.next()), await outcome(program.exports.name()), reports.sort()]`,
			`[0,` + replaced + `,` + replaced + `,` + replaced + `,["count ends","ended: wasm: the page has stopped the program","over: context canceled","waits"]]`},
		{"without wasm.Run", `
			const program = await load('app.wasm', { worker: true, args: ['forever'] });
			await program.stop();
			return [await program.ended]`, `[2]`},
		{"in a computation without an end", `
			const program = await load('app.wasm', { worker: true });
			const call = outcome(program.exports.compute(1e9));
			await until(() => reports.includes('computes'));
			await program.stop(new RangeError('replaced'));
			return [await program.ended, await call]`, `[2,` + replaced + `]`},
		{"by itself, during a call", `
			const program = await load('app.wasm', { worker: true, indicator: false, args: ['crash'] });
			const call = outcome(program.exports.wait());
			return [await program.ended, await call]`, `[2,{"name":"Error","message":"The program has ended.","isError":true}]`},
		{"one of several", `
			const programs = await Promise.all([1, 2, 3].map((n) => load('app.wasm', { worker: n !== 3, env: { NAME: String(n) } })));
			const names = () => Promise.all(programs.map(async ({ exports }) => (await outcome(exports.name())).value ?? 'over'));
			const before = await names();
			await programs[0].stop();
			return [before, await names()]`, `[["1","2","3"],["over","2","3"]]`},
		{"when the page is closed", `
			const { exports } = await load('app.wasm', { worker: true, args: ['listen'] });
			reports.length = 0;
			dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
			await exports.nothing();
			const before = [...reports];
			dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
			await until(() => reports.length);
			return [before, reports]`, `[[],["ended: wasm: the page was closed"]]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, p, `reports.length = 0`)
			if got := run(t, p, c.code); !same(t, got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestNothingIsLeftInWorker checks that calls leave no goroutine and no object in a worker.
func TestNothingIsLeftInWorker(t *testing.T) {
	testNothingIsLeft(t, `{ worker: true }`)
}
