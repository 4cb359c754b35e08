//go:build js && tinygo

package bridge

// exportedDeliver is called by the shim when answers wait. TinyGo would run a go:wasmexport function in a goroutine, with
// a new stack for each call; an export function it simply calls.
//
//export forgego_deliver
func exportedDeliver(count, size int32) { deliver(count, size) }
