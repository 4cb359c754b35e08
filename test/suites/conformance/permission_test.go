package conformance

import "slices"

const groups = `{ results: [{ key: "g", description: "d", configured: [{ domain: "*.a.example", type: ["FETCH_CLIENT_SIDE"] }] }], lastEvaluatedKey: "next" }`

func settings(name, args, answer string) []operationCase {
	return []operationCase{
		op(name, "answers: as documented", args).answers(answer),
		op(name, "answers: a refusal", args).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

var permissionCases = slices.Concat(
	settings("permissions.egress.get", `{"keys":["g","h"],"pageSize":10,"nextPageToken":"t"}`, groups),
	settings("permissions.egress.set", `{"egresses":[{"key":"g","description":"d","configured":[{"domain":"a.example","type":["FETCH_BACKEND_SIDE","FETCH_CLIENT_SIDE"]},{"domain":"b.example","type":["IMAGES"]}]}]}`,
		`{ results: [{ key: "g", description: "d", configured: [] }] }`),
	settings("permissions.egress.deleteDomain", `{"key":"g","domain":"a.example","type":"FETCH_CLIENT_SIDE"}`, `undefined`),
	settings("permissions.egress.deleteGroup", `{"key":"g"}`, `undefined`),
	settings("permissions.remote.get", `{"keys":["r"],"pageSize":1,"nextPageToken":"t"}`, `{ results: [{ key: "r", configured: { endpoint: "https://a.example" } }, { key: "s", configured: { endpoint: null } }] }`),
	settings("permissions.remote.set", `{"remotes":[{"key":"r","configured":{"endpoint":"https://a.example"}},{"key":"s","configured":{"endpoint":null}}]}`, `undefined`),
	[]operationCase{
		op("permissions.egress.get", "requests: everything", `{}`).answers(`{ results: [] }`),
		op("permissions.egress.get", "requests: one key", `{"keys":["g"]}`).answers(groups),
		op("permissions.egress.get", "requests: a size", `{"pageSize":5}`).answers(groups),
		op("permissions.remote.get", "requests: everything", `{}`).answers(`{ results: [] }`),
		op("permissions.remote.get", "requests: a page", `{"nextPageToken":"t"}`).answers(`{ results: [], lastEvaluatedKey: "u" }`),
		op("permissions.egress.set", "requests: none", `{"egresses":[]}`).answers(`{ results: [] }`),
		op("permissions.remote.set", "requests: none", `{"remotes":[]}`),
	})

const granted = `{"scopes":["read:jira-work","write:jira-work"],"external":{
	"fetch":{"backend":["https://api.example.com","*.wild.example",{"address":"https://object.example"},{"remote":"https://remote.example"}],
		"client":["https://api.example.com/v1/","https://exact.example/path","*.wild.example","wss://socket.example"]},
	"images":["https://img.example","*.cdn.example"],"fonts":[{"address":"https://fonts.example"}],"scripts":[],"styles":["https://a.example/x.css"],"frames":["*"]}}`

var checkCases = slices.Concat(checks(), utilities())

func checks() []operationCase {
	var all []operationCase
	for _, required := range []string{
		`{}`,
		`{"scopes":[]}`,
		`{"scopes":["read:jira-work"]}`,
		`{"scopes":["read:jira-work","admin:jira"]}`,
		`{"external":{}}`,
		`{"external":{"fetch":{"backend":["https://api.example.com/anything"]}}}`,
		`{"external":{"fetch":{"backend":["https://other.example"]}}}`,
		`{"external":{"fetch":{"backend":["http://api.example.com"]}}}`,
		`{"external":{"fetch":{"backend":["https://a.wild.example","https://wild.example"]}}}`,
		`{"external":{"fetch":{"backend":["https://object.example","https://remote.example"]}}}`,
		`{"external":{"fetch":{"client":["https://api.example.com/v1/a"]}}}`,
		`{"external":{"fetch":{"client":["https://api.example.com/v2/a"]}}}`,
		`{"external":{"fetch":{"client":["https://exact.example/path","https://exact.example/path/b"]}}}`,
		`{"external":{"fetch":{"client":["https://a.wild.example/x"],"backend":["https://none.example"]}}}`,
		`{"external":{"images":["https://img.example/a.png"]}}`,
		`{"external":{"images":["https://cdn.example/a.png","https://b.cdn.example/a.png"]}}`,
		`{"external":{"fonts":["https://fonts.example/a.woff2"]}}`,
		`{"external":{"scripts":["https://a.example/a.js"]}}`,
		`{"external":{"styles":["https://a.example/x.css","https://a.example/y.css"]}}`,
		`{"external":{"frames":["https://any.example"]}}`,
		`{"external":{"media":["https://any.example"]}}`,
		`{"scopes":["none"],"external":{"fetch":{"client":["https://none.example"]},"media":["https://m.example"],"images":["https://img.example/"]}}`,
	} {
		all = append(all, op("checkPermissions", "requirements: "+required, required+","+granted))
	}
	return append(all,
		op("checkPermissions", "granted: asked of the context", `{"scopes":["a","b"]}`).answers(`{ moduleKey: "m", permissions: { scopes: ["a"], external: {} } }`),
		op("checkPermissions", "granted: the context has none", `{"scopes":["a"]}`).answers(`{ moduleKey: "m" }`),
		op("checkPermissions", "granted: scopes as an object", `{"scopes":["a","c"]},{"scopes":{"a":{},"b":{}}}`),
		op("checkPermissions", "granted: nothing", `{"scopes":["a"]},{}`),
		op("checkPermissions", "granted: a refusal", `{"scopes":["a"]}`).host(hostRefuses).fails(rejected).saying("because of Z"),
		op("checkPermissions", "granted: not asked for without requirements", `{}`).host(hostRefuses),
	)
}

func utilities() []operationCase {
	all := []operationCase{
		op("createPermissionUtils", "scopes: asked for", granted).then(".hasScope", `"read:jira-work"`).then(".hasScope", `"read"`).then(".getScopes", ``),
		op("createPermissionUtils", "scopes: as an object", `{"scopes":{"a":{},"b":{}}}`).then(".hasScope", `"b"`).then(".getScopes", ``),
		op("createPermissionUtils", "any: some", granted).then(".hasAnyPermissions", ``).then(".getExternalPermissions", ``),
		op("createPermissionUtils", "any: scopes only", `{"scopes":["a"]}`).then(".hasAnyPermissions", ``),
		op("createPermissionUtils", "any: none", `{}`).then(".hasAnyPermissions", ``).then(".getScopes", ``),
		op("createPermissionUtils", "any: no resource that can be loaded", `{"external":{"images":[]}}`).then(".canLoadResource", `"images", "https://a.example"`),
	}
	for _, address := range []string{
		"https://api.example.com", "https://api.example.com/v1/", "https://api.example.com/v1", "https://api.example.com:8443/v1/", "http://api.example.com/v1/",
		"https://API.example.com/v1/", "https://a.b.wild.example/x", "https://wild.example", "wss://socket.example/", "https://socket.example", "api.example.com",
		"https://exact.example/path?q", "https://exact.example/PATH", "https://evilapi.example.com", "https://api.example.com.evil.example",
	} {
		all = append(all, op("createPermissionUtils", "addresses: "+address, granted).
			then(".canFetchFrom", `"backend", "`+address+`"`).then(".canFetchFrom", `"client", "`+address+`"`).
			then(".canLoadResource", `"frames", "`+address+`"`).then(".canLoadResource", `"images", "`+address+`"`))
	}
	return all
}
