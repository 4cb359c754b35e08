// Program safejs is the smallest program that works on a page: it reads a value and calls a method.
package main

import "github.com/hack-pad/safejs"

func main() {
	document, err := safejs.Global().Get("document")
	if err != nil {
		panic(err)
	}
	if _, err := document.Call("createElement", "p"); err != nil {
		panic(err)
	}
}
