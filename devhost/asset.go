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
	"github.com/forgego/forgego/devhost/internal/resource"
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

// assetNames returns the files that the product's page loads: its styles and scripts, but not the script of the app's page.
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

// serveAsset serves a file of the product's page.
func serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	serveText(w, r, name, asset(name))
}

func serveText(w http.ResponseWriter, r *http.Request, name string, text []byte) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", contenttype.Of(name))
	w.Header().Set("ETag", resource.Tag(text))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

func serveBridge(w http.ResponseWriter, r *http.Request) {
	serveText(w, r, "bridge.js", bridgeScript())
}

var (
	importLine = regexp.MustCompile(`(?m)^import .*$`)
	exportWord = regexp.MustCompile(`(?m)^export `)
)

// bridgeScript returns the script for the app's page: the wire protocol, which the product's page imports as a module, and
// the bridge. It is a classic script because a module would run after the app's own classic scripts. The code is in one
// function, so that the only global name is __bridge.
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
