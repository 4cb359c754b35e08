package devhost

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
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

// productScript returns the product page's script: one ES module, because each file that a page loads takes time.
var productScript = sync.OnceValue(func() []byte {
	return bundle("product/main.js", jsbundle.Options{Module: true})
})

// productStyles returns the product page's style sheets as one.
var productStyles = sync.OnceValue(func() []byte {
	var all []byte
	for _, name := range []string{"style", "overlays", "problems", "panels"} {
		all = append(all, asset("product/"+name+".css")...)
	}
	return all
})

// productAssets are the files that the product page loads, by their names.
var productAssets = map[string]func() []byte{
	"product/main.js":   productScript,
	"product/style.css": productStyles,
}

// assetsTag returns a text that changes with the page's scripts and style sheets.
var assetsTag = sync.OnceValue(func() string {
	h := sha256.New()
	h.Write(productScript())
	h.Write(productStyles())
	return fmt.Sprintf("%x", h.Sum(nil))
})

func serveText(w http.ResponseWriter, r *http.Request, name string, text []byte) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", contenttype.Of(name))
	w.Header().Set("ETag", resource.Tag(text))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

func serveBridge(w http.ResponseWriter, r *http.Request) {
	serveText(w, r, "bridge.js", bridgeScript())
}

// bridgeScript returns the script for the app's page: the bridge with the wire protocol, which the product page's
// script has too. It is a classic script because a module would run after the app's own classic scripts. Its only global name
// is __bridge.
var bridgeScript = sync.OnceValue(func() []byte {
	return bundle("app/bridge.js", jsbundle.Options{Banner: `"use strict";`})
})

// bundle returns one script with the module entry, below page/, and the modules that it imports.
func bundle(entry string, o jsbundle.Options) []byte {
	files, err := fs.Sub(assets, "page")
	if err != nil {
		panic(err) // The path is a constant.
	}
	script, err := jsbundle.Bundle(files, entry, o)
	if err != nil {
		panic(err) // The files are compiled in.
	}
	return script
}
