package main

import (
	"context"
	"encoding/json"
	"runtime"
	"syscall/js"
	"time"

	"github.com/forgego/forgego/test/tools/bench/spec"
)

// leaks returns what the program holds after given numbers of calls. For each number it returns several states.
func leaks(ctx context.Context, args []byte) (any, error) {
	var asked spec.Leaks
	if err := json.Unmarshal(args, &asked); err != nil {
		return nil, err
	}
	host := js.Global().Get("benchHost")
	made := 0
	round := func() error {
		for _, s := range asked.Samples {
			host.Call("refuse", s.Read == spec.Refused)
			if _, err := play(ctx, &s); err != nil {
				return err
			}
			made += s.Calls
		}
		host.Call("refuse", false)
		return nil
	}
	// Allocated before the first reading. Otherwise each state would have the earlier ones on its heap.
	all := make([][]spec.State, len(asked.Counts))
	for i := range all {
		all[i] = make([]spec.State, asked.Looks)
	}
	for i, count := range asked.Counts {
		for made < count {
			if err := round(); err != nil {
				return nil, err
			}
		}
		for look := range asked.Looks {
			all[i][look] = held()
			if count == 0 {
				continue
			}
			if err := round(); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// state returns what the program holds.
func state(context.Context, []byte) (any, error) { return held(), nil }

func held() spec.State {
	findGo()
	for range 3 { // a collection frees what the finalizers of the last one released
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return spec.State{
		References: js.Global().Call("benchReferences").Int(),
		Heap:       int64(m.HeapAlloc),
		Stacks:     stacks(&m),
		Goroutines: runtime.NumGoroutine(),
		Memory:     int64(js.Global().Call("benchMemory").Int()),
	}
}

// findGo finds the object of wasm_exec.js that runs this program. The counting is done in JavaScript, because there it
// creates no references.
func findGo() {
	if !js.Global().Get("benchGo").IsUndefined() {
		return
	}
	js.Global().Call("eval", `{
		const resume = Go.prototype._resume;
		Go.prototype._resume = function () { globalThis.benchGo = this; Go.prototype._resume = resume; return this._resume() };
		// The table's length without the places that are free.
		globalThis.benchReferences = () => benchGo._values.length - benchGo._idPool.length;
		// TinyGo has another name for it.
		globalThis.benchMemory = () => (benchGo._inst.exports.mem ?? benchGo._inst.exports.memory).buffer.byteLength;
	}`)
	// The object becomes visible when it next resumes the program for a Go function.
	called := make(chan bool)
	f := js.FuncOf(func(js.Value, []js.Value) any { close(called); return nil })
	defer f.Release()
	js.Global().Call("setTimeout", f)
	<-called
}
