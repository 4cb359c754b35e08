package devhost

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/contenttype"
)

//go:embed page
var assets embed.FS

func asset(name string) []byte {
	text, err := assets.ReadFile("page/" + name)
	if err != nil {
		panic(err) // The file is compiled in.
	}
	return text
}

// assetNames are the files that the product's page loads: its style and its scripts, but not the app's.
func assetNames() []string {
	files, err := fs.Glob(assets, "page/*.*s")
	if err != nil {
		panic(err) // The pattern is a constant.
	}
	var names []string
	for _, file := range files {
		if name := path.Base(file); name != "bridge.js" {
			names = append(names, name)
		}
	}
	return names
}

// serveAsset serves one of the product page's own files.
func serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	serveText(w, r, name, asset(name))
}

func serveText(w http.ResponseWriter, r *http.Request, name string, text []byte) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", contenttype.Of(name))
	w.Header().Set("ETag", tagOf(text))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

func serveBridge(w http.ResponseWriter, r *http.Request) {
	serveText(w, r, "bridge.js", bridgeScript())
}

var (
	importLine = regexp.MustCompile(`(?m)^import .*$`)
	exportWord = regexp.MustCompile(`(?m)^export `)
)

// bridgeScript is the script that runs in the app's page: the wire protocol, which the product's page imports as a
// module, and the bridge, in one function. A classic script is needed because a module would run after the app's own
// classic scripts, and it leaves no names behind but __bridge.
var bridgeScript = sync.OnceValue(func() []byte {
	var b strings.Builder
	b.WriteString("(() => {\n'use strict';\n")
	for _, name := range []string{"wire.js", "bridge.js"} {
		text := importLine.ReplaceAll(asset(name), nil)
		b.Write(exportWord.ReplaceAll(text, nil))
	}
	b.WriteString("})();\n")
	return []byte(b.String())
})
