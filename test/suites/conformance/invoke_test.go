package conformance

import (
	"strings"

	"github.com/forgego/forgego/test/suites/conformance/spec"
)

const (
	fiveMethods  = "The platform documents GET, POST, PUT, PATCH and DELETE only; another method fails there, and here before it is sent"
	objectsOnly  = "The platform documents that the body must be a JSON object; another one fails there, and here before it is sent"
	noBodyAtAll  = "A GET request has no body: the platform's own fetch would refuse it"
	neverSent    = "HTTP has no such header; here it fails before it is sent"
	badStatus    = "No answer of a remote has such a status. The official client passes it on"
	badFields    = "A header is a name with text, or a list of texts. The official client passes on whatever it is"
	limiterWorks = "The official client makes a new limiter for each call, so it never limits; ours lets 500 calls in 25 s through, as documented"
)

func invoke(name, method, path string) spec.Case {
	return spec.Case{Name: name, Request: spec.Request{Method: method, Path: path}}
}

func invokeHeaders(name string, pairs ...string) spec.Case {
	c := headers(name, pairs...)
	c.Request.Method = "GET"
	return c
}

var invokeRequestCases = []spec.Case{
	invoke("requests: GET", "GET", "/tasks"),
	invoke("requests: POST", "POST", "/tasks"),
	invoke("requests: PUT", "PUT", "/tasks"),
	invoke("requests: PATCH", "PATCH", "/tasks"),
	invoke("requests: DELETE", "DELETE", "/tasks"),
	refuses(invoke("requests: HEAD", "HEAD", "/tasks"), invalidRequest, fiveMethods),
	refuses(invoke("requests: OPTIONS", "OPTIONS", "/tasks"), invalidRequest, fiveMethods),
	refuses(invoke("requests: post in small letters", "post", "/tasks"), invalidRequest, fiveMethods),
	refuses(invoke("requests: a method of one's own", "PURGE", "/tasks"), invalidRequest, fiveMethods),
	refuses(invoke("requests: a method with a space", "GE T", "/tasks"), invalidRequest, fiveMethods),
	sends(invoke("requests: no method", "", "/tasks"), "The official client's types demand a method; a Go request without one is a GET, as in net/http"),
	invoke("requests: a query", "GET", "/tasks?team=Forge&x=%26"),
	invoke("requests: Unicode and a fragment", "GET", "/aufgäben/日本語/🎉#a"),
	invoke("requests: percent signs and spaces", "GET", "/100%/a b/%zz"),
	invoke("requests: quotes and control characters", "GET", "/a\"b\\c\t\x01"),
	refuses(invoke("requests: no leading slash", "GET", "tasks"), invalidRequest, noSlash),
	refuses(invoke("requests: no path", "GET", ""), invalidRequest, noSlash),
	refuses(js(invoke("requests: no input at all", "", ""), `undefined`), invalidRequest, noSlash),
	fails(js(invoke("requests: a function among the input", "", ""), `{ path() {} }`), invalidRequest),
	invokeHeaders("requests: headers as written", "X-B", "1", "x-a", "2", "ACCEPT", "text/plain"),
	invokeHeaders("requests: header values as written", "X-A", "  a\t", "X-B", ""),
	invokeHeaders("requests: headers that a browser keeps for itself", "Cookie", "a=b", "Host", "x", "Origin", "x", "Content-Length", "1", "Sec-Fetch-Mode", "x"),
	invokeHeaders("requests: authorization", "Authorization", "Bearer mine"),
	invokeHeaders("requests: Latin-1 in a header", "X-A", "é"),
	js(with(invokeHeaders("requests: a repeated header", "X-A", "1"), func(c *spec.Case) { c.Request.Headers = append(c.Request.Headers, [2]string{"X-A", "2"}) }),
		`{ path: "/tasks", method: "GET", headers: { "X-A": "1, 2" } }`),
	sends(js(invoke("requests: an empty object of headers", "GET", "/tasks"), `{ path: "/tasks", method: "GET", headers: {} }`), "An empty Header is no header"),
	js(invoke("requests: undefined headers and body", "GET", "/tasks"), `{ path: "/tasks", method: "GET", headers: undefined, body: undefined }`),
	refuses(invokeHeaders("requests: a header outside Latin-1", "X-A", "日本"), invalidRequest, neverSent),
	refuses(invokeHeaders("requests: a line break in a header", "X-A", "a\r\nX-B: c"), invalidRequest, neverSent),
	refuses(invokeHeaders("requests: a header's name with a space", "X A", "1"), invalidRequest, neverSent),
	with(refuses(invoke("requests: the 501st in 25 seconds", "GET", "/tasks"), "rate limited", limiterWorks), func(c *spec.Case) { c.Times = 501 }),
}

