// Package module tests the ES module (jsglue/module.js) as "forgego module" writes it, with functions that Go programs export
// by wasm.ExportFunc and wasm.ExportSeq.
//
// Run it from the folder test/:
//
//	go test -count=1 ./suites/module
package module

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/program"
)

// All tests share one browser, and the server of the built program.
var (
	shared *browser.Browser
	site   string
	// files is the folder with the server's files.
	files string
)

func TestMain(m *testing.M) {
	apphost.Main(m, &shared, func(dir string) error {
		files = dir
		var server *httptest.Server
		var err error
		server, err = serve(dir)
		if err == nil {
			site = server.URL
		}
		return err
	})
}

// page is the page of all tests. run(f) runs f with the module's load, and stores what it returns or throws in result.
const page = `<!doctype html><html lang=en><title>App</title><link rel=icon href=data:,><script>` + browser.RecordConsole + `</script>
<script type=module>
import { load } from './forgego.module.js';
globalThis.reports = [];
new BroadcastChannel('reports').onmessage = ({ data }) => { reports.push(data); };
globalThis.load = load;
/** Returns what a test compares: the value, or the error's name, message and code. */
globalThis.outcome = (promise) => Promise.resolve(promise).then(
  (value) => ({ value }),
  (error) => ({ name: error.name, message: String(error.message ?? error), code: error.code, isError: error instanceof Error }),
);
/** Waits until a condition is true. */
globalThis.until = async (condition) => { while (!condition()) await new Promise((resolve) => setTimeout(resolve)); };
globalThis.all = async (values) => {
  const seen = [];
  for (let step; !(step = await values.next()).done; ) seen.push(step.value);
  return seen;
};
globalThis.run = (f) => {
  globalThis.result = undefined;
  // As text, because a browser passes only some levels of a value.
  f(load).then((value) => { result = { value: JSON.stringify(value ?? null) }; }, (error) => { result = { error: String(error.stack ?? error) }; });
};
</script>`

func serve(dir string) (*httptest.Server, error) {
	if err := program.Build(context.Background(), "module", dir, bundle.Options{Module: true, Gzip: true}); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(page), 0o600); err != nil {
		return nil, err
	}
	return httptest.NewServer(http.FileServer(http.Dir(dir))), nil
}

// open opens the page.
func open(t *testing.T) *browser.Page {
	t.Helper()
	p := shared.Open(t, site+"/")
	p.Wait("the module", `globalThis.run !== undefined`)
	return p
}

// run runs an async JavaScript function body with load and returns what it returns, as JSON.
func run(t *testing.T, p *browser.Page, body string) string {
	t.Helper()
	p.Eval(`void run(async (load) => {`+body+`})`, nil)
	p.Wait("the result", `globalThis.result !== undefined`)
	var result struct {
		Value string
		Error string
	}
	p.Eval(`result`, &result)
	if result.Error != "" {
		t.Errorf("%s\nthrew %s", body, result.Error)
	}
	return result.Value
}

// same compares two JSON texts by their values.
func same(t *testing.T, got, want string) bool {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	g1, _ := json.Marshal(g)
	w1, _ := json.Marshal(w)
	return string(g1) == string(w1)
}

// TestCalls checks what JavaScript gets from exported functions.
func TestCalls(t *testing.T) { testCalls(t, `{}`) }

