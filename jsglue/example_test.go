package jsglue_test

import (
	"fmt"
	"io/fs"

	"github.com/forgego/forgego/jsglue"
)

// The shim's entry point imports the other modules.
func Example() {
	entry, err := fs.ReadFile(jsglue.Shim, "forgego.js")
	if err != nil {
		fmt.Println(err)
		return
	}
	modules, err := fs.Glob(jsglue.Shim, "*.js")
	fmt.Println(len(entry) > 0, len(modules) > 1, err)
	// Output: true true <nil>
}
