package devhost

import (
	"bytes"
	"html"
	"slices"
)

// bridgePath is where the app's origin serves the bridge. The first part is no resource's key; newHost refuses that.
const (
	bridgeKey  = "_bridge"
	bridgePath = "/" + bridgeKey + "/bridge.js"
)

// injectBridge puts the bridge's script first into the head of a page, so that it runs before any script of the app,
// as Atlassian's own bridge does. A page without a head element gets the script where its head begins.
func injectBridge(page []byte, productOrigin string) []byte {
	script := `<script src="` + bridgePath + `" data-host="` + html.EscapeString(productOrigin) + `"></script>`
	return slices.Insert(slices.Clone(page), headStart(page), []byte(script)...)
}

// headStart is the offset behind the head's start tag; without one behind that of html, behind the doctype, or the
// document's start. A head element that follows other elements is none: the browser has begun a head by then.
func headStart(page []byte) int {
	at := doctypeEnd(page)
	for tag := range startTags(page) {
		switch tag.name {
		case "head":
			return tag.end
		case "html":
			at = max(at, tag.end)
		default:
			return at
		}
	}
	return at
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func doctypeEnd(page []byte) int {
	start := 0
	if bytes.HasPrefix(page, byteOrderMark) {
		start = len(byteOrderMark)
	}
	for at := start; at < len(page); {
		rest := page[at:]
		const doctype = "<!doctype"
		switch {
		case bytes.IndexByte([]byte(space), rest[0]) >= 0:
			at++
		case len(rest) >= len(doctype) && bytes.EqualFold(rest[:len(doctype)], []byte(doctype)):
			return behind(page, at, ">")
		case bytes.HasPrefix(rest, []byte("<!")), bytes.HasPrefix(rest, []byte("<?")):
			at = skipOther(page, at)
		default:
			return start
		}
	}
	return start
}
