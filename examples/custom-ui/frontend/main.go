// Command frontend is the Tasks page of the example app: a Forge Custom UI page written in Go.
//
// All that the page does is in the package tasks, which knows no page. What is here shows its state and hands on what the
// user does: the files that end in _js.go touch the page, each a part of it.
package main

import "github.com/forgego/forgego/wasm"

func main() { wasm.Run(run) }
