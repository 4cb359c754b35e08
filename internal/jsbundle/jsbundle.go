// Package jsbundle bundles JavaScript modules into one script or module, and minifies scripts. It is the only package that uses
// esbuild.
package jsbundle

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// target is the JavaScript version of all our scripts. esbuild must not write newer syntax.
const target = api.ES2022

// Options are how a script is written.
type Options struct {
	// Minify removes comments and white space, and shortens names.
	Minify bool
	// Module makes an ES module, with the exports of the entry, instead of a classic script.
	Module bool
	// Banner is put before the script.
	Banner string
	// Prefix is what the names of files begin with that the script imports only when it needs them: a module that it imports
	// dynamically is not a part of it, but a file beside it.
	Prefix string
	// Replace names modules that take the place of others.
	Replace map[string]string
}

// Bundle returns a classic script or an ES module that has the module entry and the modules that it imports. The modules are read from
// files, and import each other by relative paths. A classic script is one function, so its names are not global. Unlike a module,
// it is not in strict mode, unless the banner says so.
func Bundle(files fs.FS, entry string, o Options) ([]byte, error) {
	root, err := filepath.Abs(string(filepath.Separator))
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		// esbuild looks at its working folder and all folders above it. These are not our files, and go test would not use a
		// cached result after each change in them.
		AbsWorkingDir: root,
		EntryPoints:   []string{entry},
		Bundle:        true,
		// For a classic script esbuild would add functions of its own for dynamic imports.
		Format:            api.FormatESModule,
		MinifyWhitespace:  o.Minify,
		MinifyIdentifiers: o.Minify,
		MinifySyntax:      o.Minify,
		Target:            target,
		Plugins:           []api.Plugin{readFrom(files, o)},
	})
	if err := failure("bundling", entry, result.Errors); err != nil {
		return nil, err
	}
	code := bytes.TrimSuffix(result.OutputFiles[0].Contents, []byte("\n"))
	head, begin, end := "", "", ""
	if o.Banner != "" {
		head = o.Banner + "\n"
	}
	switch {
	case o.Module:
	case o.Minify:
		begin, end = "(()=>{", "})();"
	default:
		begin, end = "(() => {\n", "\n})();"
	}
	return slices.Concat([]byte(head+begin), code, []byte(end+"\n")), nil
}

// Minify returns a script in its minified form, with banner before it. Comments with a license stay.
func Minify(name string, script []byte, banner string) ([]byte, error) {
	result := api.Transform(string(script), api.TransformOptions{
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Target:            target,
		LegalComments:     api.LegalCommentsInline,
		Banner:            banner,
	})
	if err := failure("minifying", name, result.Errors); err != nil {
		return nil, err
	}
	return result.Code, nil
}

// failure returns esbuild's messages as one error, or nil if there are none.
func failure(doing, name string, messages []api.Message) error {
	var all []error
	for _, m := range messages {
		all = append(all, errors.New(doing+" "+name+": "+m.Text))
	}
	return errors.Join(all...)
}

// readFrom makes esbuild read all modules from files. A module that is imported dynamically stays a file of its own.
func readFrom(files fs.FS, o Options) api.Plugin {
	const space = "files"
	return api.Plugin{Name: space, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind == api.ResolveJSDynamicImport {
				return api.OnResolveResult{Path: "./" + o.Prefix + path.Base(args.Path), External: true}, nil
			}
			name := path.Join(path.Dir(args.Importer), args.Path)
			return api.OnResolveResult{Path: cmp.Or(o.Replace[name], name), Namespace: space}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: space}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := fs.ReadFile(files, args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			code := string(text)
			return api.OnLoadResult{Contents: &code}, nil
		})
	}}
}