var invokeBodyCases = []spec.Case{
	post("bodies: an object", "json", `{"n":1,"name":"My cool Forge task","tags":["a",{"b":null}],"yes":true}`),
	post("bodies: an empty object", "json", `{}`),
	post("bodies: Unicode", "json", `{"é":"日本語 🎉 \u2028"}`),
	post("bodies: what JSON and HTML escape", "json", `{"a\"\\":"\r\n\t\b\f\u0001\u007f </script> &"}`),
	post("bodies: numbers", "json", `{"a":[0,1.5,-2,1e21,1e-7,123456789012345]}`),
	post("bodies: names that JavaScript objects have", "json", `{"constructor":1,"toString":2,"length":3,"10":4,"2":5}`),
	post("bodies: nested 30 deep", "json", strings.Repeat(`{"a":`, 30)+"1"+strings.Repeat("}", 30)), // TinyGo allows 32
	post("bodies: 400 KB", "json", `{"a":"`+strings.Repeat("0123456789", 40_000)+`"}`),
	with(post("bodies: with PUT", "json", `{"a":1}`), func(c *spec.Case) { c.Request.Method = "PUT" }),
	with(post("bodies: with PATCH", "json", `{"a":1}`), func(c *spec.Case) { c.Request.Method = "PATCH" }),
	with(post("bodies: with DELETE", "json", `{"a":1}`), func(c *spec.Case) { c.Request.Method = "DELETE" }),
	with(post("bodies: with headers", "json", `{"a":1}`), func(c *spec.Case) { c.Request.Headers = [][2]string{{"Content-Type", "application/json"}} }),
	js(post("bodies: an undefined member", "json", `{"a":1}`), `{ path: "/tasks", method: "POST", body: { a: 1, b: undefined } }`),
	refuses(with(post("bodies: with GET", "json", `{"a":1}`), func(c *spec.Case) { c.Request.Method = "GET" }), invalidRequest, noBodyAtAll),
	refuses(post("bodies: an array", "json", `[1,2]`), invalidRequest, objectsOnly),
	refuses(post("bodies: null", "json", `null`), invalidRequest, objectsOnly),
	refuses(post("bodies: a number", "json", `5`), invalidRequest, objectsOnly),
	refuses(post("bodies: text", "text", `hello`), invalidRequest, objectsOnly),
	refuses(post("bodies: bytes", "bytes", `ff`), invalidRequest, objectsOnly),
	refuses(form("bodies: FormData", "data", field("a", "b")), invalidRequest, objectsOnly),
	refuses(form("bodies: URLSearchParams", "form", field("a", "b")), invalidRequest, objectsOnly),
	js(post("bodies: text that is an object's JSON", "text", `{"a":1}`), `{ path: "/tasks", method: "POST", body: { a: 1 } }`),
}

// reached is an answer of the remote.
func reached(name, payload string) spec.Case {
	c := invoke("answers: "+name, "GET", "/tasks")
	c.Host = `{ success: true, payload: ` + payload + ` }`
	return c
}

