//go:build js && tinygo

package bridge

import "context"

// exportedDeliver is called by the shim when answers wait. TinyGo would run a go:wasmexport function in a goroutine, with
// a new stack for each call; an export function it simply calls.
//
//export forgego_deliver
func exportedDeliver(count, size int32) { deliver(count, size) }

// wait waits for the call's answer, and reports false if ctx ends first.
//
// It is no select. That would put all goroutines that wait for one context into one list, by words on their stacks, and
// TinyGo does not free a stack that another one refers to, even one that has been left long ago: each would keep the next.
func (w *waiter) wait(ctx context.Context) bool {
	done := w.done
	ended := false // goroutines run one at a time
	stop := context.AfterFunc(ctx, func() {
		ended = true
		select {
		case done <- struct{}{}:
		default:
		}
	})
	<-done
	if !stop() {
		w.done = make(chan struct{}, 1) // the function may still send to the other
	}
	return !ended
}
