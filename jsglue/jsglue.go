// Package jsglue holds the shim: the JavaScript that loads a Go program into a Custom UI page and carries its calls to
// the bridge. The shim is forgego.js, plain JavaScript to read; "forgego build" puts it into an app's bundle.
package jsglue

import _ "embed"

//go:embed forgego.js
var shim string

// Shim gives the text of forgego.js.
func Shim() []byte { return []byte(shim) }
