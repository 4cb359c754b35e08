package devhost

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/contenttype"
	"github.com/forgego/forgego/devhost/internal/resource"
	"github.com/forgego/forgego/internal/jsbundle"
)

//go:embed page/app page/product page/tunnel page/wire.js
var assets embed.FS

func asset(name string) []byte {
	text, err := assets.ReadFile("page/" + name)
	if err != nil {
		panic(err) // The file is compiled in.
	}
	return text
}

// assetNames returns the style sheets and scripts that the product page loads, as paths below page/.
func assetNames() []string {
	files, err := fs.Glob(assets, "page/product/*.*s")
	if err != nil {
		panic(err) // The pattern is a constant.
	}
	names := []string{"wire.js"}
	for _, file := range files {
		names = append(names, strings.TrimPrefix(file, "page/"))
	}
	return names
}

// assetsTag returns a text that is another one for another version of the page's scripts and style sheets.
var assetsTag = sync.OnceValue(func() string {
	h := sha256.New()
	for _, name := range assetNames() {
		h.Write(asset(name))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
})

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

// bridgeScript returns the script for the app's page: the bridge with the wire protocol, which the product's page imports
// as a module. It is a classic script because a module would run after the app's own classic scripts. Its only global name
// is __bridge.
var bridgeScript = sync.OnceValue(func() []byte {
	files, err := fs.Sub(assets, "page")
	if err != nil {
		panic(err) // The path is a constant.
	}
	script, err := jsbundle.Bundle(files, "app/bridge.js", jsbundle.Options{Banner: `"use strict";`})
	if err != nil {
		panic(err) // The files are compiled in.
	}
	return script
})
