package usercode

import (
	"syscall/js"

	"github.com/forgego/forgego/internal/shim"
)

// show shows a failure in the page and the console, through the shim if it loaded the program.
func show(title, detail, stack string) {
	if shim.Port.Truthy() {
		shim.Port.Call("fail", title, detail, stack)
		return
	}
	log(title + "\n" + detail + "\n" + stack)
}

func log(text string) { js.Global().Get("console").Call("error", text) }