var invokeAnswerCases = []spec.Case{
	reached("200 with an object", `{ status: 200, headers: { "content-type": ["application/json"] }, body: { n: 1, list: ["é", null, true, 1.5] } }`),
	reached("200 with an array", `{ status: 200, headers: {}, body: [1, 2] }`),
	reached("200 with text", `{ status: 200, headers: {}, body: "hé\"llo 🎉" }`),
	reached("200 with a number", `{ status: 200, headers: {}, body: 5 }`),
	reached("200 with null", `{ status: 200, headers: {}, body: null }`),
	reached("200 with false", `{ status: 200, headers: {}, body: false }`),
	reached("200 without a body", `{ status: 200, headers: {} }`),
	reached("200 with undefined", `{ status: 200, headers: {}, body: undefined }`),
	reached("200 with a lone surrogate", `{ status: 200, headers: {}, body: { a: "\ud800" } }`),
	reached("200 with 1 MB", `{ status: 200, headers: {}, body: { a: "é日🎉".repeat(1 << 17) } }`),
	reached("201", `{ status: 201, headers: { location: ["/tasks/1"] }, body: {} }`),
	reached("204", `{ status: 204, headers: {} }`),
	reached("204 with a body", `{ status: 204, headers: {}, body: { a: 1 } }`),
	reached("302", `{ status: 302, headers: { location: ["https://example.com/"] } }`),
	reached("304", `{ status: 304, headers: {} }`),
	reached("400 that is a success", `{ status: 400, headers: {}, body: { error: "no" } }`),
	reached("header values in arrays", `{ status: 200, headers: { "x-a": ["1", "2"], "x-b": ["3"] }, body: {} }`),
	reached("header values as text", `{ status: 200, headers: { "x-a": "1", "X-B": "2, 3" }, body: {} }`),
	reached("header values in an empty array", `{ status: 200, headers: { "x-a": [] }, body: {} }`),
	reached("header values with commas, in arrays", `{ status: 200, headers: { expires: ["Wed, 21 Oct 2026 07:28:00 GMT"], "set-cookie": ["a=b", "c=d"] }, body: {} }`),
	reached("header values with white space", `{ status: 200, headers: { "x-a": [" 1 "] }, body: {} }`),
	reached("header values in Latin-1", `{ status: 200, headers: { "x-a": ["é"] }, body: {} }`),
	reached("header names in capitals", `{ status: 200, headers: { "X-UPPER": ["1"] }, body: {} }`),
	reached("no headers", `{ status: 200, body: {} }`),
	reached("null for headers", `{ status: 200, headers: null, body: {} }`),
	reached("members that nobody reads", `{ status: 200, headers: {}, body: {}, statusText: "OK", ok: false }`),
	refuses(reached("a text for headers", `{ status: 200, headers: "x-a: 1", body: {} }`), invalidResponse, badFields),
	refuses(reached("a number for a header value", `{ status: 200, headers: { "x-a": 5 }, body: {} }`), invalidResponse, badFields),
	refuses(reached("a number among header values", `{ status: 200, headers: { "x-a": ["1", 2] }, body: {} }`), invalidResponse, badFields),
	refuses(reached("a header name with a space", `{ status: 200, headers: { "x a": ["1"] }, body: {} }`), invalidResponse, badFields),
	refuses(reached("a text for a status", `{ status: "200", headers: {}, body: {} }`), invalidResponse, badStatus),
	refuses(reached("0 for a status", `{ status: 0, headers: {}, body: {} }`), invalidResponse, badStatus),
	refuses(reached("100 for a status", `{ status: 100, headers: {}, body: {} }`), invalidResponse, badStatus),
	refuses(reached("700 for a status", `{ status: 700, headers: {}, body: {} }`), invalidResponse, badStatus),
}

// failed is a case in which there is no response.
func failed(name, host, kinds string) spec.Case {
	c := invoke("failures: "+name, "GET", "/tasks")
	c.Host, c.Error = host, kinds
	return c
}

// unsuccessful is an answer of the host about a failure.
func unsuccessful(name, reason string) spec.Case {
	return failed(name, `{ success: false, error: `+reason+` }`, "")
}

