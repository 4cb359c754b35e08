//go:build js && !tinygo

package bridge

// exportedDeliver is called by the shim when answers wait.
//
//go:wasmexport forgego_deliver
func exportedDeliver(count, size int32) { deliver(count, size) }
