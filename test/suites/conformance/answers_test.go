package conformance

import (
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

func status(name, host string) spec.Case { return answered("statuses: "+name, host) }

var statusCases = []spec.Case{
	status("200 with text", `{ status: 200, statusText: "OK", headers: { "content-type": "text/plain" }, body: "héllo 🎉" }`),
	status("200 with JSON", `{ status: 200, statusText: "OK", headers: { "content-type": "application/json" }, body: '{"n":1}' }`),
	status("201", `{ status: 201, statusText: "Created", headers: { location: "/tasks/1" } }`),
	status("202", `{ status: 202, statusText: "Accepted", headers: {}, body: "" }`),
	status("204", `{ status: 204, statusText: "No Content", headers: {} }`),
	status("204 with an empty body", `{ status: 204, statusText: "No Content", headers: {}, body: "" }`),
	status("204 with null", `{ status: 204, statusText: "No Content", headers: {}, body: null }`),
	fails(status("204 with a body", `{ status: 204, statusText: "No Content", headers: {}, body: "a" }`), invalidResponse),
	status("205", `{ status: 205, headers: {}, statusText: "", body: "" }`),
	fails(status("205 with a body", `{ status: 205, statusText: "", headers: {}, body: "a" }`), invalidResponse),
	status("206", `{ status: 206, statusText: "Partial Content", headers: { "content-range": "bytes 0-1/5", "content-type": "text/plain" }, body: "ab" }`),
	status("299", `{ status: 299, statusText: "", headers: {}, body: "" }`),
	status("300", `{ status: 300, statusText: "Multiple Choices", headers: {}, body: "" }`),
	status("302", `{ status: 302, statusText: "Found", headers: { location: "https://example.com/" }, body: "" }`),
	status("304", `{ status: 304, statusText: "Not Modified", headers: { etag: '"a"' } }`),
	fails(status("304 with a body", `{ status: 304, statusText: "Not Modified", headers: {}, body: "a" }`), invalidResponse),
	status("400", `{ status: 400, statusText: "Bad Request", headers: { "content-type": "application/json" }, body: '{"error":"A task needs a name."}' }`),
	status("401", `{ status: 401, statusText: "Unauthorized", headers: {}, body: "" }`),
	status("404", `{ status: 404, statusText: "Not Found", headers: { "content-type": "text/html" }, body: "<h1>no</h1>" }`),
	status("429", `{ status: 429, statusText: "Too Many Requests", headers: { "retry-after": "5" }, body: "" }`),
	status("500", `{ status: 500, statusText: "Internal Server Error", headers: {}, body: "" }`),
	status("503", `{ status: 503, statusText: "", headers: {}, body: "" }`),
	status("599", `{ status: 599, statusText: "", headers: {}, body: "" }`),
	fails(status("0", `{ status: 0, statusText: "", headers: {}, body: "" }`), invalidResponse),
	fails(status("101", `{ status: 101, statusText: "", headers: {}, body: "" }`), invalidResponse),
	fails(status("199", `{ status: 199, statusText: "", headers: {}, body: "" }`), invalidResponse),
	fails(status("600", `{ status: 600, statusText: "", headers: {}, body: "" }`), invalidResponse),
	fails(status("null", `{ status: null, statusText: "", headers: {}, body: "" }`), invalidResponse),
	fails(status("not a number", `{ status: "ok", statusText: "", headers: {}, body: "" }`), invalidResponse),
	refuses(status("none", `{ headers: {}, body: "" }`), invalidResponse, noStatus),
	refuses(status("text", `{ status: "201", statusText: "", headers: {}, body: "" }`), invalidResponse, noStatus),
	refuses(status("a fraction", `{ status: 200.5, statusText: "", headers: {}, body: "" }`), invalidResponse, noStatus),
	refuses(status("65736, which is 200 in 16 bits", `{ status: 65736, statusText: "", headers: {}, body: "" }`), invalidResponse, noStatus),
	status("a status text in Latin-1", `{ status: 200, statusText: "Très bien", headers: {}, body: "" }`),
	differs(status("a status text that is null", `{ status: 200, statusText: null, headers: {}, body: "" }`), `200`, notPhrase),
	differs(status("a status text that is a number", `{ status: 200, statusText: 5, headers: {}, body: "" }`), `200`, notPhrase),
	status("no status text", `{ status: 200, headers: {}, body: "" }`),
	fails(status("a status text outside Latin-1", `{ status: 200, statusText: "好", headers: {}, body: "" }`), invalidResponse),
	fails(status("a status text with a line break", `{ status: 200, statusText: "a\nb", headers: {}, body: "" }`), invalidResponse),
}

const (
	noStatus  = "No answer of a remote has such a status. The official client makes a Response of it all the same, with 200 where there is none"
	notAnswer = "The host did not answer the call. The official client makes an empty 200 of it"
	notPhrase = "A status text is text. The official client makes a text of whatever it is"
	notBytes  = "A body that crosses the bridge is text, or base64 with isAttachment. The official client takes bytes too, which no host is known to send"
	notBody   = "A body that crosses the bridge is text. The official client makes a text of whatever it is"
)

func answer(name, host string) spec.Case { return answered("answers: "+name, host) }

// typed is an answer with a content-type. Without one, the official client's Response sets a type for text.
func typed(name, rest string) spec.Case {
	return answer(name, `{ status: 200, statusText: "OK", headers: { "content-type": "text/plain" }, `+rest+` }`)
}

func fielded(name, headers string) spec.Case {
	return answer(name, `{ status: 200, statusText: "OK", headers: `+headers+`, body: "" }`)
}

var answerCases = []spec.Case{
	typed("an empty body", `body: ""`),
	typed("no body", `a: 1`),
	typed("null for a body", `body: null`),
	typed("undefined for a body", `body: undefined`),
	typed("false for a body", `body: false`),
	typed("0 for a body", `body: 0`),
	refuses(typed("true for a body", `body: true`), invalidResponse, notBody),
	refuses(typed("a number for a body", `body: 5`), invalidResponse, notBody),
	refuses(typed("an object for a body", `body: { a: 1 }`), invalidResponse, notBody),
	refuses(typed("an array for a body", `body: ["a", "b"]`), invalidResponse, notBody),
	refuses(typed("a Uint8Array for a body", `body: new Uint8Array([97, 255])`), invalidResponse, notBytes),
	refuses(typed("an ArrayBuffer for a body", `body: new Uint8Array([97, 255]).buffer`), invalidResponse, notBytes),
	refuses(typed("a Blob for a body", `body: new Blob(["a"])`), invalidResponse, notBytes),
	typed("a body of 1 MB", `body: "é日🎉\n".repeat(1 << 17)`),
	typed("a body with control characters", `body: "\0\x01\r\n\x7f\u2028"`),
	typed("a lone surrogate in a body", `body: "a\ud800b"`),
	typed("a byte order mark inside a body", `body: "a\uFEFFb"`),
	elsewhere(typed("a byte order mark at a body's start", `body: "\uFEFFabc"`), keepsMark, func(c spec.Case) spec.Case {
		return differs(c, `200 OK, content-type: text/plain, bytes efbbbf616263, "abc"`, "Text removes the mark in every engine, as the standard says")
	}, browser.WebKit),
	answer("text without a content-type", `{ status: 200, statusText: "OK", headers: {}, body: "abc" }`),
	answer("text without headers", `{ status: 200, statusText: "OK", body: "abc" }`),
	typed("members that nobody reads", `body: "a", url: "https://example.com/", redirected: true, ok: false, metadata: { a: [1] }`),
	typed("a function among the members", `body: "a", done() {}`),
	typed("a cycle among the members", `body: "a", self: (() => { const a = {}; a.a = a; return a })()`),
	typed("a BigInt among the members", `body: "a", big: 1n`),
	typed("null for isAttachment", `body: "YWJj", isAttachment: null`),
	typed("an empty text for isAttachment", `body: "YWJj", isAttachment: ""`),

	fielded("header names in capitals", `{ "X-B": "1", "CONTENT-TYPE": "a/b", "x-a": "2" }`),
	fielded("a header in two ways of writing", `{ "X-A": "1", "x-a": "2" }`),
	fielded("an empty header value", `{ "x-a": "" }`),
	fielded("white space around a header value", `{ "x-a": " \t a b \t" }`),
	fielded("a header value in Latin-1", `{ "x-a": "é" }`),
	fielded("dates and commas in a header value", `{ expires: "Wed, 21 Oct 2026 07:28:00 GMT", vary: "a, b" }`),
	fielded("set-cookie", `{ "set-cookie": "a=b", "x-a": "1" }`),
	fielded("set-cookie2", `{ "set-cookie2": "a=b", "x-a": "1" }`),
	fielded("no headers", `undefined`),
	fails(fielded("null for headers", `null`), invalidResponse),
	fails(fielded("a text for headers", `"x-a: 1"`), invalidResponse),
	fails(fielded("a number for headers", `5`), invalidResponse),
	fails(fielded("a header name with a space", `{ "x a": "1" }`), invalidResponse),
	fails(fielded("an empty header name", `{ "": "1" }`), invalidResponse),
	fails(fielded("a header value outside Latin-1", `{ "x-a": "日本" }`), invalidResponse),
	fails(fielded("a header value with a line break", `{ "x-a": "a\r\nx-b: c" }`), invalidResponse),
	differs(fielded("an array for a header value", `{ "x-a": ["1", "2"] }`), `200 OK, x-a: 1, 2`, arrays),
	fielded("an array of one for a header value", `{ "x-a": ["1"] }`),
	fielded("an empty array for a header value", `{ "x-a": [], "x-b": "1" }`),
	refuses(fielded("a number for a header value", `{ "x-a": 5 }`), invalidResponse, notValue),
	refuses(fielded("null for a header value", `{ "x-a": null }`), invalidResponse, notValue),
	refuses(fielded("an object for a header value", `{ "x-a": { b: 1 } }`), invalidResponse, notValue),
	refuses(fielded("a number in an array for a header value", `{ "x-a": ["1", 2] }`), invalidResponse, notValue),
	differs(fielded("undefined for a header value", `{ "x-a": undefined, "x-b": "1" }`), `200 OK, x-b: 1`, "There is no such header. The official client makes the text \"undefined\" of it"),
	fielded("pairs for headers", `[["x-b", "1"], ["x-a", "2"]]`),

	fails(answer("undefined", `undefined`), invalidResponse),
	fails(answer("null", `null`), invalidResponse),
	refuses(answer("an empty object", `({})`), invalidResponse, noStatus),
	refuses(answer("an array", `[]`), invalidResponse, notAnswer),
	refuses(answer("a number", `5`), invalidResponse, notAnswer),
	refuses(answer("a text", `"ok"`), invalidResponse, notAnswer),
	refuses(answer("true", `true`), invalidResponse, notAnswer),
	refuses(answer("a function", `() => {}`), invalidResponse, notAnswer),
}

const (
	arrays   = "Header.Values returns each value. The official client makes a text of the array, without the space"
	notValue = "A header's value is text. The official client makes a text of whatever it is"
)

// attachment is an answer in base64.
func attachment(name, body string) spec.Case {
	return answered("attachments: "+name, `{ status: 200, statusText: "OK", headers: { "content-type": "image/png" }, isAttachment: true, body: `+body+` }`)
}

var attachmentCases = []spec.Case{
	attachment("base64", `"iVBORw0KGgo="`),
	attachment("with a data URL's head", `"data:image/png;base64,iVBORw0KGgo="`),
	attachment("with a head without a type", `"data:;base64,iVBORw0KGgo="`),
	attachment("with a head of another type", `"data:text/plain;base64,YWJj"`),
	attachment("with a head with parameters", `"data:text/plain;charset=utf-8;base64,YWJj"`),
	fails(attachment("with a head that is not base64", `"data:text/plain,abc"`), invalidResponse),
	fails(attachment("with a head in capitals", `"DATA:TEXT/PLAIN;BASE64,YWJj"`), invalidResponse),
	differs(attachment("with a comma in the head", `'data:text/plain;name="a,b";base64,YWJj'`), `200 OK, content-type: image/png, "abc"`, "The official client takes what stands between the first two commas for the content"),
	attachment("of text", `btoa("abc")`),
	attachment("of bytes that are no text", `btoa("\xff\xfe\0a\xe2\x82")`),
	attachment("without padding", `"YQ"`),
	fails(attachment("with one = where two belong", `"YQ="`), invalidResponse),
	fails(attachment("with too many =", `"YWJj="`), invalidResponse),
	attachment("with line breaks", `"YW\r\nJj\n"`),
	attachment("with spaces and tabs", `" YW\tJj "`),
	attachment("with bits left over", `"YR=="`),
	attachment("empty", `""`),
	attachment("null", `null`),
	attachment("none", `undefined`),
	attachment("a head and nothing else", `"data:image/png;base64,"`),
	attachment("of 1 MB", `btoa("\xff\0ab".repeat(1 << 18))`),
	fails(attachment("of other characters", `"a*b!"`), invalidResponse),
	fails(attachment("in the alphabet for URLs", `"_-8="`), invalidResponse),
	fails(attachment("one character", `"Y"`), invalidResponse),
	fails(attachment("that is a number", `5`), invalidResponse),
	answered("attachments: 204", `{ status: 204, statusText: "No Content", headers: { "content-type": "image/png" }, isAttachment: true, body: "" }`),
	fails(answered("attachments: 204 with a head and nothing else", `{ status: 204, statusText: "No Content", headers: { "content-type": "image/png" }, isAttachment: true, body: "data:;base64," }`), invalidResponse),
	answered("attachments: 404", `{ status: 404, statusText: "Not Found", headers: { "content-type": "image/png" }, isAttachment: true, body: "iVBORw0KGgo=" }`),
	answered("attachments: without a content-type", `{ status: 200, statusText: "OK", headers: {}, isAttachment: true, body: "YWJj" }`),
	answered("attachments: with a content-type in capitals", `{ status: 200, statusText: "OK", headers: { "Content-Type": "image/png" }, isAttachment: true, body: "YWJj" }`),
	differs(answered("attachments: without headers", `{ status: 200, statusText: "OK", isAttachment: true, body: "YWJj" }`), `200 OK, "abc"`, "The content is there. The official client looks for its type in headers that are not, and fails"),
	answered("attachments: isAttachment is 1", `{ status: 200, statusText: "OK", headers: { "content-type": "image/png" }, isAttachment: 1, body: "YWJj" }`),
	answered("attachments: isAttachment is a text", `{ status: 200, statusText: "OK", headers: { "content-type": "image/png" }, isAttachment: "false", body: "YWJj" }`),
	answered("attachments: isAttachment is false", `{ status: 200, statusText: "OK", headers: { "content-type": "image/png" }, isAttachment: false, body: "YWJj" }`),
}

func refusal(name, host, kinds string) spec.Case {
	return fails(answered("refusals: "+name, host), kinds)
}

var refusalCases = []spec.Case{
	refusal("an Error", `Promise.reject(new Error("no"))`, rejected),
	refusal("a failed fetch", `Promise.reject(new TypeError("Failed to fetch"))`, "rejected, network"),
	refusal("another TypeError", `Promise.reject(new TypeError("x is not a function"))`, rejected),
	refusal("an Error with a code", `Promise.reject(Object.assign(new Error("no"), { code: "BAD" }))`, rejected),
	refusal("an unknown remote", `Promise.reject(Object.assign(new Error("no"), { code: "UNKNOWN_REMOTE" }))`, "rejected, unknown remote"),
	refusal("an object", `Promise.reject({ message: "no" })`, rejected),
	refusal("a text", `Promise.reject("no")`, rejected),
	refusal("undefined", `Promise.reject()`, rejected),
	refusal("null", `Promise.reject(null)`, rejected),
	refusal("an error that cannot be read", `Promise.reject({ get message() { throw 1 }, toString() { throw 2 } })`, rejected),
	refusal("a throw at once", `(() => { throw new Error("no") })()`, rejected),
}
