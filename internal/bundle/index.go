package bundle

import (
	"bytes"
	"html"
	"strings"

	"github.com/forgego/forgego/internal/textfile"
)

// indexPage returns the page for an app that does not have one. Its addresses are relative, as Forge requires for a
// resource (https://developer.atlassian.com/platform/forge/custom-ui/), and it has no inline script or style, which
// the policy would refuse. A browser uses a preload only for a request of the same kind: without crossorigin it has the mode
// "no-cors" with the credentials "include", as the shim's fetch. WebKit never uses one with crossorigin for a fetch. Both files
// get a high priority, because nothing is visible without them.
func indexPage(title string, gzipped bool) []byte {
	program, attribute := Program, ""
	if gzipped {
		program, attribute = Gzipped, " data-gzip"
	}
	return []byte(strings.NewReplacer("{title}", html.EscapeString(title), "{program}", program, "{gzip}", attribute).Replace(page))
}

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>
    <link rel="preload" href="{program}" as="fetch" fetchpriority="high">
    <script src="forgego.js" data-program="app.wasm"{gzip} defer fetchpriority="high"></script>
  </head>
  <body>
    <div id="app"></div>
  </body>
</html>
`

// isOwnIndex reports whether a page is one that Build wrote, with or without compression, and that was not changed since.
// Windows line endings and a byte order mark, which a checkout or an editor may add, do not count as a change, and neither does
// the attribute crossorigin, which the page had before.
func isOwnIndex(data []byte, title string) bool {
	text, err := textfile.Decode(data)
	if err != nil {
		return false
	}
	text = bytes.Replace(textfile.LF(text), []byte(` as="fetch" crossorigin `), []byte(` as="fetch" `), 1)
	return bytes.Equal(text, indexPage(title, false)) || bytes.Equal(text, indexPage(title, true))
}
