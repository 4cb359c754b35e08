package jsbundle

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// importMetaNames replaces what a classic script cannot have by names that importMeta adds to the module.
var importMetaNames = map[string]string{
	"import.meta.url":      "forgegoImportMetaURL",
	"import.meta.filename": "forgegoImportMetaFilename",
	"import.meta.dirname":  "forgegoImportMetaDirname",
}

var (
	mayUseImportMeta = regexp.MustCompile(`\bimport\s*\.\s*meta\b`)
	loaders          = map[string]api.Loader{
		".js": api.LoaderJS, ".mjs": api.LoaderJS, ".cjs": api.LoaderJS, ".jsx": api.LoaderJSX,
		".ts": api.LoaderTS, ".mts": api.LoaderTS, ".cts": api.LoaderTS, ".tsx": api.LoaderTSX,
	}
)

// importMeta sets import.meta of each module to what Node.js would set for its file: url, filename and dirname. It adds an import
// at the end of the module, so that line numbers in stacks stay right. It does not change a file that mentions import.meta only in
// a comment or a string, because that file may be CommonJS.
func importMeta() api.Plugin {
	const space = "import-meta:"
	return api.Plugin{Name: "import.meta", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.[cm]?[jt]sx?$`, Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			loader := loaders[filepath.Ext(args.Path)]
			text, err := os.ReadFile(args.Path)
			if err != nil || !mayUseImportMeta.Match(text) {
				return api.OnLoadResult{}, nil // esbuild reads it.
			}
			uses := api.Transform(string(text), api.TransformOptions{Loader: loader, Format: api.FormatCommonJS, LogOverride: map[string]api.LogLevel{"empty-import-meta": api.LogLevelWarning}})
			used := false
			for _, w := range uses.Warnings {
				used = used || w.ID == "empty-import-meta"
			}
			if !used {
				return api.OnLoadResult{}, nil
			}
			code := fmt.Sprintf("%s\nimport { url as %s, filename as %s, dirname as %s } from %q;\n", text,
				importMetaNames["import.meta.url"], importMetaNames["import.meta.filename"], importMetaNames["import.meta.dirname"], space+args.Path)
			return api.OnLoadResult{Contents: &code, Loader: loader}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: "^" + space}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(args.Path, space), Namespace: space}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: space}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			code := ""
			for name, value := range map[string]string{"url": fileURL(args.Path), "filename": args.Path, "dirname": filepath.Dir(args.Path)} {
				text, err := json.Marshal(value)
				if err != nil {
					return api.OnLoadResult{}, err
				}
				code += fmt.Sprintf("export const %s = %s;\n", name, text)
			}
			return api.OnLoadResult{Contents: &code}, nil
		})
	}}
}

// fileURL returns the URL of a file, given its absolute path.
func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive of Windows
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
