package main

import (
	"fmt"
	"io"
	"sync"
)

// outputs prints the outputs of several targets one after the other, in the order in which the targets started.
type outputs struct {
	mu sync.Mutex
	to io.Writer
	// waiting are the outputs that are not completely printed. The first one is printed as it arrives.
	waiting []*output
}

// output is the output of one target.
type output struct {
	all   *outputs
	held  []byte // not yet printed
	ended bool
}

// start adds a target that starts now.
func (a *outputs) start(target string) *output {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := &output{all: a, held: fmt.Appendf(nil, "== %s\n", target)}
	a.waiting = append(a.waiting, o)
	a.show()
	return o
}

// show prints what can be printed now.
func (a *outputs) show() {
	for len(a.waiting) > 0 {
		first := a.waiting[0]
		_, _ = a.to.Write(first.held)
		first.held = nil
		if !first.ended {
			return
		}
		a.waiting = a.waiting[1:]
	}
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.all.mu.Lock()
	defer o.all.mu.Unlock()
	o.held = append(o.held, p...)
	o.all.show()
	return len(p), nil
}

// end says that the target has ended.
func (o *output) end() {
	o.all.mu.Lock()
	defer o.all.mu.Unlock()
	o.ended = true
	o.all.show()
}

// showAlone prints the rest of the output, and drops that of the other targets.
func (o *output) showAlone() {
	o.all.mu.Lock()
	defer o.all.mu.Unlock()
	o.all.waiting = []*output{o}
	o.all.show()
}
