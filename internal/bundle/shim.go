package bundle

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/forgego/forgego/internal/jsbundle"
	"github.com/forgego/forgego/jsglue"
)

// scripts are the JavaScript of a bundle.
type scripts struct {
	// start is Script or Module.
	start, more, page, worker []byte
}

// startScripts returns the scripts for a compiler's program.
func startScripts(ctx context.Context, c compiler, module bool) (s scripts, err error) {
	exec, err := c.wasmExec(ctx)
	if err != nil {
		return s, err
	}
	start := StartScript
	if module {
		start = StartModule
	}
	if s.start, err = start(exec); err != nil {
		return s, err
	}
	if s.more, err = minifiedMore(); err != nil {
		return s, err
	}
	if s.page, err = minifiedPage(); err != nil {
		return s, err
	}
	s.worker, err = withExec(exec, minifiedWorker)
	return s, err
}

// StartScript returns the script that starts a program: a compiler's wasm_exec.js, minified except for the license
// comment at its start, and the shim.
func StartScript(wasmExec []byte) ([]byte, error) { return withExec(wasmExec, MinifiedShim) }

// StartModule returns the ES module that loads programs: as StartScript, with the shim as a module.
func StartModule(wasmExec []byte) ([]byte, error) { return withExec(wasmExec, MinifiedModule) }

func withExec(wasmExec []byte, shim func() ([]byte, error)) ([]byte, error) {
	exec, err := minifiedExec(wasmExec)
	if err != nil {
		return nil, err
	}
	text, err := shim()
	return append(exec, text...), err
}

func minifiedExec(wasmExec []byte) ([]byte, error) {
	return jsbundle.Minify(wasmExecName, wasmExec, headComment(wasmExec))
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

// prefix begins the names of the files that a page loads only when it needs them, such as MoreScript.
const prefix = "forgego."

// MinifiedShim returns the shim as an app ships it: its modules in one script, without comments and with short names.
// The first line says what it is and where the readable source is. All builds use this form, so that the shim that
// was tested on the local host is the one that is deployed.
func MinifiedShim() ([]byte, error) {
	return jsbundle.Bundle(jsglue.Shim, Script, jsbundle.Options{
		Minify: true,
		Prefix: prefix,
		Banner: "// forgego.js of github.com/forgego/forgego, Apache-2.0: jsglue/forgego.js",
	})
}

// MinifiedModule returns the shim as an ES module, in the same form. What it seldom needs is in MoreScript.
func MinifiedModule() ([]byte, error) {
	replace := map[string]string{}
	for _, name := range []string{"early.js", "indicator.js", "request.js", "trouble.js"} {
		replace[name] = "lazy" + name
	}
	return minifiedModule("module.js", replace)
}

func minifiedMore() ([]byte, error) { return minifiedModule("more.js", nil) }

func minifiedPage() ([]byte, error) { return minifiedModule("page.js", nil) }

func minifiedWorker() ([]byte, error) { return minifiedModule("worker.js", nil) }

func minifiedModule(entry string, replace map[string]string) ([]byte, error) {
	return jsbundle.Bundle(jsglue.Shim, entry, jsbundle.Options{
		Minify:  true,
		Prefix:  prefix,
		Module:  true,
		Replace: replace,
		Banner:  "// A part of github.com/forgego/forgego, Apache-2.0: jsglue/" + entry,
	})
}
