package main

import (
	"context"
	"runtime"
	"syscall/js"
	"time"

	"github.com/forgego/forgego/test/bench/spec"
)

// state gives what the program holds.
func state(context.Context, []byte) (any, error) {
	if js.Global().Get("benchGo").IsUndefined() {
		// The Go object shows itself when it next resumes the program.
		js.Global().Call("eval", `{
			const resume = Go.prototype._resume;
			Go.prototype._resume = function () { globalThis.benchGo = this; Go.prototype._resume = resume; return this._resume() };
		}`)
	}
	for range 3 { // what finalizers free, the next collection sees
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	object := js.Global().Get("benchGo")
	return spec.State{
		// The table's length without the places that are free.
		References: object.Get("_values").Length() - object.Get("_idPool").Length(),
		Heap:       int64(m.HeapAlloc),
		Stacks:     int64(m.StackInuse),
		Goroutines: runtime.NumGoroutine(),
		Memory:     int64(object.Get("_inst").Get("exports").Get("mem").Get("buffer").Get("byteLength").Int()),
	}, nil
}
