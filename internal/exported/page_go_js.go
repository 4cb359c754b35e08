//go:build js && !tinygo

package exported

import "runtime"

// yield runs the call that has been told about until it waits. JavaScript need not resume the program for that, which
// takes longer than all else of a short call.
//
// It yields twice: at every 61st turn, Go's scheduler takes the goroutine that has waited longest, which is this one.
func yield() {
	runtime.Gosched()
	runtime.Gosched()
}

// JavaScript calls exportedTake to tell the program something.
//
//go:wasmexport forgego_export
func exportedTake(what, id, number, size int32) int32 {
	if take == nil {
		return 0
	}
	return take(what, id, number, size)
}
