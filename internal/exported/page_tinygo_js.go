//go:build js && tinygo

package exported

// yield does nothing, because TinyGo does not run exportedTake in a goroutine.
func yield() {}

// JavaScript calls exportedTake to tell the program something. TinyGo would run a go:wasmexport function in a goroutine,
// with a new stack for each call.
//
//export forgego_export
func exportedTake(what, id, number, size int32) int32 {
	if take == nil {
		return 0
	}
	return take(what, id, number, size)
}
