package conformance

import "slices"

var bridgeCases = slices.Concat(functionCases("invoke"), []operationCase{
	op("invoke", "metadata: the limit", `"getText", {"a":1}, {"rateLimitProperties":true}`).
		answers(`{ body: { text: "b" }, metadata: { rateLimitProperties: { rateLimitLimit: 500, rateLimitRemaining: 499, rateLimitReset: 1767225600 } } }`),
	op("invoke", "metadata: the limit, which is not there", `"getText", {"a":1}, {"rateLimitProperties":true}`).answers(`{ body: { text: "b" }, metadata: {} }`),
	op("invoke", "metadata: none", `"getText", {"a":1}, {}`).answers(`{ body: [1, null], metadata: {} }`),
	op("invoke", "limits: the 500th", `"getText"`).times(500),
	op("invoke", "limits: the 501st", `"getText"`).times(501).fails(rateLimited),
	op("makeInvoke", "calls: with a payload", ``).then(".", `"getText", {"a":1}`),
	op("makeInvoke", "calls: without a payload", ``).then(".", `"getText"`),
}, serviceCases)

func functionCases(name string) []operationCase {
	return []operationCase{
		op(name, "payloads: none", `"getText"`),
		op(name, "payloads: an object", `"getText", {"a":{"b":[1,null,"é"]}}`),
		op(name, "payloads: an empty object", `"getText", {}`),
		op(name, "keys: Unicode", `"größe 🎉"`),
		op(name, "answers: nothing", `"getText", {"a":1}`),
		op(name, "answers: null", `"getText", {"a":1}`).answers(`null`),
		op(name, "answers: text", `"getText", {"a":1}`).answers(`"text"`),
		op(name, "answers: a number", `"getText", {"a":1}`).answers(`1.5`),
		op(name, "answers: an object", `"getText", {"a":1}`).answers(`{ a: [1, { b: null }], "": false }`),
		op(name, "answers: a refusal", `"getText", {"a":1}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

const service = `{ success: true, payload: { status: 200, headers: { "content-type": ["application/json"], "x-a": ["1", "2"] }, body: { a: 1 } } }`

var serviceCases = []operationCase{
	op("invokeService", "requests: GET", `{"path":"/a?b=c","method":"GET"}`).answers(service),
	op("invokeService", "requests: POST", `{"path":"/a","method":"POST","body":{"a":[1,null]}}`).answers(service),
	op("invokeService", "requests: PUT", `{"path":"/a","method":"PUT","headers":{"x-own":"1"},"body":{}}`).answers(service),
	op("invokeService", "requests: DELETE", `{"path":"/a","method":"DELETE"}`).answers(service),
	op("invokeService", "requests: PATCH", `{"path":"/a","method":"PATCH","body":{"a":"é"}}`).answers(service),
	op("invokeService", "answers: a refusal", `{"path":"/a","method":"GET"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("invokeService", "answers: a status that is no success", `{"path":"/a","method":"GET"}`).
		answers(`{ success: false, error: { status: 404, headers: {}, body: { message: "no" } } }`),
	op("invokeService", "answers: without a body", `{"path":"/a","method":"GET"}`).answers(`{ success: true, payload: { status: 204, headers: {} } }`),
}

const okProduct = `{ status: 200, statusText: "OK", headers: { "content-type": "application/json", "x-a": "1" }, body: "{\"a\":1}" }`

func products(name string) []operationCase {
	request := func(about, options string) operationCase {
		return op(name, about, `"/rest/api/3/issue?a=b", `+options).answers(okProduct)
	}
	return []operationCase{
		op(name, "requests: a path alone", `"/rest/api/3/myself"`).answers(okProduct),
		request("requests: GET", `{"method":"GET"}`),
		request("requests: POST", `{"method":"POST","body":"{\"a\":1}"}`),
		request("requests: a body and its type", `{"method":"PUT","headers":{"Content-Type":"application/json"},"body":"{\"é\":1}"}`),
		request("requests: DELETE", `{"method":"DELETE"}`),
		request("headers: several", `{"headers":{"Accept":"application/json","X-Own":"1"}}`),
		request("headers: a token of one's own", `{"headers":{"X-Atlassian-Token":"check"}}`),
		request("bodies: FormData", `{"method":"POST","body":{"$data":[{"name":"comment","value":"é"}]}}`),
		request("bodies: a file", `{"method":"POST","body":{"$data":[{"name":"file","value":"616263","file":true,"filename":"a.txt","type":"text/plain"}]}}`),
		request("bodies: a file and fields", `{"method":"POST","body":{"$data":[{"name":"minorEdit","value":"true"},{"name":"file","value":"00ff","file":true,"filename":"b.bin","type":"application/octet-stream"}]}}`),
		op(name, "answers: 404", `"/a"`).answers(`{ status: 404, statusText: "Not Found", headers: {}, body: "no" }`),
		op(name, "answers: 204", `"/a"`).answers(`{ status: 204, statusText: "", headers: {} }`),
		op(name, "answers: an attachment", `"/a"`).answers(`{ status: 200, statusText: "OK", headers: { "content-type": "image/png" }, body: "data:image/png;base64,YWJj", isAttachment: true }`),
		op(name, "answers: a refusal", `"/a"`).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

var productCases = slices.Concat(products("requestJira"), products("requestConfluence"), products("requestBitbucket"))

var graphCases = []operationCase{
	op("requestTeamworkGraph", "queries: without variables", `"query { me { id } }"`).answers(`{ data: { me: { id: "1" } } }`),
	op("requestTeamworkGraph", "queries: with variables", `"query($id: ID!) { a(id: $id) }", {"id":"1","list":[1,null]}`).answers(`{ data: { a: null } }`),
	op("requestTeamworkGraph", "queries: with no variables", `"query { a }", {}`).answers(`{ data: {} }`),
	op("requestTeamworkGraph", "answers: errors", `"query { a }"`).answers(`{ errors: [{ message: "no", path: ["a", 0], extensions: { code: "X" } }] }`),
	op("requestTeamworkGraph", "answers: data and errors", `"query { a }"`).answers(`{ data: { a: 1 }, errors: [{ message: "partly" }] }`),
	op("requestTeamworkGraph", "answers: a refusal", `"query { a }"`).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("fetchUserRecommendations", "queries: a text", `{"query":"ann"}`).answers(`[{ id: "1", name: "Ann" }]`),
	op("fetchUserRecommendations", "queries: none", `{}`).answers(`[]`),
	op("fetchUserRecommendations", "answers: a refusal", `{"query":"a"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
}

const nobodyAnswered = "Nobody answered, so that there is no status. The official client makes up 503"

const (
	anA = `{"$blob":["text/plain","61"]}`
	aB  = `{"$blob":["","62"]}`
)

// stored is a host whose function returns an address for each object.
const stored = `(command, payload) => {
	if (command !== "invoke") return undefined;
	const all = payload.payload.allObjectMetadata ?? [];
	return Object.fromEntries(all.map((metadata, i) => ["https://store.example/" + i, { ...metadata, key: "key-" + i }]));
}`

const accepted = `(request) => new Response(null, { status: 200 })`

// views return the parts of the store's results that are compared. They leave out the texts of errors.
var views = map[string]string{
	"objectStore.upload":      `(all) => all.map(({ success, key, status }) => ({ success, key, status: status ?? 0 }))`,
	"createUploadPromises":    `(all) => Promise.all(all.map(async ({ promise, index, objectType, objectSize }) => { const { success, key, status } = await promise; return { index, type: objectType ?? "", size: objectSize ?? 0, result: { success, key, status: status ?? 0 } }; }))`,
	"objectStore.download":    `(all) => all.map(({ success, key, status, blob }) => ({ success, key, status, blob }))`,
	"objectStore.getMetadata": `(all) => all.map(({ key, checksum, size, createdAt, error }) => ({ key, fails: error !== undefined, ...(error === undefined && { checksum: checksum ?? "", size: size ?? 0 }), ...(createdAt && { createdAt: Date.parse(createdAt) / 1000 }) }))`,
}

func upload(name, about, objects string) operationCase {
	return op(name, about, `{"functionKey":"urls","objects":[`+objects+`]}`).host(stored).fetch(accepted).view(views[name])
}

func uploads(name, down string) []operationCase {
	return []operationCase{
		upload(name, "objects: one", anA),
		upload(name, "objects: without a type", aB),
		upload(name, "objects: two", anA+","+aB),
		upload(name, "objects: in base64", `{"data":"YQ==","mimeType":"text/plain"}`),
		upload(name, "objects: in base64 without a type", `{"data":"YQ=="}`),
		upload(name, "objects: empty", `{"$blob":["text/plain",""]}`),
		op(name, "objects: none", `{"functionKey":"urls","objects":[]}`).fails(invalidRequest),
		op(name, "objects: no function", `{"functionKey":"","objects":[`+anA+`]}`).fails(invalidRequest),
		upload(name, "answers: 403", anA).fetch(`() => new Response("no", { status: 403 })`),
		upload(name, "answers: the store is down", anA).fetch(`() => { throw new TypeError("Failed to fetch"); }`).different(down, nobodyAnswered),
		upload(name, "answers: of two the second is refused", anA+","+aB).fetch(`(request) => new Response(null, { status: request.url.endsWith("1") ? 500 : 200 })`),
		upload(name, "addresses: none", anA).host(`() => ({})`),
		upload(name, "addresses: nothing", anA).host(`() => undefined`).fails(invalidResponse),
		upload(name, "addresses: text", anA).host(`() => "no"`).fails(invalidResponse),
		upload(name, "addresses: of another object", anA).host(`(command) => command === "invoke" ? { "https://store.example/0": { key: "k", checksum: "other" } } : undefined`),
		upload(name, "addresses: a refusal", anA).host(`(command) => { if (command === "invoke") throw new Error("because of Z"); }`).fails(rejected).saying("because of Z"),
	}
}

func keyed(name, about, keys string) operationCase {
	o := op(name, about, `{"functionKey":"f","keys":[`+keys+`]}`)
	if views[name] != "" {
		o = o.view(views[name])
	}
	return o
}

var objectCases = slices.Concat(
	uploads("objectStore.upload", `[{"key":"key-0","status":0,"success":false}]`),
	uploads("createUploadPromises", `[{"index":0,"result":{"key":"key-0","status":0,"success":false},"size":1,"type":"text/plain"}]`),
	[]operationCase{
		upload("objectStore.upload", "objects: no base64", `{"data":"?"}`).fails(invalidRequest).
			sends("FromBase64 reads the text before Upload is called; the official client has told the host of an upload by then"),
		upload("createUploadPromises", "objects: no base64", `{"data":"?"}`).fails(invalidRequest),
		keyed("objectStore.download", "keys: one", `"a"`).answers(`{ "https://store.example/a": "a" }`).fetch(`() => new Response("abc", { headers: { "content-type": "text/plain" } })`),
		keyed("objectStore.download", "keys: two", `"a","b"`).answers(`{ "https://store.example/a": "a", "https://store.example/b": "b" }`).
			fetch(`(request) => new Response(request.url.slice(-1), { headers: { "content-type": "image/png" } })`),
		keyed("objectStore.download", "keys: none", ``).fails(invalidRequest),
		op("objectStore.download", "keys: no function", `{"functionKey":"","keys":["a"]}`).fails(invalidRequest),
		keyed("objectStore.download", "answers: 404", `"a"`).answers(`{ "https://store.example/a": "a" }`).fetch(`() => new Response("no", { status: 404 })`),
		keyed("objectStore.download", "answers: the store is down", `"a"`).answers(`{ "https://store.example/a": "a" }`).fetch(`() => { throw new TypeError("Failed to fetch"); }`).
			different(`[{"key":"a","status":0,"success":false}]`, nobodyAnswered),
		keyed("objectStore.download", "addresses: nothing", `"a"`).fails(invalidResponse),
		keyed("objectStore.download", "addresses: a refusal", `"a"`).host(`(command) => { if (command === "invoke") throw new Error("because of Z"); }`).fails(rejected).saying("because of Z"),
		keyed("objectStore.getMetadata", "keys: one", `"a"`).answers(`{ key: "a", checksum: "c", size: 1, createdAt: "2026-01-01T00:00:00.000Z" }`),
		keyed("objectStore.getMetadata", "keys: two", `"a","b"`).host(`(command, payload) => command === "invoke" ? { key: payload.payload.key, size: 2 } : undefined`),
		keyed("objectStore.getMetadata", "keys: none", ``).fails(invalidRequest),
		op("objectStore.getMetadata", "keys: no function", `{"functionKey":"","keys":["a"]}`).fails(invalidRequest),
		keyed("objectStore.getMetadata", "answers: nothing", `"a"`),
		keyed("objectStore.getMetadata", "answers: an error", `"a"`).answers(`{ key: "a", error: "no such object" }`),
		keyed("objectStore.getMetadata", "answers: a refusal", `"a"`).host(`(command) => { if (command === "invoke") throw new Error("because of Z"); }`).fails(rejected).saying("because of Z"),
		keyed("objectStore.delete", "keys: one", `"a"`),
		keyed("objectStore.delete", "keys: two", `"a","b"`),
		keyed("objectStore.delete", "keys: none", ``).fails(invalidRequest),
		op("objectStore.delete", "keys: no function", `{"functionKey":"","keys":["a"]}`).fails(invalidRequest),
		keyed("objectStore.delete", "answers: a refusal", `"a"`).host(`(command) => { if (command === "invoke") throw new Error("because of Z"); }`).fails(rejected).saying("because of Z"),
	})
