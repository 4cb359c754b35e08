package wasm

import (
	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/internal/shim"
)

// port is the shim's end of the connection to this program; undefined if the shim did not load it.
func port() safejs.Value { return safejs.Safe(shim.Port) }
