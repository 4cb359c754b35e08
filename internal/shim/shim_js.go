// Package shim finds the JavaScript shim (jsglue/) that loaded this program.
package shim

import "syscall/js"

// Port is the shim's end of the connection to this program. It is undefined if the shim did not load the program.
//
// The shim sets the global while it starts the program and removes it when the program first waits, so that several
// programs on one page do not get each other's port. Packages are initialised before that.
var Port = js.Global().Get("__forgegoPort")

// InWorker reports whether the shim runs the program in a worker: the bridge is the page's, but there is no page.
func InWorker() bool { return Port.Truthy() && Port.Get("inWorker").Truthy() }
