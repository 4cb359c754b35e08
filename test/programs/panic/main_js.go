// Command panic panics in a goroutine when the page calls fail, and prints a line when it calls print.
package main

import (
	"fmt"
	"syscall/js"
)

func main() {
	js.Global().Set("print", js.FuncOf(func(js.Value, []js.Value) any {
		fmt.Println("all is well")
		return nil
	}))
	js.Global().Set("fail", js.FuncOf(func(js.Value, []js.Value) any {
		go func() { fmt.Println(third(nil)) }()
		return nil
	}))
	select {}
}

//go:noinline
func third(list []int) int { return list[2] }
