package policy

import (
	"html"
	"slices"
)

// InjectBridge inserts the bridge's script, which is served at scriptPath, as the first element of a page's head. So it
// runs before any script of the app, as Atlassian's own bridge does. If the page has no head element, the script is
// inserted where the browser begins the head.
func InjectBridge(page []byte, scriptPath, productOrigin string) []byte {
	script := `<script src="` + html.EscapeString(scriptPath) + `" data-host="` + html.EscapeString(productOrigin) + `"></script>`
	return slices.Insert(slices.Clone(page), headStart(page), []byte(script)...)
}
