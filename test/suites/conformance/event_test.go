package conformance

import (
	"maps"
	"slices"
)

const unsubscribed = "After stop no callback begins to run. The official client leaves that to the host"

// unsubscribable is a host's answer to a subscription.
const unsubscribable = `{ unsubscribe() { note("unsubscribe"); } }`

func emits(name string) []operationCase {
	return slices.Concat(outcomes(name, `"changed", {"a":1}`, ""), []operationCase{
		op(name, "payloads: none", `"changed"`),
		op(name, "payloads: text", `"changed", "héllo 🎉"`),
		op(name, "payloads: null", `"changed", null`),
		op(name, "payloads: a number", `"changed", 1.5`),
		op(name, "payloads: nested", `"a.b:c", {"list":[1,{"b":null}],"":{}}`),
		op(name, "payloads: a blob", `"changed", {"$blob":["text/plain","616263"]}`),
		op(name, "payloads: an empty blob", `"changed", {"$blob":["text/plain",""]}`),
		op(name, "payloads: a blob without a type", `"changed", {"$blob":["","00ff10"]}`),
		op(name, "payloads: a blob in an object", `"changed", {"name":"a","file":{"$blob":["image/png","89504e47"]}}`),
		op(name, "payloads: blobs in a list", `"changed", [{"$blob":["a/b","01"]},"between",{"deep":[{"$blob":["c/d","0203"]}]}]`),
		op(name, "events: without a name", `"", {"a":1}`),
	})
}

