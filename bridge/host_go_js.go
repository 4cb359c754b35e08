//go:build js && !tinygo

package bridge

import "context"

// The shim calls exportedDeliver when answers are ready.
//
//go:wasmexport forgego_deliver
func exportedDeliver(count, size int32) { deliver(count, size) }

// wait waits for the call's answer. It reports false if ctx ends first.
func (w *waiter) wait(ctx context.Context) bool {
	select {
	case <-w.done:
		return true
	case <-ctx.Done():
		return false
	}
}
