package tinygo

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/program"
)

// modulePage is a page whose JavaScript calls the functions of programs/module. run(f) stores what f returns in result, as JSON.
const modulePage = `<!doctype html><html lang=en><title>Exports</title><link rel=icon href=data:,><script type=module>
import { load } from './forgego.module.js';
globalThis.reports = [];
new BroadcastChannel('reports').onmessage = ({ data }) => { reports.push(data); };
globalThis.outcome = (promise) => Promise.resolve(promise).then(
  (value) => ({ value }),
  (error) => ({ name: error.name, message: String(error.message ?? error), code: error.code }),
);
globalThis.until = async (condition) => { while (!condition()) await new Promise((resolve) => setTimeout(resolve)); };
globalThis.failures = [];
document.addEventListener('forgego:failed', ({ detail }) => failures.push(detail.title + ' ' + detail.detail));
globalThis.run = (f) => {
  globalThis.result = '';
  f(load).then((value) => JSON.stringify(value ?? null), (error) => String(error.stack)).then((text) => { result = text; });
};
</script>`

// serveModule serves a page whose ES module loads a program by TinyGo.
func serveModule(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(programs, "module")
	if _, err := os.Stat(dir); err != nil {
		if err := program.Build(t.Context(), "module", dir, bundle.Options{Compiler: bundle.TinyGo, Module: true, Panics: true}); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, bundle.Index), modulePage)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	return server.URL
}

// eachThread runs a test with the program in the page and in a worker. run opens a page with the program p, runs an async
// JavaScript function body there, and returns what it returns, as JSON.
func eachThread(t *testing.T, test func(t *testing.T, run func(t *testing.T, body string) (page *browser.Page, result string))) {
	site := serveModule(t)
	for name, options := range map[string]string{"in the page": `{}`, "in a worker": `{ worker: true }`} {
		t.Run(name, func(t *testing.T) {
			test(t, func(t *testing.T, body string) (*browser.Page, string) {
				t.Helper()
				page := chromium.Open(t, site)
				page.Wait("the module", `globalThis.run`)
				page.Eval(`void run(async (load) => { const p = await load('app.wasm', `+options+`); `+body+`})`, nil)
				page.Wait("the result", `globalThis.result`)
				return page, page.String(`result`)
			})
		})
	}
}

// TestExportedCalls checks what JavaScript gets from exported functions, and that the page stops the program.
func TestExportedCalls(t *testing.T) {
	eachThread(t, func(t *testing.T, run func(t *testing.T, body string) (*browser.Page, string)) {
		page, got := run(t, `
			const api = p.exports;
			const stop = new AbortController();
			const aborted = outcome(api.wait({ signal: stop.signal }));
			await until(() => reports.includes('waits'));
			stop.abort(new RangeError('enough'));
			const values = api.count(9);
			const first = await values.next();
			await values.return();
			await until(() => reports.length === 3);
			const big = await api.reverse(new Uint8Array(1 << 20).fill(7, 0, 1));
			const all = [
				await api.addTask({ title: 'Write “it”', priority: 'high', estimate: 1.5, due: new Date(0), labels: ['a'], done: false }),
				await outcome(api.addTask({ title: 5 })),
				[...(await api.reverse(Uint8Array.of(1, 2, 255)))], [big.length, big.at(-1)],
				(await Promise.all(Array.from({ length: 100 }, (_, i) => api.echo(i)))).every((n, i) => n === i),
				await outcome(api.fail('coded')),
				await outcome(api.map({ numbers: [1, 2], each: async (n) => n * 10 })),
				await outcome(api.map({ numbers: [1], each: () => { throw new RangeError('too far'); } })),
				await aborted, first, reports.sort(),
			];
			const waiting = outcome(api.wait());
			await p.stop(new RangeError('replaced'));
			return [...all, await p.ended, await waiting, await outcome(api.name())]`)
		want := `[{"id":1,"title":"Write “it”","priority":"high","estimate":1.5,"due":"1970-01-01T00:00:00Z","labels":["a"],"done":false},` +
			`{"name":"TypeError","message":"the input does not fit: cannot put a number into a Go string (field title)"},` +
			`[255,2,1],[1048576,7],true,` +
			`{"name":"QuotaError","message":"the list is full","code":"QUOTA"},` +
			`{"value":[10,20]},{"name":"Error","message":"RangeError: too far"},` +
			`{"name":"RangeError","message":"enough"},{"value":0},["count ends","over: context canceled","waits"],` +
			`0,{"name":"RangeError","message":"replaced"},{"name":"RangeError","message":"replaced"}]`
		if got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		page.Quiet()
	})
}

// TestEndDuringExportedCall checks that a call rejects if the program ends in it, and that the page says why it ended.
func TestEndDuringExportedCall(t *testing.T) {
	eachThread(t, func(t *testing.T, run func(t *testing.T, body string) (*browser.Page, string)) {
		for _, c := range []struct{ name, call, status, failure string }{
			{"a panic", `fail('panic')`, "2", "Its exit status is 2; see the console. Reload the page to start it again."},
			{"an exit", `exit(3)`, "3", "Its exit status is 3; see the console. Reload the page to start it again."},
		} {
			t.Run(c.name, func(t *testing.T) {
				page, got := run(t, `return [await outcome(p.exports.`+c.call+`), await p.ended, await outcome(p.exports.name())]`)
				const ended = `{"name":"Error","message":"The program has ended."}`
				if want := `[` + ended + `,` + c.status + `,` + ended + `]`; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				page.Wait("the failure", `failures.length`)
				if got, want := page.String(`failures.join()`), "The app’s program has ended. "+c.failure; got != want {
					t.Errorf("the page says %q, want %q", got, want)
				}
			})
		}
	})
}

// TestWorkerLacksDocument checks that the page says what the program lacks in a worker, though TinyGo ends it without a text.
func TestWorkerLacksDocument(t *testing.T) {
	page := chromium.Open(t, serveModule(t))
	page.Wait("the module", `globalThis.run`)
	page.Eval(`void run(async (load) => outcome((await load('app.wasm', { worker: true })).exports.title()))`, nil)
	page.Wait("the failure", `failures.length`)
	const want = "The program runs in a worker, which has no document. Load it without the option worker"
	if got := page.String(`failures.join()`); !strings.Contains(got, want) {
		t.Errorf("the page says %q, want %q", got, want)
	}
}

// TestStopOfBusyWorker checks that the page can end a computation without an end.
func TestStopOfBusyWorker(t *testing.T) {
	page := chromium.Open(t, serveModule(t))
	page.Wait("the module", `globalThis.run`)
	page.Eval(`void run(async (load) => {
		const p = await load('app.wasm', { worker: true });
		const call = outcome(p.exports.compute(1e9));
		await until(() => reports.includes('computes'));
		await p.stop(new RangeError('replaced'));
		return [await p.ended, await call];
	})`, nil)
	page.Wait("the result", `globalThis.result`)
	if got, want := page.String(`result`), `[2,{"name":"RangeError","message":"replaced"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
