package devhost

import (
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