var invokeFailureCases = []spec.Case{
	unsuccessful("404 with JSON", `{ status: 404, headers: { "content-type": ["application/json"] }, body: { error: "no" } }`),
	unsuccessful("400 without a body", `{ status: 400, headers: {} }`),
	unsuccessful("500", `{ status: 500, headers: {}, body: { error: "no" } }`),
	unsuccessful("401 with a status", `{ status: 401, headers: {}, body: {} }`),
	unsuccessful("429 with metadata", `{ status: 429, headers: { "retry-after": ["5"] }, body: { metadata: { rateLimitProperties: { rateLimitReset: 1 } } } }`),
	unsuccessful("200 that is none", `{ status: 200, headers: {}, body: {} }`),
	failed("no status", `{ success: false, error: { message: "An unexpected error happened" } }`, rejected),
	failed("no status, and the token was refused", `{ success: false, error: { message: "Remote could not verify the Forge Invocation Token" } }`, "rejected, unauthorized"),
	failed("no status, and the remote was too slow", `{ success: false, error: { message: "Remote invocation timed out after 25 seconds" } }`, "rejected, timeout"),
	failed("no status, and the remote was not there", `{ success: false, error: { message: "Invalid response from remote - remote network error" } }`, "rejected, network"),
	failed("no status, and the remote's type was wrong", `{ success: false, error: { message: "Invalid response from remote - content-type header must be set to application/json and is currently: text/html. Status: 500." } }`, "rejected, invalid response"),
	failed("no status, and the remote's JSON was none", `{ success: false, error: { message: "Invalid response from remote - cannot parse body as JSON. Status: 500." } }`, "rejected, invalid response"),
	failed("no status, but a text", `{ success: false, error: "Remote invocation timed out after 25 seconds" }`, "rejected, timeout"),
	failed("no status, and no reason", `{ success: false }`, rejected),
	failed("a null status", `{ success: false, error: { status: null } }`, invalidResponse),
	failed("success without a payload", `{ success: true }`, invalidResponse),
	failed("success with a payload without a status", `{ success: true, payload: { headers: {}, body: {} } }`, invalidResponse),
	failed("success with null", `{ success: true, payload: null }`, invalidResponse),
	failed("success with text", `{ success: true, payload: "ok" }`, invalidResponse),
	failed("a payload without success", `{ payload: { status: 200, headers: {}, body: {} } }`, rejected),
	failed("a response that is not wrapped", `{ status: 200, headers: {}, body: {} }`, rejected),
	failed("success as a number", `{ success: 1, payload: { status: 200, headers: {}, body: {} } }`, ""),
	failed("success as an empty text", `{ success: "", error: { status: 404, headers: {}, body: {} } }`, ""),
	failed("undefined", `undefined`, invalidResponse),
	failed("null", `null`, invalidResponse),
	failed("an empty object", `({})`, rejected),
	failed("an array", `[]`, invalidResponse),
	failed("a number", `5`, invalidResponse),
	failed("a text", `"ok"`, invalidResponse),
	failed("false", `false`, invalidResponse),
	failed("rejected with an Error", `Promise.reject(new Error("An unexpected error happened"))`, rejected),
	failed("rejected, and the token was refused", `Promise.reject(new Error("Remote could not verify the Forge Invocation Token"))`, "rejected, unauthorized"),
	failed("rejected, and the remote was too slow", `Promise.reject(new Error("Remote invocation timed out after 25 seconds"))`, "rejected, timeout"),
	failed("rejected, and the remote was not there", `Promise.reject(new Error("Invalid response from remote - remote network error"))`, "rejected, network"),
	failed("rejected, and the remote's answer was invalid", `Promise.reject(new Error("Invalid response from remote - cannot parse body as JSON. Status: 200."))`, "rejected, invalid response"),
	failed("rejected with a text", `Promise.reject("no")`, rejected),
	failed("rejected with undefined", `Promise.reject()`, rejected),
	failed("a throw at once", `(() => { throw new Error("no") })()`, rejected),
}
