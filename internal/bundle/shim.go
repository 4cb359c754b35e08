package bundle

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/forgego/forgego/internal/jsbundle"
	"github.com/forgego/forgego/jsglue"
)

// startScript returns the script or the module that starts a compiler's program.
func startScript(ctx context.Context, c compiler, module bool) ([]byte, error) {
	exec, err := c.wasmExec(ctx)
	if err != nil {
		return nil, err
	}
	if module {
		return StartModule(exec)
	}
	return StartScript(exec)
}

// StartScript returns the script that starts a program: a compiler's wasm_exec.js, minified except for the license
// comment at its start, and the shim.
func StartScript(wasmExec []byte) ([]byte, error) { return withExec(wasmExec, MinifiedShim) }

// StartModule returns the ES module that loads programs: as StartScript, with the shim as a module.
func StartModule(wasmExec []byte) ([]byte, error) { return withExec(wasmExec, MinifiedModule) }

func withExec(wasmExec []byte, shim func() ([]byte, error)) ([]byte, error) {
	exec, err := jsbundle.Minify(wasmExecName, wasmExec, headComment(wasmExec))
	if err != nil {
		return nil, err
	}
	text, err := shim()
	return append(exec, text...), err
}

// ScriptParts splits a start script into its two parts, which have separate size budgets.
func ScriptParts(script []byte) (wasmExec, shim []byte, err error) {
	if shim, err = MinifiedShim(); err != nil {
		return nil, nil, err
	}
	wasmExec, ok := bytes.CutSuffix(script, shim)
	if !ok {
		return nil, nil, errors.New("the script does not end with the shim")
	}
	return wasmExec, shim, nil
}

// headComment returns the comment lines at the start of a script.
func headComment(script []byte) string {
	var head []string
	for line := range strings.Lines(string(script)) {
		if !strings.HasPrefix(line, "//") {
			break
		}
		head = append(head, strings.TrimSpace(line))
	}
	return strings.Join(head, "\n")
}

// MinifiedShim returns the shim as an app ships it: its modules in one script, without comments and with short names.
// The first line says what it is and where the readable source is. All builds use this form, so that the shim that
// was tested on the local host is the one that is deployed.
func MinifiedShim() ([]byte, error) {
	return jsbundle.Bundle(jsglue.Shim, Script, jsbundle.Options{
		Minify: true,
		Banner: "// forgego.js of github.com/forgego/forgego, Apache-2.0: jsglue/forgego.js",
	})
}

// MinifiedModule returns the shim as an ES module, in the same form.
func MinifiedModule() ([]byte, error) {
	return jsbundle.Bundle(jsglue.Shim, "module.js", jsbundle.Options{
		Minify: true,
		Module: true,
		Banner: "// The ES module of github.com/forgego/forgego, Apache-2.0: jsglue/module.js",
	})
}
