package conformance

import (
	"strings"

	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

const (
	notText  = "The host carries text only. The official client replaces each byte that is no UTF-8 by U+FFFD; we refuse to send a corrupted body"
	lostMark = "The mark is part of the body and arrives. The official client loses it when it reads the body as text"
	sorted   = "url.Values has no order; bridge.Form sorts by name, as url.Values.Encode does"
)

const keepsMark = "It keeps the mark when it reads a body as text, which is not the standard's"

// refusesStream returns the case in which our client refuses a stream. It sends streams only in direct requests.
func refusesStream(c spec.Case) spec.Case {
	return refuses(c, invalidRequest, "A stream needs WithDirect in every engine, so that a program does not depend on the browser")
}

var bodyCases = []spec.Case{
	post("bodies: text", "text", "hello"),
	post("bodies: empty text", "text", ""),
	post("bodies: Unicode", "text", "Grüße, 日本語, 🎉 and \u2028"),
	post("bodies: control characters", "text", "\x00\x01\t\r\n\x1f\x7f\u0085"),
	post("bodies: quotes, backslashes and what JSON escapes", "text", `"\" \u0041 </script> &amp;`),
	post("bodies: U+FFFD", "text", "a\uFFFDb"),
	post("bodies: a byte order mark inside", "text", "a\uFEFFb"),
	elsewhere(sends(post("bodies: a byte order mark at the start", "text", "\uFEFFabc"), lostMark), keepsMark, equal, browser.WebKit),
	with(post("bodies: 1 MB of ASCII", "text", "0123456789abcdef"), func(c *spec.Case) { c.Request.Body.Repeat = 1 << 16 }),
	with(post("bodies: 1 MB of Unicode", "text", "é日🎉\n"), func(c *spec.Case) { c.Request.Body.Repeat = 1 << 17 }),
	with(post("bodies: with PUT", "text", "a"), func(c *spec.Case) { c.Request.Method = "PUT" }),
	with(post("bodies: with PATCH", "text", "a"), func(c *spec.Case) { c.Request.Method = "PATCH" }),
	with(post("bodies: with DELETE", "text", "a"), func(c *spec.Case) { c.Request.Method = "DELETE" }),
	with(post("bodies: with OPTIONS", "text", "a"), func(c *spec.Case) { c.Request.Method = "OPTIONS" }),
	with(post("bodies: with post in small letters", "text", "a"), func(c *spec.Case) { c.Request.Method = "post" }),
	with(post("bodies: with a method of one's own", "text", "a"), func(c *spec.Case) { c.Request.Method = "QUERY" }),
	fails(with(post("bodies: with GET", "text", "a"), func(c *spec.Case) { c.Request.Method = "GET" }), invalidRequest),
	fails(with(post("bodies: with get in small letters", "text", "a"), func(c *spec.Case) { c.Request.Method = "get" }), invalidRequest),
	fails(with(post("bodies: with no method", "text", "a"), func(c *spec.Case) { c.Request.Method = "" }), invalidRequest),
	fails(with(post("bodies: with HEAD", "text", "a"), func(c *spec.Case) { c.Request.Method = "HEAD" }), invalidRequest),
	fails(with(post("bodies: an empty one with GET", "text", ""), func(c *spec.Case) { c.Request.Method = "GET" }), invalidRequest),
	with(post("bodies: text with a content-type of the caller's", "text", "a,b"), func(c *spec.Case) { c.Request.Headers = [][2]string{{"content-type", "text/csv"}} }),
	with(post("bodies: text with an empty content-type", "text", "a"), func(c *spec.Case) { c.Request.Headers = [][2]string{{"Content-Type", ""}} }),
	with(post("bodies: a content-type among other headers", "text", "a"), func(c *spec.Case) { c.Request.Headers = [][2]string{{"X-A", "1"}, {"Accept", "*/*"}} }),
	js(post("bodies: a lone surrogate, which a Go string cannot hold", "text", "a\uFFFDb"), `{ path: "/tasks", method: "POST", body: "a\ud800b" }`),
	js(post("bodies: null", "text", ""), `{ path: "/tasks", method: "POST", body: null, headers: { "content-type": "text/plain;charset=UTF-8" } }`),
	js(post("bodies: a number", "text", "5"), `{ path: "/tasks", method: "POST", body: 5 }`),

	post("bodies: bytes that are text", "bytes", "68c3a9"),
	post("bodies: no bytes", "bytes", ""),
	post("bodies: a NUL byte", "bytes", "00"),
	with(post("bodies: bytes with a content-type", "bytes", "504b"), func(c *spec.Case) { c.Request.Headers = [][2]string{{"Content-Type", "application/zip"}} }),
	js(with(post("bodies: a Blob with a type", "bytes", "3c7376672f3e"), func(c *spec.Case) { c.Request.Headers = [][2]string{{"Content-Type", "image/svg+xml"}} }),
		`{ path: "/tasks", method: "POST", body: new Blob(["<svg/>"], { type: "image/svg+xml" }) }`),
	js(post("bodies: an ArrayBuffer", "bytes", "6162"), `{ path: "/tasks", method: "POST", body: new TextEncoder().encode("ab").buffer }`),
	sends(post("bodies: bytes that begin with a byte order mark", "bytes", "efbbbf61"), lostMark),
	refuses(post("bodies: one byte that is no text", "bytes", "ff"), invalidRequest, notText),
	refuses(post("bodies: a PNG's first bytes", "bytes", "89504e470d0a1a0a"), invalidRequest, notText),
	refuses(post("bodies: a character cut in two", "bytes", "61e282"), invalidRequest, notText),
	refuses(post("bodies: a surrogate in three bytes", "bytes", "eda080"), invalidRequest, notText),
	elsewhere(
		elsewhere(fails(post("bodies: a stream", "stream", "abc"), invalidRequest), "It has no streams as bodies and makes a text of the object",
			refusesStream, browser.Firefox),
		"It reads the stream", refusesStream, browser.WebKit),

	post("bodies: JSON", "json", `{"n":1,"name":"My cool Forge task","none":null,"tags":["a","b"],"yes":true}`),
	post("bodies: JSON text", "json", `"text"`),
	post("bodies: JSON null", "json", `null`),
	post("bodies: JSON numbers", "json", `[0,1.5,-2,1e21,1e-7,123456789012]`),
	post("bodies: JSON of Unicode", "json", `{"é":"日本語 🎉"}`),
	post("bodies: JSON of quotes and control characters", "json", `["\"","\\","/","\n","\t","\r","\u0001","\u007f"]`),
	post("bodies: JSON of a backspace and a form feed", "json", `["\b","\f"]`),
	post("bodies: JSON of what HTML escapes", "json", `{"html":"<b>&amp;</b>"}`),
	sends(post("bodies: JSON of line separators", "json", `["\u2028","\u2029"]`), "The same JSON value: encoding/json always escapes the two"),
	with(post("bodies: JSON with a content-type of the caller's", "json", `{"n":1}`), func(c *spec.Case) {
		c.Request.Headers = [][2]string{{"content-TYPE", "application/vnd.api+json"}}
	}),

	form("bodies: URLSearchParams", "form", field("a", "1"), field("b", "2")),
	form("bodies: URLSearchParams, empty", "form"),
	form("bodies: URLSearchParams, a repeated name", "form", field("a", "2"), field("a", "1")),
	form("bodies: URLSearchParams, spaces and signs", "form", field("a b", "c d&e=f+g%h/?:@;,$#")),
	form("bodies: URLSearchParams, Unicode", "form", field("ä", "日本 🎉")),
	form("bodies: URLSearchParams, line breaks", "form", field("a", "b\r\nc\nd")),
	form("bodies: URLSearchParams, signs that need no escape", "form", field("a", "-._")),
	form("bodies: URLSearchParams, star and tilde", "form", field("a", "*~")),
	form("bodies: URLSearchParams, quotes and parentheses", "form", field("a", `'"()!`+"`<>[]{}|\\^")),
	form("bodies: URLSearchParams, empty name and value", "form", field("", ""), field("a", "")),
	sends(form("bodies: URLSearchParams, another order than the names'", "form", field("b", "1"), field("a", "2")), sorted),
}

const (
	lostFile    = "The official client sends {} for a file whose field's name does not start with \"file\": its content would be lost"
	lostField   = "Of a repeated name the official client keeps the last only: the others would be lost"
	png         = "89504e470d0a1a0a"
	textContent = "68c3a9"
)

var formCases = []spec.Case{
	form("FormData: empty", "data"),
	form("FormData: text", "data", field("title", "Hello"), field("note", "")),
	form("FormData: Unicode", "data", field("tïtle", "日本語 🎉")),
	form("FormData: an empty name", "data", field("", "a")),
	form("FormData: U+FFFD and a byte order mark", "data", field("a", "\uFEFF\uFFFD"), field("\uFEFF", "b")),
	js(form("FormData: a lone surrogate, which a Go string cannot hold", "data", field("a", "\uFFFD")),
		`{ path: "/tasks", method: "POST", body: (() => { const f = new FormData(); f.append("a", "\ud800"); return f })() }`),
	js(form("FormData: a Blob, which has no name", "data", file("file", "blob", "image/png", png)),
		`{ path: "/tasks", method: "POST", body: (() => { const f = new FormData(); f.append("file", new Blob([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], { type: "image/png" })); return f })() }`),
	form("FormData: a file with a long name", "data", file("file", strings.Repeat("ü", 500)+".png", "image/png", png)),
	form("FormData: a file with control characters in its name", "data", file("file", "a\nb\tc\"d", "image/png", png)),
	form("FormData: the name fileÜ", "data", file("fileÜ", "a.png", "image/png", png)),
	form("FormData: quotes, backslashes, line breaks and HTML", "data", field(`a"b\c`, "d\ne\t\"f\" </script>\u2028")),
	form("FormData: a carriage return", "data", field("a", "b\r\nc")),
	form("FormData: other control characters", "data", field("a", "\x00\x01\b\f\x1f\x7f")),
	form("FormData: a file", "data", file("file", "a.png", "image/png", png)),
	form("FormData: a file of text", "data", file("file", "a.txt", "text/plain", textContent)),
	form("FormData: an empty file", "data", file("file", "empty.txt", "text/plain", "")),
	form("FormData: a file without a type", "data", file("file", "a", "", "0001ff")),
	form("FormData: a file without a name", "data", file("file", "", "image/png", png)),
	form("FormData: a file with a Unicode name", "data", file("file", "Grüße 🎉 \"x\".png", "image/png", png)),
	form("FormData: a file with a type in capitals", "data", file("file", "a.png", "IMAGE/PNG", png)),
	form("FormData: a file with a type with parameters", "data", file("file", "a.txt", "text/plain;charset=utf-8", textContent)),
	form("FormData: a file with a type that is not ASCII", "data", file("file", "a.txt", "text/plaïn", textContent)),
	form("FormData: a field whose name starts with file", "data", file("file-1", "a.png", "image/png", png)),
	form("FormData: files and text", "data", field("title", "A"), file("file", "a.png", "image/png", png), file("file2", "b.bin", "", "00"), field("end", "z")),
	form("FormData: a file of 100 KB", "data", file("file", "big.bin", "", strings.Repeat("00ff", 50_000))),
	with(form("FormData: with PUT", "data", field("a", "b")), func(c *spec.Case) { c.Request.Method = "PUT" }),
	with(form("FormData: with headers", "data", field("a", "b")), func(c *spec.Case) { c.Request.Headers = [][2]string{{"X-A", "1"}} }),
	with(form("FormData: with a content-type of the caller's", "data", field("a", "b")), func(c *spec.Case) {
		c.Request.Headers = [][2]string{{"Content-Type", "multipart/form-data"}}
	}),
	fails(with(form("FormData: with GET", "data", field("a", "b")), func(c *spec.Case) { c.Request.Method = "GET" }), invalidRequest),
	fails(form("FormData: text under a name that starts with file", "data", field("filename", "a.png")), invalidRequest),
	form("FormData: File in capitals is no file's name", "data", field("File", "text")),
	sends(form("FormData: names that are numbers", "data", field("b", "1"), field("10", "2"), field("2", "3")), "The same JSON value: a JavaScript object puts names that are numbers first"),
	sends(form("FormData: the name __proto__", "data", field("__proto__", "a"), field("b", "c")), "The official client loses the field: it sets the prototype of an object"),
	refuses(form("FormData: a repeated name", "data", field("tag", "a"), field("tag", "b")), invalidRequest, lostField),
	refuses(form("FormData: two files under one name", "data", file("file", "a", "", "00"), file("file", "b", "", "01")), invalidRequest, lostField),
	refuses(form("FormData: a file under another name", "data", file("image", "a.png", "image/png", png)), invalidRequest, lostFile),
	refuses(form("FormData: a file's name in a field before it", "data", field("__fileName", "x"), file("file", "a", "", "00")), invalidRequest, lostField),
	refuses(form("FormData: a file's name in a field after it", "data", file("file", "a", "", "00"), field("__fileName", "x")), invalidRequest, lostField),
}
