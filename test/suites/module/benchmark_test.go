package module

import (
	"encoding/json"
	"testing"
)

// BenchmarkCalls measures calls one at a time: of a function that does nothing, with a struct of five fields each way, and with
// 10 KB each way, the last two beside JSON.parse(JSON.stringify(x)) of the same values. It also reports what 100,000 calls
// leave, beside 10,000. It runs once, whatever -benchtime says:
//
//	go -C test test ./suites/module -run '^$' -bench Calls
func BenchmarkCalls(b *testing.B) {
	p := shared.Open(b, site+"/")
	p.Wait("the module", `globalThis.run !== undefined`)
	p.Eval(`void run(async (load) => {
		const { Go } = globalThis;
		let go;
		const start = Go.prototype.run;
		Go.prototype.run = function (...args) { go = this; return start.apply(this, args); };
		const { exports: api } = await load('app.wasm');
		const task = { title: 'Write the report', priority: 'high', estimate: 1.5, labels: ['a', 'b'], done: false };
		const tasks = Array.from({ length: 90 }, (_, i) => ({ id: i, ...task }));
		/** Returns the median time of a call, in microseconds. */
		const time = async (n, call) => {
			const rounds = [];
			for (let round = 0; round < 9; round++) {
				const began = performance.now();
				for (let i = 0; i < n; i++) await call();
				rounds.push(((performance.now() - began) * 1000) / n);
			}
			return rounds.sort((a, b) => a - b)[4];
		};
		const all = {
			nothing: [500, () => api.nothing()],
			struct: [500, () => api.addTask(task)],
			structJSON: [2000, () => JSON.parse(JSON.stringify(task))],
			list: [50, () => api.echoTasks(tasks)],
			listJSON: [50, () => JSON.parse(JSON.stringify(tasks))],
		};
		globalThis.times = async (name) => {
			const [n, call] = all[name];
			await time(4 * n, call); // warm up: the engine compiles again what runs often
			return time(n, call);
		};
		globalThis.many = async (n) => {
			for (let i = 0; i < n; i++) await api.addTask(task);
			return { ...(await api.state()), references: go._values.length };
		};
		return JSON.stringify(tasks).length;
	})`, nil)
	p.Wait("the program", `globalThis.result !== undefined`)
	// get returns what a call in the page resolves to. Each call has the patience of Wait.
	get := func(call string, out any) {
		p.Eval(`void (result = undefined, run(async () => `+call+`))`, nil)
		p.Wait(call, `globalThis.result !== undefined`)
		var got struct{ Value, Error string }
		if p.Eval(`result`, &got); got.Error != "" {
			b.Fatal(got.Error)
		}
		if err := json.Unmarshal([]byte(got.Value), out); err != nil {
			b.Fatal(err)
		}
	}
	type state struct{ Goroutines, Heap, Objects, References int }
	var v struct {
		Nothing, Struct, StructJSON, List, ListJSON float64
		Early, Late                                 state
	}
	get(`times('nothing')`, &v.Nothing)
	get(`times('struct')`, &v.Struct)
	get(`times('structJSON')`, &v.StructJSON)
	get(`times('list')`, &v.List)
	get(`times('listJSON')`, &v.ListJSON)
	get(`many(1e4)`, &v.Early)
	for range 9 {
		get(`many(1e4)`, &v.Late)
	}
	b.Logf("after 10,000 calls %+v, after 100,000 %+v", v.Early, v.Late)
	b.ReportMetric(0, "ns/op") // not reported
	b.ReportMetric(v.Nothing, "µs/nothing")
	b.ReportMetric(v.Struct, "µs/struct")
	b.ReportMetric(v.List, "µs/10KB")
	b.ReportMetric(v.Struct/v.StructJSON, "struct/JSON")
	b.ReportMetric(v.List/v.ListJSON, "10KB/JSON")
	for range b.N {
		// Everything was measured above.
	}
}
