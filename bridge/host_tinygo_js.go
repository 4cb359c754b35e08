//go:build js && tinygo

package bridge

import "context"

// The shim calls exportedDeliver when answers are ready. It is not a go:wasmexport function, because TinyGo would run
// that in a goroutine, with a new stack for each call.
//
//export forgego_deliver
func exportedDeliver(count, size int32) { deliver(count, size) }

// wait waits for the call's answer. It reports false if ctx ends first.
//
// This avoids select because TinyGo would then link all goroutines that wait for the same context by words on their
// stacks. TinyGo does not free a stack that another stack refers to, even if that word is no longer used. So each stack
// would keep the next one in memory.
func (w *waiter) wait(ctx context.Context) bool {
	done := w.done
	ended := false // needs no lock: goroutines run one at a time
	stop := context.AfterFunc(ctx, func() {
		ended = true
		select {
		case done <- struct{}{}:
		default:
		}
	})
	<-done
	if !stop() {
		w.done = make(chan struct{}, 1) // the function may still send to the old channel
	}
	return !ended
}