// testCalls checks the calls of a program that was loaded with some options.
func testCalls(t *testing.T, options string) {
	p := open(t)
	run(t, p, `globalThis.program = await load('app.wasm', `+options+`); globalThis.api = program.exports`)
	task := `{ title: 'Write “it” down \u{1F600}', priority: 'high', estimate: 1.5, due: new Date(0), labels: ['a', 'b'], done: false }`
	for _, c := range []struct{ name, code, want string }{
		{"a struct", `return api.addTask(` + task + `)`,
			`{"id":1,"title":"Write “it” down 😀","priority":"high","estimate":1.5,"due":"1970-01-01T00:00:00Z","labels":["a","b"],"done":false}`},
		{"members that are missing or undefined", `return api.addTask({ title: 'x', due: undefined })`,
			`{"id":2,"title":"x","priority":"","estimate":0,"labels":null,"done":false}`},
		{"any value", `return api.echo({ a: [1, null, { b: 'c' }], d: true, e: '' })`, `{"a":[1,null,{"b":"c"}],"d":true,"e":""}`},
		{"the text null", `return api.echo('null')`, `"null"`},
		{"null", `return api.echo(null)`, `null`},
		{"no result", `return String(await api.nothing())`, `"undefined"`},
		{"calls at once", `return Promise.all(Array.from({ length: 100 }, (_, i) => api.echo(i)))`, numbers(100)},
		{"10 MB", `const text = 'äb'.repeat(5e6); return [await api.size(text), (await api.echo(text)) === text]`, `["15000000",true]`},
		{"bytes", `return [...(await api.reverse(Uint8Array.of(1, 2, 255)))]`, `[255,2,1]`},
		{"a part of bytes", `return [...(await api.reverse(Uint8Array.of(1, 2, 3, 4).subarray(1, 3)))]`, `[3,2]`},
		{"an ArrayBuffer", `return [...(await api.reverse(Uint8Array.of(1, 2).buffer))]`, `[2,1]`},
		{"no bytes", `return (await api.reverse(new Uint8Array(0))).length`, `0`},
		{"a megabyte of bytes", `const b = new Uint8Array(1 << 20); b[0] = 7; const r = await api.reverse(b); return [r.length, r.at(-1), r instanceof Uint8Array]`, `[1048576,7,true]`},
		{"bytes that change after the call", `const b = Uint8Array.of(1, 2); const r = api.reverse(b); b[0] = 9; return [...(await r)]`, `[2,1]`},
		{"bytes of another kind", `return outcome(api.reverse('text'))`, `{"name":"TypeError","message":"reverse takes a Uint8Array or an ArrayBuffer.","isError":true}`},
		{"a function that is removed during its call", `await api.once(); return [typeof api.once, (await outcome((async () => api.once())())).name]`, `["undefined","TypeError"]`},

		{"a value that does not fit", `return outcome(api.addTask({ title: 5 }))`,
			`{"name":"TypeError","message":"the input does not fit: cannot put a number into a Go string (field title)","isError":true}`},
		{"a value that does not fit in a list", `return outcome(api.addTask({ labels: ['a', {}] }))`,
			`{"name":"TypeError","message":"the input does not fit: cannot put a object into a Go string (field labels[1])","isError":true}`},
		{"a text that is no date", `return outcome(api.addTask({ due: 'tomorrow' }))`, `{"name":"TypeError","message":"the input does not fit: it does not fit the Go value","isError":true}`},
		{"undefined", `return outcome(api.addTask(undefined))`, bad("addTask", "it is undefined (undefined)")},
		{"no input", `return outcome(api.addTask())`, bad("addTask", "it is undefined (undefined)")},
		{"a function", `return outcome(api.echo(function f() {}))`, bad("echo", "it is function f() {} (function)")},
		{"undefined in a list", `return outcome(api.echo([1, undefined]))`, bad("echo", `"1" is undefined (undefined)`)},
		{"NaN", `return outcome(api.addTask({ title: 'x', estimate: NaN }))`, bad("addTask", `"estimate" is NaN (number)`)},
		{"infinity", `return outcome(api.echo({ a: { deep: [-Infinity] } }))`, bad("echo", `"0" is -Infinity (number)`)},
		{"a BigInt", `return outcome(api.addTask({ title: 'x', estimate: 10n }))`, bad("addTask", `"estimate" is 10 (bigint)`)},
		{"an invalid date", `return outcome(api.addTask({ due: new Date(NaN) }))`, bad("addTask", `"due" is Invalid Date (object)`)},
		{"a getter that throws", `return outcome(api.echo({ get a() { throw new Error('no'); } }))`,
			`{"name":"TypeError","message":"echo: the value cannot be sent: no","isError":true}`},

		{"an error", `return outcome(api.fail('so'))`, `{"name":"Error","message":"it failed: so","isError":true}`},
		{"an error with a name and a code", `return outcome(api.fail('coded'))`, `{"name":"QuotaError","message":"the list is full","code":"QUOTA","isError":true}`},
		{"such an error in another", `return outcome(api.fail('wrapped'))`, `{"name":"QuotaError","message":"saving\nthe list is full","code":"QUOTA","isError":true}`},
		{"a timeout", `return outcome(api.fail('timeout'))`, `{"name":"TimeoutError","message":"context deadline exceeded","isError":true}`},
		{"a goroutine that exits", `return outcome(api.fail('goexit'))`,
			`{"name":"Error","message":"it ended its goroutine by runtime.Goexit, as a test's FailNow and Fatal do","isError":true}`},
		{"a result without a JSON form", `return outcome(api.unsendable())`, `{"name":"Error","message":"a chan int has no JSON form","isError":true}`},

		{"a signal that aborts", `
			const stop = new AbortController();
			const call = outcome(api.wait({ signal: stop.signal }));
			await until(() => reports.includes('waits'));
			stop.abort(new RangeError('enough'));
			const result = await call;
			await until(() => reports.includes('over: context canceled'));
			return result`, `{"name":"RangeError","message":"enough","isError":true}`},
		{"a signal that has aborted", `
			reports.length = 0;
			const result = await outcome(api.wait({ signal: AbortSignal.abort(new RangeError('before')) }));
			await api.nothing();
			return [result, reports]`, `[{"name":"RangeError","message":"before","isError":true},[]]`},
		{"a signal that aborts at once", `
			const stop = new AbortController();
			const call = outcome(api.echo(1, { signal: stop.signal }));
			stop.abort(new RangeError('now'));
			return [await call, await api.echo(2)]`, `[{"name":"RangeError","message":"now","isError":true},2]`},
		{"a signal that aborts afterwards", `
			const stop = new AbortController();
			const result = await api.echo(1, { signal: stop.signal });
			stop.abort();
			return [result, await api.echo(2)]`, `[1,2]`},

		{"callbacks", `const log = []; return [await api.map({ numbers: [1, 2], each: async (n) => n * 10, log: (all) => { log.push(all); } }), log]`, `[[10,20],[[10,20]]]`},
		{"a callback that calls an export", `return api.map({ numbers: [1], each: async (n) => (await api.echo(n)) + 1 })`, `[2]`},
		{"a callback that throws", `return outcome(api.map({ numbers: [1], each: () => { throw new RangeError('too far'); } }))`,
			`{"name":"Error","message":"RangeError: too far","isError":true}`},
		{"a callback that throws a text", `return outcome(api.map({ numbers: [1], each: () => Promise.reject('no') }))`, `{"name":"Error","message":"\"no\"","isError":true}`},
		{"a callback with another result", `return outcome(api.map({ numbers: [1], each: () => 'x' }))`,
			`{"name":"Error","message":"wasm: the result of the JavaScript function does not fit: cannot put a string into a Go int","isError":true}`},
		{"a callback with a result that JSON does not have", `return outcome(api.map({ numbers: [1], each: () => NaN }))`,
			`{"name":"Error","message":"TypeError: A callback: the value cannot be sent: it is NaN (number), which JSON does not have","isError":true}`},
		{"a callback that is missing", `return outcome(api.map({ numbers: [1] }))`, `{"name":"Error","message":"JavaScript passed no function","isError":true}`},
		{"a callback that is no function", `return outcome(api.map({ numbers: [1], each: 5 }))`, `{"name":"TypeError","message":"the input does not fit: it does not fit the Go value","isError":true}`},
		{"a callback after its call", `await api.map({ numbers: [1], each: (n) => n }); return outcome(api.late())`,
			`{"name":"Error","message":"wasm: the call that this JavaScript function came with has ended","isError":true}`},

		{"a sequence", `return all(api.count(4))`, `[0,1,2,3]`},
		{"an empty sequence", `const i = api.count(0); return [await i.next(), await i.next()]`, `[{"done":true},{"done":true}]`},
		{"a loop that is left", `
			reports.length = 0;
			const i = api.count(1e9);
			const seen = [(await i.next()).value, (await i.next()).value, await i.return('bye'), await i.next()];
			await until(() => reports.length === 1);
			return [seen, reports]`, `[[0,1,{"done":true,"value":"bye"},{"done":true}],["count ends"]]`},
		{"a loop that is left before it begins", `const i = api.count(5); return [await i.return(), await i.next()]`, `[{"done":true},{"done":true}]`},
		{"several calls of next", `const i = api.count(2); return Promise.all([i.next(), i.next(), i.next()])`, `[{"value":0},{"value":1},{"done":true}]`},
		{"an error in a sequence", `const seen = []; const i = api.count(99); for (let n = 0; n < 3; n++) seen.push((await i.next()).value); return [seen, await outcome(i.next()), await outcome(i.next())]`,
			`[[0,1,2],{"name":"QuotaError","message":"the list is full","code":"QUOTA","isError":true},{"name":"QuotaError","message":"the list is full","code":"QUOTA","isError":true}]`},
		{"a sequence whose input does not fit", `const i = api.count('x'); return [await outcome(i.next()), await outcome(i.next())].map((o) => o.name)`, `["TypeError","TypeError"]`},
		{"a sequence whose input cannot be sent", `const i = api.count(1n); return [await outcome(i.next()), await outcome(i.next())].map((o) => o.name)`, `["TypeError","TypeError"]`},
		{"a signal between the values of a sequence", `
			const stop = new AbortController();
			const i = api.count(1e9, { signal: stop.signal });
			await i.next();
			stop.abort(new RangeError('enough'));
			return outcome(i.next())`, `{"name":"RangeError","message":"enough","isError":true}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := run(t, p, c.code); !same(t, got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	p.Quiet()
}

// TestCycles checks a value that contains itself. Each browser has its own words for it.
func TestCycles(t *testing.T) {
	p := open(t)
	got := run(t, p, `const { exports } = await load('app.wasm'); const o = {}; o.o = o; return outcome(exports.echo(o))`)
	if !strings.Contains(got, `"TypeError"`) || !strings.Contains(got, `echo: the value cannot be sent: `) {
		t.Error(got)
	}
}

// TestPanic checks that a panic rejects the call, is reported, and does not end the program.
func TestPanic(t *testing.T) {
	p := open(t)
	got := run(t, p, `const { exports } = await load('app.wasm'); return [
		await outcome(exports.fail('bad')), await outcome(exports.fail('panic')), await exports.echo(1)]`)
	if want := `[{"name":"Error","message":"panic: no text","isError":true},{"name":"PanicError","message":"panic: the disk is full","isError":true},1]`; !same(t, got, want) {
		t.Errorf("got %s", got)
	}
	p.Wait("the notice", `document.querySelector('.forgego-notice p') !== null`)
	if text := p.ConsoleText("error"); !strings.Contains(text, "the disk is full") || !strings.Contains(text, "main_js.go") {
		t.Errorf("the console has %q", text)
	}
}

func TestTwoPrograms(t *testing.T) {
	p := open(t)
	got := run(t, p, `
		const [a, b] = await Promise.all(['a', 'b'].map((name) => load(new URL('app.wasm', location.href), { gzip: true, env: { NAME: name } })));
		const names = [await a.exports.name(), await b.exports.name()];
		await a.stop();
		return [...names, await b.exports.name(), await outcome(a.exports.name())]`)
	if want := `["a","b","b",{"name":"Error","message":"The program was stopped.","isError":true}]`; !same(t, got, want) {
		t.Errorf("got %s", got)
	}
	p.Quiet()
}

// TestStop checks that stop ends the program: its context, its listeners and its calls.
func TestStop(t *testing.T) {
	p := open(t)
	got := run(t, p, `
		const added = [];
		for (const [name, change] of [['addEventListener', 1], ['removeEventListener', -1]]) {
			const original = globalThis[name];
			globalThis[name] = (type, ...rest) => { added[type] = (added[type] ?? 0) + change; return original.call(globalThis, type, ...rest); };
		}
		const program = await load('app.wasm', { args: ['listen'] });
		const waiting = outcome(program.exports.wait());
		const reading = program.exports.count(1e9);
		await reading.next();
		dispatchEvent(new Event('ping'));
		await until(() => reports.includes('waits') && reports.includes('ping'));
		await program.stop(new RangeError('replaced'));
		dispatchEvent(new Event('ping'));
		dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
		await program.stop();
		return [await program.ended, await waiting, await outcome(reading.next()), await outcome(program.exports.name()),
			reports.sort(), added.ping, added.pagehide, document.querySelectorAll('.forgego-failure').length]`)
	replaced := `{"name":"RangeError","message":"replaced","isError":true}`
	want := `[0,` + replaced + `,` + replaced + `,` + replaced + `,["count ends","ended: wasm: the page has stopped the program","over: context canceled","ping","waits"],0,0,0]`
	if !same(t, got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p.Quiet()
}

// TestEnds checks calls after the program has ended by itself, and programs that stop cannot end.
func TestEnds(t *testing.T) {
	p := open(t)
	got := run(t, p, `
		const program = await load('app.wasm', { args: ['return'], indicator: false });
		const forever = await load('app.wasm', { args: ['forever'] });
		return [await program.ended, Object.keys(program.exports), await outcome(program.stop()), await outcome(forever.stop())]`)
	if want := `[0,[],{},{"name":"Error","message":"The program cannot be stopped, because it does not call wasm.Run.","isError":true}]`; !same(t, got, want) {
		t.Errorf("got %s", got)
	}
}

// TestExitDuringCall checks a program that ends in an exported function.
func TestExitDuringCall(t *testing.T) {
	for _, options := range []string{`{ indicator: false }`, `{ indicator: false, worker: true }`} {
		t.Run(options, func(t *testing.T) {
			p := open(t)
			got := run(t, p, `
				const program = await load('app.wasm', `+options+`);
				const waiting = outcome(program.exports.wait());
				return [await outcome(program.exports.exit(3)), await waiting, await program.ended, await outcome(program.exports.name())]`)
			ended := `{"name":"Error","message":"The program has ended.","isError":true}`
			if want := `[` + ended + `,` + ended + `,3,` + ended + `]`; !same(t, got, want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

// TestLoadFails checks that the module says why a program does not start.
func TestLoadFails(t *testing.T) {
	p := open(t)
	got := run(t, p, `return outcome(load('missing.wasm'))`)
	if !strings.Contains(got, "The program could not be loaded.") || !strings.Contains(got, "missing.wasm answered 404") {
		t.Error(got)
	}
	p.Wait("the failure in the page", `document.querySelector('.forgego-failure')?.innerText.includes('The program could not be loaded.')`)
}

// TestWrongExports checks what is shown for names that cannot be exported.
func TestWrongExports(t *testing.T) {
	for name, c := range map[string]struct{ options, want string }{
		"twice":         {`{ args: ['twice'] }`, `wasm.ExportFunc: the program exports "twice" already`},
		"no identifier": {`{ env: { EXPORT: 'add-task' } }`, `wasm.ExportFunc: "add-task" is not a name in JavaScript: use ASCII letters, digits, _ and $`},
		"a digit first": {`{ env: { EXPORT: '1a' } }`, `wasm.ExportFunc: "1a" is not a name in JavaScript`},
		"reserved":      {`{ env: { EXPORT: 'delete' } }`, `wasm.ExportFunc: "delete" is a reserved word of JavaScript`},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			run(t, p, `await load('app.wasm', `+c.options+`)`)
			p.Wait("the failure", `document.querySelector('.forgego-failure') !== null`)
			if text := p.ConsoleText("error"); !strings.Contains(text, c.want) {
				t.Errorf("the console has %q, want %q", text, c.want)
			}
		})
	}
}

// TestNothingIsLeft checks that calls leave no goroutine, no object and no reference of Go to a value of JavaScript.
func TestNothingIsLeft(t *testing.T) { testNothingIsLeft(t, `{}`) }

func testNothingIsLeft(t *testing.T, options string) {
	p := open(t)
	var got struct {
		Before, After struct{ Goroutines, Objects, References int }
	}
	text := run(t, p, `
		// The first program that starts is the one whose references are counted.
		const { Go } = globalThis;
		let go = { _values: [] }; // a worker's are not seen here
		const run = Go.prototype.run;
		Go.prototype.run = function (...args) { go = this; return run.apply(this, args); };
		const { exports } = await load('app.wasm', `+options+`);
		const many = async (n) => {
			for (let i = 0; i < n; i++) {
				await exports.addTask({ title: 'x', priority: 'low', estimate: i, labels: [], done: true });
				await exports.reverse(Uint8Array.of(1));
				await exports.map({ numbers: [1], each: (n) => n });
				const stop = new AbortController();
				const call = exports.wait({ signal: stop.signal }).catch(() => {});
				stop.abort();
				await call;
				const values = exports.count(3);
				await values.next();
				await values.return();
			}
			reports.length = 0;
			// It collects garbage. The program then releases its values of JavaScript, when it is resumed.
			await exports.state();
			await new Promise((resolve) => setTimeout(resolve));
			return { ...(await exports.state()), references: go._values.length };
		};
		await many(200);
		const before = await many(100);
		return { before, after: await many(1000) }`)
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.After.Goroutines != got.Before.Goroutines {
		t.Errorf("%d goroutines, %d before", got.After.Goroutines, got.Before.Goroutines)
	}
	if got.After.Objects > got.Before.Objects+200 {
		t.Errorf("%d objects, %d before", got.After.Objects, got.Before.Objects)
	}
	if options == `{}` && got.After.References == 0 || got.After.References > got.Before.References {
		t.Errorf("%d references to values of JavaScript, %d before", got.After.References, got.Before.References)
	}
	p.Quiet()
}

// TestShortCallsNeedNoTask checks that a function which does not wait replies before any other task of the page runs: one more
// task would take a hundred times as long as the call.
func TestShortCallsNeedNoTask(t *testing.T) {
	p := open(t)
	got := run(t, p, `
		const { exports } = await load('app.wasm');
		await exports.nothing();
		// Between tasks, so that nothing else is left to do.
		await new Promise((resolve) => setTimeout(resolve));
		let tasks = 0;
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => { tasks++; port2.postMessage(0); };
		port2.postMessage(0);
		for (let i = 0; i < 300; i++) await exports.nothing();
		port1.close();
		return tasks`)
	if got != "0" {
		t.Errorf("300 calls needed %s tasks of the page, want none", got)
	}
	p.Quiet()
}

// bad returns the outcome for an input that JSON does not have.
func bad(name, what string) string {
	text, _ := json.Marshal(name + ": the value cannot be sent: " + what + ", which JSON does not have")
	return `{"name":"TypeError","message":` + string(text) + `,"isError":true}`
}

// numbers returns the JSON array of the numbers below n.
func numbers(n int) string {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	text, _ := json.Marshal(all)
	return string(text)
}
