package main

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/test/tools/bench/spec"
)

// Leaks is the result of the part leaks: what the program holds after a number of calls and a garbage collection.
type Leaks struct {
	States []CountedState `json:"states"`
	// TinyGo are the states of the program that TinyGo built. They do not include the number of goroutines.
	TinyGo []CountedState `json:"tinygo,omitempty"`
}

// CountedState is a state after a number of calls.
type CountedState struct {
	Calls int `json:"calls"`
	spec.State
	// HeapNoise is the range of Heap, in bytes, over five readings with 100 calls between them.
	HeapNoise int64 `json:"heapNoise"`
}

// leakCalls are a hundred calls of all kinds: read in each way, never read, cancelled and refused.
var leakCalls = []spec.Sample{
	{Op: spec.RequestRemote, Read: spec.Text, Calls: 50, AtOnce: 50},
	{Op: spec.RequestRemote, Read: spec.Bytes, Calls: 10, AtOnce: 1},
	{Op: spec.RequestRemote, Read: spec.Unread, Calls: 5, AtOnce: 1},
	{Op: spec.InvokeRemote, Read: spec.Text, Calls: 10, AtOnce: 10},
	{Op: spec.RequestRemote, Read: spec.Value, Calls: 5, AtOnce: 1},
	{Op: spec.RequestRemote, Read: spec.Cancelled, Calls: 10, AtOnce: 10},
	{Op: spec.RequestRemote, Read: spec.Refused, Calls: 10, AtOnce: 10},
}

// leakCounts are the numbers of calls after which the states are read. leakLooks is the number of readings each time.
var leakCounts = []int{0, 10_000, 100_000}

const leakLooks = 5

// leakSize is the size of each body. It is long enough to stay in the page until it is read.
const leakSize = 5000

func measureLeaks(ctx context.Context, b *bench) (result, error) {
	p, closePlayer, err := openPlayer(ctx, b, b.tinygo)
	if err != nil {
		return nil, err
	}
	defer closePlayer()
	if err := p.prepare(ctx, cell{Size: leakSize}.body()); err != nil {
		return nil, err
	}
	leaks := &Leaks{}
	if leaks.States, err = leakStates(ctx, p.tab, "Go"); err != nil {
		return nil, err
	}
	if p.tiny != nil {
		if leaks.TinyGo, err = leakStates(ctx, p.tiny, "TinyGo"); err != nil {
			return nil, err
		}
	}
	return leaks, p.problem()
}

// leakStates tells the program of a page to make all the calls in one go. One request for each round would leave JavaScript
// values behind under TinyGo, which never releases any.
func leakStates(ctx context.Context, t *tab, compiler string) ([]CountedState, error) {
	asked := spec.Leaks{Samples: leakCalls, Counts: leakCounts, Looks: leakLooks}
	if err := t.eval(ctx, "void goLeaks("+literal(literal(asked))+").then((states) => { globalThis.leakStates = states; })", nil); err != nil {
		return nil, err
	}
	var err error
	for range 10 { // one wait has a time limit, and many calls take longer
		if err = t.until(ctx, "all calls", "globalThis.leakStates"); err == nil || ctx.Err() != nil || t.problem() != nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	var text string
	if err := t.eval(ctx, "leakStates", &text); err != nil {
		return nil, err
	}
	var looks [][]spec.State
	if err := unmarshal(text, &looks); err != nil {
		return nil, err
	}
	var states []CountedState
	for i, calls := range leakCounts {
		state := quietest(looks[i])
		state.Calls = calls
		states = append(states, state)
		progress("%s, after %s calls: %d references, %s bytes of heap, %d goroutines", compiler, thousands(int64(calls)), state.References, thousands(state.Heap), state.Goroutines)
	}
	return states, nil
}

// quietest returns the state with the smallest heap, and the range of the heaps.
func quietest(looks []spec.State) CountedState {
	least, most := looks[0], looks[0].Heap
	for _, s := range looks {
		most = max(most, s.Heap)
		if s.Heap < least.Heap {
			least = s
		}
	}
	return CountedState{State: least, HeapNoise: most - least.Heap}
}

// Markdown returns a table with a row for each count and compiler.
func (l *Leaks) Markdown() string {
	rows := [][]string{{"compiler", "calls", "references to JavaScript values", "goroutines", "Go's heap, bytes", "its noise", "the program's memory, bytes"}}
	add := func(compiler string, states []CountedState, goroutines bool) {
		for _, s := range states {
			row := []string{compiler, thousands(int64(s.Calls)), fmt.Sprint(s.References), "–", thousands(s.Heap), "± " + thousands(s.HeapNoise), thousands(s.Memory)}
			if goroutines {
				row[3] = fmt.Sprint(s.Goroutines)
			}
			rows = append(rows, row)
		}
	}
	add("Go", l.States, true)
	add("TinyGo", l.TinyGo, false)
	return table(rows)
}
