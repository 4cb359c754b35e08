package bundle

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/forgego/forgego/jsglue"
)

// target is the JavaScript version of the shim. Minifying must not use a newer one.
const target = api.ES2022

// startScript returns the script that starts a compiler's program.
func startScript(ctx context.Context, c compiler) ([]byte, error) {
	exec, err := c.wasmExec(ctx)
	if err != nil {
		return nil, err
	}
	return StartScript(exec)
}

// StartScript returns the script that starts a program: a compiler's wasm_exec.js, minified except for the license
// comment at its start, and the shim.
func StartScript(wasmExec []byte) ([]byte, error) {
	exec, err := minified(wasmExecName, wasmExec, headComment(wasmExec))
	if err != nil {
		return nil, err
	}
	shim, err := MinifiedShim()
	return append(exec, shim...), err
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
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{Script},
		Bundle:            true,
		Format:            api.FormatIIFE,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Target:            target,
		Banner:            map[string]string{"js": "// forgego.js of github.com/forgego/forgego, Apache-2.0: jsglue/forgego.js"},
		Plugins:           []api.Plugin{from(jsglue.Shim)},
	})
	if err := problems(Script, result.Errors); err != nil {
		return nil, err
	}
	return result.OutputFiles[0].Contents, nil
}

// minified minifies a script and puts banner before it.
func minified(name string, script []byte, banner string) ([]byte, error) {
	result := api.Transform(string(script), api.TransformOptions{
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Target:            target,
		LegalComments:     api.LegalCommentsInline,
		Banner:            banner,
	})
	return result.Code, problems(name, result.Errors)
}

func problems(name string, messages []api.Message) error {
	var problems []error
	for _, m := range messages {
		problems = append(problems, errors.New("minifying "+name+": "+m.Text))
	}
	return errors.Join(problems...)
}

// from makes esbuild read all modules from files.
func from(files fs.FS) api.Plugin {
	const space = "shim"
	return api.Plugin{Name: space, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: path.Clean(args.Path), Namespace: space}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: space}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := fs.ReadFile(files, args.Path)
			code := string(text)
			return api.OnLoadResult{Contents: &code}, err
		})
	}}
}