func listens(name string) []operationCase {
	on := func(about, back string) operationCase {
		return op(name, about, `"changed", {"$function":"heard"}`).answers(unsubscribable).back(back)
	}
	return []operationCase{
		op(name, "events: subscribed", `"changed", {"$function":"heard"}`).answers(unsubscribable),
		on("events: with an object", `payloads[0].callback({ a: [1, null, { b: "é" }] })`),
		on("events: with text", `payloads[0].callback("a")`),
		on("events: with null", `payloads[0].callback(null)`),
		on("events: with 0", `payloads[0].callback(0)`),
		on("events: with nothing", `payloads[0].callback()`),
		on("events: three in order", `payloads[0].callback(1), payloads[0].callback(2), payloads[0].callback(3)`),
		on("blobs: one", `payloads[0].callback({ data: "data:text/plain;base64,YWJj", type: "text/plain", __isBlobData: true })`),
		on("blobs: without the head of a data URL", `payloads[0].callback({ data: "YWJj", type: "text/plain", __isBlobData: true })`),
		on("blobs: in an object", `payloads[0].callback({ name: "a", file: { data: "data:image/png;base64,iVBORw==", type: "image/png", __isBlobData: true } })`),
		on("blobs: in a list", `payloads[0].callback([1, { data: "data:;base64,AP8Q", type: "", __isBlobData: true }])`),
		on("unsubscribing: before any event", `0`).then(".unsubscribe", ``),
		on("unsubscribing: the host calls back all the same", `payloads[0].callback(1)`).then(".unsubscribe", ``).back(`payloads[0].callback(2)`).hears(unsubscribed),
		on("unsubscribing: after an event", `payloads[0].callback(1)`).then(".unsubscribe", ``),
		op(name, "unsubscribing: one of two", `"changed", {"$function":"first"}`).answers(unsubscribable).
			then(name, `"changed", {"$function":"second"}`).as("second").
			back(`payloads[0].callback(1), payloads[1].callback(2)`).then(".unsubscribe", ``).back(`payloads[1].callback(3)`),
		op(name, "answers: a refusal", `"changed", {"$function":"heard"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

var eventCases = slices.Concat(emits("events.emit"), emits("events.emitPublic"), listens("events.on"), listens("events.onPublic"))

// contextNames are the names of our constants for the parts of a context.
var contextNames = map[string]string{
	"Jira.Board": "board", "Jira.Issue": "issue", "Jira.Project": "project", "Confluence.Content": "content", "Confluence.Space": "space",
	"Bitbucket.Repository": "repository", "Bitbucket.PullRequest": "pullRequest",
}

func contextCases() []operationCase {
	var all []operationCase
	for _, name := range slices.Sorted(maps.Keys(contextNames)) {
		all = append(all, op("realtime.publish", "constants: "+name, `"channel", "a", {"contextOverrides":["`+contextNames[name]+`"]}`).
			js(`"channel", "a", { contextOverrides: [official.`+name+`] }`).answers(`{ eventId: "1" }`))
	}
	return all
}

func publishes(name string) []operationCase {
	return []operationCase{
		op(name, "payloads: an object", `"channel", {"a":[1,null]}`).answers(`{ eventId: "1", eventTimestamp: "2026-01-01T00:00:00Z" }`),
		op(name, "payloads: text", `"channel", "héllo"`).answers(`{ eventId: "1", eventTimestamp: "2" }`),
		op(name, "payloads: empty text", `"channel", ""`).answers(`{ eventId: "1", eventTimestamp: "2" }`),
		op(name, "options: a token", `"channel", {"a":1}, {"token":"t"}`).answers(`{ eventId: "1", eventTimestamp: "2" }`),
		op(name, "options: a context of Jira", `"channel", {"a":1}, {"contextOverrides":["board","issue","project"]}`).answers(`{ eventId: "1" }`),
		op(name, "options: a context of Confluence", `"channel", {"a":1}, {"contextOverrides":["content","space"]}`).answers(`{ eventId: "1" }`),
		op(name, "options: a context of Bitbucket", `"channel", {"a":1}, {"contextOverrides":["repository","pullRequest"]}`).answers(`{ eventId: "1" }`),
		op(name, "options: all", `"channel", {"a":1}, {"token":"t","contextOverrides":["issue"]}`).answers(`{ eventId: "1" }`),
		op(name, "answers: errors", `"channel", {"a":1}`).answers(`{ eventId: null, eventTimestamp: null, errors: ["no", "never"] }`).fails(rejected).saying("never").
			different("fails: rejected", "What was not published is an error, with the platform's messages, and the result is beside it"),
		op(name, "answers: a refusal", `"channel", {"a":1}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

func subscribes(name string) []operationCase {
	const heard = `"channel", {"$function":"heard"}`
	on := func(about, back string) operationCase {
		return op(name, about, heard).answers(unsubscribable).back(back)
	}
	return []operationCase{
		op(name, "options: none", heard).answers(unsubscribable),
		op(name, "options: replay", heard+`, {"replaySeconds":30}`).answers(unsubscribable),
		op(name, "options: a token", heard+`, {"token":"t"}`).answers(unsubscribable),
		op(name, "options: a context", heard+`, {"contextOverrides":["issue","space"]}`).answers(unsubscribable),
		op(name, "options: all", heard+`, {"replaySeconds":5,"token":"t","contextOverrides":["pullRequest"]}`).answers(unsubscribable),
		on("events: an object", `payloads[0].onEvent({ a: [1, { b: null }] })`),
		on("events: text", `payloads[0].onEvent("héllo")`),
		on("events: three in order", `payloads[0].onEvent("1"), payloads[0].onEvent("2"), payloads[0].onEvent("3")`),
		on("unsubscribing: after an event", `payloads[0].onEvent("1")`).then(".unsubscribe", ``),
		on("unsubscribing: the host calls back all the same", `payloads[0].onEvent("1")`).then(".unsubscribe", ``).back(`payloads[0].onEvent("2")`).hears(unsubscribed),
		op(name, "answers: a refusal", heard).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

var realtimeCases = slices.Concat(contextCases(), publishes("realtime.publish"), publishes("realtime.publishGlobal"),
	subscribes("realtime.subscribe"), subscribes("realtime.subscribeGlobal"))

var rovoCases = slices.Concat(outcomes("rovo.open", `{"type":"default","prompt":"Hello"}`, unsupported), []operationCase{
	op("rovo.open", "agents: the default", `{"type":"default"}`),
	op("rovo.open", "agents: the default with a prompt", `{"type":"default","prompt":"Ça va? 🎉"}`),
	op("rovo.open", "agents: the default with an empty prompt", `{"type":"default","prompt":""}`).sends("An empty prompt is none"),
	op("rovo.open", "agents: the app's", `{"type":"forge","agentName":"My agent","agentKey":"my-agent","prompt":"Hello"}`),
	op("rovo.open", "agents: the app's without a prompt", `{"type":"forge","agentName":"My agent","agentKey":"my-agent"}`),
	op("rovo.open", "agents: the app's with a name of 30 letters", `{"type":"forge","agentName":"123456789012345678901234567890","agentKey":"k"}`),
	op("rovo.open", "agents: the app's with a name of 31 letters", `{"type":"forge","agentName":"1234567890123456789012345678901","agentKey":"k"}`).fails(invalidRequest),
	op("rovo.open", "agents: the app's with a key of 31 letters", `{"type":"forge","agentName":"a","agentKey":"1234567890123456789012345678901"}`).fails(invalidRequest),
	op("rovo.open", "agents: Atlassian's", `{"type":"atlassian","agentName":"Decision Director","prompt":"Hello"}`),
	op("rovo.open", "agents: Atlassian's with a long name", `{"type":"atlassian","agentName":"1234567890123456789012345678901"}`),
	op("rovo.isEnabled", "answers: true", ``).answers(`true`),
	op("rovo.isEnabled", "answers: false", ``).answers(`false`),
	op("rovo.isEnabled", "answers: a refusal", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
})

func counter(about, name string) operationCase {
	return op("frontendCustomMetrics.counter", about, name)
}

var metricCases = []operationCase{
	counter("counting: by 1", `"clicks"`).then(".incr", ``),
	counter("counting: by 5", `"clicks"`).then(".incrBy", `5`),
	counter("counting: by a half", `"clicks"`).then(".incrBy", `0.5`),
	counter("counting: by 0", `"clicks"`).then(".incrBy", `0`).fails(invalidRequest),
	counter("counting: backwards", `"clicks"`).then(".incrBy", `-1`).fails(invalidRequest),
	counter("counting: three times", `"clicks"`).then(".incr", ``).times(3),
	counter("counting: a refusal", `"clicks"`).host(hostRefuses).then(".incr", ``).fails(rejected).saying("because of Z"),
	counter("names: one letter", `"a"`).then(".incr", ``),
	counter("names: with dots and hyphens", `"a.b-c.1"`).then(".incr", ``),
	counter("names: 50 letters", `"12345678901234567890123456789012345678901234567890"`).then(".incr", ``),
	counter("names: 51 letters", `"123456789012345678901234567890123456789012345678901"`).fails(invalidRequest),
	counter("names: empty", `""`).fails(invalidRequest),
	counter("names: spaces", `"   "`).fails(invalidRequest),
	counter("names: a dot at the start", `".a"`).fails(invalidRequest),
	counter("names: a hyphen at the end", `"a-"`).fails(invalidRequest),
	counter("names: two dots", `"a..b"`).fails(invalidRequest),
	counter("names: two hyphens", `"a--b"`).fails(invalidRequest),
	counter("names: a dot and a hyphen", `"a.-b"`).then(".incr", ``),
	counter("names: an underline", `"a_b"`).fails(invalidRequest),
	counter("names: an umlaut", `"ä"`).fails(invalidRequest),
	counter("names: a line break at the end", `"a\n"`).fails(invalidRequest),
}

var consentCases = []operationCase{
	op("getCookieConsentPreferences", "answers: preferences", ``).answers(`{ strictlyNecessary: true, functional: true, analytics: false, marketing: false }`),
	op("getCookieConsentPreferences", "answers: all allowed", ``).answers(`{ strictlyNecessary: true, functional: true, analytics: true, marketing: true }`),
	op("getCookieConsentPreferences", "answers: null", ``).answers(`null`),
	op("getCookieConsentPreferences", "answers: nothing", ``),
	op("getCookieConsentPreferences", "answers: a refusal", ``).host(hostRefuses),
}
