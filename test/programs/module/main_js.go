// Program module exports functions to JavaScript, for the tests of the ES module. Its arguments select what it does besides.
package main

import (
	"context"
	"errors"
	"iter"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall/js"
	"time"

	"github.com/forgego/forgego/wasm"
)

func main() {
	switch {
	case slices.Contains(os.Args, "return"):
		return
	case slices.Contains(os.Args, "forever"):
		select {}
	case slices.Contains(os.Args, "crash"):
		go func() {
			time.Sleep(time.Millisecond)
			panic("the disk is full")
		}()
	}
	wasm.Run(app)
}

// Priority is how urgent a task is.
type Priority string

// The priorities.
const (
	Low  Priority = "low"
	High Priority = "high"
)

// NewTask is what a user enters.
type NewTask struct {
	Title    string     `json:"title"`
	Priority Priority   `json:"priority"`
	Estimate float64    `json:"estimate"`
	Due      *time.Time `json:"due,omitempty"`
	Labels   []string   `json:"labels"`
	Done     bool       `json:"done"`
}

// Task is a task with its number.
type Task struct {
	ID int `json:"id"`
	NewTask
}

// full is an error with a name and a code.
type full struct{}

func (full) Error() string     { return "the list is full" }
func (full) ErrorName() string { return "QuotaError" }
func (full) ErrorCode() string { return "QUOTA" }

// badError is an error whose method panics.
type badError struct{}

func (*badError) Error() string { panic("no text") }

// report passes a text to the test.
func report(what string) {
	if all := js.Global().Get("reports"); all.Truthy() {
		all.Call("push", what)
		return
	}
	if channel.IsUndefined() {
		channel = js.Global().Get("BroadcastChannel").New("reports")
	}
	channel.Call("postMessage", what)
}

// channel leads to the page from a worker.
var channel js.Value

type none = struct{}

func app(ctx context.Context) error {
	// A variable, so that "forgego types" does not see these exports, which are wrong.
	export := wasm.ExportFunc[none, none]
	nothing := func(context.Context, none) (none, error) { return none{}, nil }
	if name := os.Getenv("EXPORT"); name != "" {
		export(ctx, name, nothing)
	}
	if slices.Contains(os.Args, "twice") {
		export(ctx, "twice", nothing)
		export(ctx, "twice", nothing)
	}
	if slices.Contains(os.Args, "listen to the document") {
		wasm.Listen(ctx, js.Global().Get("document"), "click", func(context.Context, js.Value) error { return nil })
	}
	if slices.Contains(os.Args, "global") {
		_, err := wasm.Export(ctx, "anything", func(context.Context, []wasm.Value) (any, error) { return nil, nil })
		return err
	}
	if slices.Contains(os.Args, "listen") {
		wasm.Listen(ctx, js.Global(), "ping", func(context.Context, js.Value) error {
			report("ping")
			return nil
		})
		context.AfterFunc(ctx, func() { report("ended: " + context.Cause(ctx).Error()) })
	}
	calls := 0
	wasm.ExportFunc(ctx, "addTask", func(_ context.Context, in NewTask) (Task, error) {
		calls++
		return Task{calls, in}, nil
	})
	wasm.ExportFunc(ctx, "echoTasks", func(_ context.Context, in []Task) ([]Task, error) { return in, nil })
	wasm.ExportFunc(ctx, "echo", func(_ context.Context, in any) (any, error) { return in, nil })
	wasm.ExportFunc(ctx, "name", func(context.Context, none) (string, error) { return os.Getenv("NAME"), nil })
	wasm.ExportFunc(ctx, "nothing", nothing)
	wasm.ExportFunc(ctx, "reverse", func(_ context.Context, in []byte) ([]byte, error) {
		out := slices.Clone(in)
		slices.Reverse(out)
		return out, nil
	})
	wasm.ExportFunc(ctx, "fail", func(_ context.Context, how string) (none, error) {
		switch how {
		case "coded":
			return none{}, full{}
		case "wrapped":
			return none{}, errors.Join(errors.New("saving"), full{})
		case "panic":
			panic("the disk is full")
		case "goexit":
			runtime.Goexit()
		case "bad":
			return none{}, &badError{}
		case "timeout":
			ctx, cancel := context.WithTimeout(context.Background(), 0)
			defer cancel()
			<-ctx.Done()
			return none{}, ctx.Err()
		}
		return none{}, errors.New("it failed: " + how)
	})
	wasm.ExportFunc(ctx, "unsendable", func(context.Context, none) (any, error) { return make(chan int), nil })
	wasm.ExportFunc(ctx, "wait", func(ctx context.Context, _ none) (none, error) {
		report("waits")
		<-ctx.Done()
		report("over: " + ctx.Err().Error())
		return none{}, ctx.Err()
	})
	type mapping struct {
		Numbers []int                    `json:"numbers"`
		Each    wasm.Callback[int, int]  `json:"each"`
		Log     wasm.Callback[any, none] `json:"log"`
	}
	var kept wasm.Callback[int, int]
	wasm.ExportFunc(ctx, "map", func(ctx context.Context, in mapping) ([]int, error) {
		kept = in.Each
		var out []int
		for _, n := range in.Numbers {
			m, err := in.Each.Call(ctx, n)
			if err != nil {
				return nil, err
			}
			out = append(out, m)
		}
		if !in.Log.IsZero() {
			if _, err := in.Log.Call(ctx, out); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	wasm.ExportFunc(ctx, "late", func(ctx context.Context, _ none) (int, error) { return kept.Call(ctx, 1) })
	wasm.ExportSeq(ctx, "count", func(ctx context.Context, to int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			defer report("count ends")
			for i := range to {
				if i == 3 && to == 99 {
					yield(0, full{})
					return
				}
				if !yield(i, nil) {
					return
				}
			}
		}
	})
	var stop func()
	stop = wasm.ExportFunc(ctx, "once", func(context.Context, none) (none, error) {
		stop()
		return none{}, nil
	})
	wasm.ExportFunc(ctx, "state", func(context.Context, none) (map[string]int, error) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return map[string]int{
			"goroutines": runtime.NumGoroutine(), "heap": int(m.HeapAlloc), "objects": int(m.HeapObjects),
		}, nil
	})
	// compute does not let the program do anything else for so many milliseconds.
	wasm.ExportFunc(ctx, "compute", func(_ context.Context, ms int) (none, error) {
		report("computes")
		for end := time.Now().Add(time.Duration(ms) * time.Millisecond); time.Now().Before(end); {
		}
		return none{}, nil
	})
	wasm.ExportFunc(ctx, "exit", func(_ context.Context, status int) (none, error) {
		os.Exit(status)
		return none{}, nil
	})
	wasm.ExportFunc(ctx, "title", func(context.Context, none) (string, error) {
		return js.Global().Get("document").Get("title").String(), nil
	})
	wasm.ExportFunc(ctx, "size", func(_ context.Context, text string) (string, error) { return strconv.Itoa(len(text)), nil })
	return nil
}
