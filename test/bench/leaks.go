package main

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/test/bench/spec"
)

// Leaks is what the part leaks gives.
type Leaks struct {
	// States is what the program holds after so many calls, when its garbage is collected.
	States []CountedState `json:"states"`
}

// CountedState is a state after a number of calls.
type CountedState struct {
	Calls int `json:"calls"`
	spec.State
	// HeapNoise is by how many bytes Heap differed when it was asked for five times with 100 calls between.
	HeapNoise int64 `json:"heapNoise"`
}

// leakCalls are a hundred calls of all kinds: read in each way, small and large, given up and refused.
var leakCalls = []spec.Sample{
	{Op: spec.RequestRemote, Read: spec.Text, Calls: 50, AtOnce: 50},
	{Op: spec.RequestRemote, Read: spec.Bytes, Calls: 15, AtOnce: 1},
	{Op: spec.InvokeRemote, Read: spec.Text, Calls: 10, AtOnce: 10},
	{Op: spec.RequestRemote, Read: spec.Value, Calls: 5, AtOnce: 1},
	{Op: spec.RequestRemote, Read: spec.Cancelled, Calls: 10, AtOnce: 10},
	{Op: spec.RequestRemote, Read: spec.Refused, Calls: 10, AtOnce: 10},
}

// leakRound makes those calls so many times in the page, so that the browser's protocol is no part of it.
const leakRound = `(async () => {
	for (let i = 0; i < %d; i++) {
		for (const sample of %s) {
			benchHost.refuse(sample.read === "refused");
			await bench.sample("ours", sample);
		}
	}
	benchHost.refuse(false);
})()`

func measureLeaks(ctx context.Context, b *bench) (result, error) {
	p, closePlayer, err := openPlayer(ctx, b)
	if err != nil {
		return nil, err
	}
	defer closePlayer()
	if err := p.prepare(ctx, 1000); err != nil {
		return nil, err
	}
	leaks := &Leaks{}
	made := 0
	for _, calls := range []int{0, 10_000, 100_000} {
		for made < calls {
			const round = 5000 // one wait is bounded
			if err := p.tab.eval(ctx, fmt.Sprintf(leakRound, round/100, literal(leakCalls)), nil); err != nil {
				return nil, err
			}
			made += round
		}
		state, noise, err := p.quietState(ctx, calls > 0)
		if err != nil {
			return nil, err
		}
		leaks.States = append(leaks.States, CountedState{calls, state, noise})
		progress("after %s calls: %d references, %s bytes of heap, %d goroutines", thousands(int64(calls)), state.References, thousands(state.Heap), state.Goroutines)
	}
	return leaks, p.tab.problem()
}

// quietState gives the state with the smallest heap of five, and by how much their heaps differ. Between them it makes a
// hundred calls each, or none.
func (p *player) quietState(ctx context.Context, calls bool) (least spec.State, noise int64, err error) {
	var most int64
	for i := range 5 {
		if calls {
			if err := p.tab.eval(ctx, fmt.Sprintf(leakRound, 1, literal(leakCalls)), nil); err != nil {
				return least, 0, err
			}
		}
		state, err := p.state(ctx)
		if err != nil {
			return least, 0, err
		}
		most = max(most, state.Heap)
		if i == 0 || state.Heap < least.Heap {
			least = state
		}
	}
	return least, most - least.Heap, nil
}

// state gives what the program holds. It asks twice: the first time leaves a few things behind.
func (p *player) state(ctx context.Context) (state spec.State, err error) {
	var text string
	for range 2 {
		if err := p.tab.eval(ctx, `goState("")`, &text); err != nil {
			return state, err
		}
	}
	return state, unmarshal(text, &state)
}

// Markdown gives a table with a row for each count.
func (l *Leaks) Markdown() string {
	rows := [][]string{{"calls", "references to JavaScript values", "goroutines", "Go's heap, bytes", "its noise", "the program's memory, bytes"}}
	for _, s := range l.States {
		rows = append(rows, []string{thousands(int64(s.Calls)), fmt.Sprint(s.References), fmt.Sprint(s.Goroutines), thousands(s.Heap), "± " + thousands(s.HeapNoise), thousands(s.Memory)})
	}
	return table(rows)
}
