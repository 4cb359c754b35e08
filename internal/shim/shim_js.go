// Package shim finds the JavaScript shim (jsglue/) that loaded this program.
package shim

import "syscall/js"

// Port is the shim's end of the connection to this program, undefined if the shim did not load it.
//
// The shim sets the global while it starts the program and removes it when the program first waits, so that two programs
// on one page do not meet. Packages are initialised before that.
var Port = js.Global().Get("__forgegoPort")
