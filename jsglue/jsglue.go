// Package jsglue holds the shim: the JavaScript that loads a Go program into a Custom UI page and carries its calls to
// the bridge. forgego.js is where it begins. "forgego build" puts its modules into an app's bundle as one file.
package jsglue

import "embed"

// Shim has the shim's modules, plain JavaScript to read.
//
//go:embed *.js
var Shim embed.FS
