// Command frontend is the Tasks page of the example app: a Forge Custom UI page written in Go.
//
// Package tasks has the page's logic and does not touch the page. This package shows its state and forwards the user's
// actions. Each file that ends in _js.go handles one part of the page.
package main

import "github.com/forgego/forgego/wasm"

func main() { wasm.Run(run) }
