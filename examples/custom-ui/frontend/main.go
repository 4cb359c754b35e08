// Command frontend is the Tasks page of the example app: a Forge Custom UI page whose logic is Go.
//
// The files that end in _js.go touch the page; all the others are plain Go and are tested natively.
package main

import "github.com/forgego/forgego/wasm"

func main() { wasm.Run(run) }
