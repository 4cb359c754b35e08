// Package jsglue holds the shim: the JavaScript that loads a Go program into a Custom UI page and carries its calls
// to the bridge. Its entry point is forgego.js. "forgego build" bundles its modules into one file.
package jsglue

import "embed"

// Shim has the shim's modules as readable JavaScript.
//
//go:embed *.js
var Shim embed.FS
