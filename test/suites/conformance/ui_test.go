package conformance

import (
	"slices"
	"strings"
)

const textNotURL = "GetURL returns the host's text if that is an absolute URL. The official client parses it, which also changes it"

var targets = []string{
	`{"target":"contentView","contentId":"1"}`,
	`{"target":"contentView","contentId":"1","version":"2"}`,
	`{"target":"contentEdit","contentId":"1"}`,
	`{"target":"contentList","contentType":"page","spaceKey":"A"}`,
	`{"target":"contentList","contentType":"blogpost","spaceKey":"A"}`,
	`{"target":"contentList","contentType":"customContent","moduleKey":"m"}`,
	`{"target":"spaceView","spaceKey":"A"}`,
	`{"target":"module","moduleKey":"m"}`,
	`{"target":"module","moduleKey":"m","spaceKey":"A"}`,
	`{"target":"module","moduleKey":"m","projectKey":"P","path":"/a?b#c"}`,
	`{"target":"userProfile","accountId":"712020:a"}`,
	`{"target":"dashboard","dashboardId":"1"}`,
	`{"target":"issue","issueKey":"A-1"}`,
	`{"target":"projectSettingsDetails","projectKey":"P"}`,
}

// targetNames are the names of our constants for the targets.
var targetNames = []string{"ContentView", "ContentEdit", "ContentList", "SpaceView", "Module", "UserProfile", "Dashboard", "Issue", "ProjectSettingsDetails"}

func targetCases() []operationCase {
	var all []operationCase
	for _, name := range targetNames {
		value := strings.ToLower(name[:1]) + name[1:]
		all = append(all, op("router.getUrl", "constants: "+name, `{"target":"`+value+`"}`).
			js(`{ target: official.NavigationTarget.`+name+` }`).answers(`"https://a.atlassian.net/x"`))
	}
	for _, target := range targets {
		all = append(all,
			op("router.navigate", "targets: "+target, target),
			op("router.open", "targets: "+target, target),
			op("router.getUrl", "targets: "+target, target).answers(`"https://a.atlassian.net/x?y=1#z"`))
	}
	return all
}

func urls(name string) []operationCase {
	return []operationCase{
		op(name, "addresses: whole", `"https://example.com/a?b=c#d"`),
		op(name, "addresses: on the site", `"/browse/A-1"`),
		op(name, "addresses: Unicode", `"/é/日本語 🎉"`),
		op(name, "addresses: mailto", `"mailto:a@example.com"`),
		op(name, "addresses: an empty target", `{"target":""}`).fails(invalidRequest),
		op(name, "answers: a refusal", `"/a"`).host(hostRefuses).fails(rejected).saying("because of Z"),
		op(name, "answers: false", `"/a"`).answers(`false`),
		op(name, "answers: a value", `"/a"`).answers(`{ a: 1 }`),
	}
}

var routerCases = slices.Concat(targetCases(), urls("router.navigate"), urls("router.open"), []operationCase{
	op("router.reload", "answers: nothing", ``),
	op("router.reload", "answers: a refusal", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("router.getUrl", "answers: an address with spaces around it", `{"target":"issue","issueKey":"A-1"}`).answers(`" https://a.example/b "`).
		fails(invalidResponse).different("fails: invalid response", textNotURL),
	op("router.getUrl", "answers: an address in capitals", `{"target":"issue","issueKey":"A-1"}`).answers(`"HTTPS://A.EXAMPLE/B"`).
		different(`{"$url":"HTTPS://A.EXAMPLE/B"}`, textNotURL),
	op("router.getUrl", "answers: a path only", `{"target":"issue","issueKey":"A-1"}`).answers(`"/browse/A-1"`).fails(invalidResponse),
	op("router.getUrl", "answers: no address", `{"target":"issue","issueKey":"A-1"}`).answers(`"not an address"`).fails(invalidResponse),
	op("router.getUrl", "answers: empty text", `{"target":"issue","issueKey":"A-1"}`).answers(`""`).fails(invalidResponse),
	op("router.getUrl", "answers: nothing", `{"target":"issue","issueKey":"A-1"}`).fails(invalidResponse),
	op("router.getUrl", "answers: null", `{"target":"issue","issueKey":"A-1"}`).answers(`null`).fails(invalidResponse),
	op("router.getUrl", "answers: false", `{"target":"issue","issueKey":"A-1"}`).answers(`false`).fails(invalidResponse),
	op("router.getUrl", "answers: a refusal", `{"target":"issue","issueKey":"A-1"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("router.getUrl", "targets: empty", `{"target":""}`).fails(invalidRequest),
})

func modal(about, options string) operationCase {
	return op("Modal", about, options).then(".open", ``)
}

var modalCases = slices.Concat(func() []operationCase {
	var all []operationCase
	for _, size := range []string{"small", "medium", "large", "xlarge", "max", "fullscreen", "resizable"} {
		all = append(all, modal("sizes: "+size, `{"size":"`+size+`"}`))
	}
	return all
}(), []operationCase{
	modal("sizes: a width", `{"size":{"width":"40rem"}}`),
	modal("sizes: a width and a height", `{"size":{"width":"400px","height":"50%"}}`),
	modal("sizes: one that there is not", `{"size":"huge"}`).fails(invalidRequest),
	modal("sizes: a height alone", `{"size":{"height":"5px"}}`).fails(invalidRequest),
	modal("options: none", ``),
	modal("options: an empty object", `{}`),
	modal("options: a resource", `{"resource":"details"}`),
	modal("options: a context", `{"context":{"task":{"id":1,"tags":["a",null]}}}`),
	modal("options: a context that is text", `{"context":"a"}`),
	modal("options: a context that is a list", `{"context":[1,2]}`),
	modal("options: not closed by Escape", `{"closeOnEscape":false}`),
	modal("options: closed by Escape", `{"closeOnEscape":true}`),
	modal("options: not closed by a click beside it", `{"closeOnOverlayClick":false}`),
	modal("options: a title and an icon", `{"title":"Détails 🎉","icon":"icon.svg"}`),
	modal("options: all", `{"resource":"r","onClose":{"$function":"closed"},"size":"large","context":{"a":1},"closeOnEscape":false,"closeOnOverlayClick":false,"title":"t","icon":"i"}`),
	modal("closing: with a payload", `{"onClose":{"$function":"closed"}}`).back(`payloads[0].onClose({ saved: [1, "a"] })`),
	modal("closing: without a payload", `{"onClose":{"$function":"closed"}}`).back(`payloads[0].onClose()`),
	modal("closing: nobody listens", `{}`).back(`payloads[0].onClose({ a: 1 })`),
	modal("answers: true", `{}`).answers(`true`),
	modal("answers: false", `{}`).answers(`false`).fails(notOpened),
	modal("answers: null", `{}`).answers(`null`),
	modal("answers: a refusal", `{}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	modal("opening: twice", `{"title":"a"}`).then(".open", ``),
})

func flagged(about, options string) operationCase { return op("showFlag", about, options) }

const oneAction = `{"id":"a","actions":[{"text":"Undo","onClick":{"$function":"undo"}}]}`

var flagCases = []operationCase{
	flagged("options: an id", `{"id":"a"}`),
	flagged("options: an id of digits", `{"id":"12"}`),
	flagged("options: title and description", `{"id":"a","title":"Tâche","description":"<b>🎉</b>"}`),
	flagged("options: type info", `{"id":"a","type":"info"}`),
	flagged("options: type success", `{"id":"a","type":"success"}`),
	flagged("options: type warning", `{"id":"a","type":"warning"}`),
	flagged("options: type error", `{"id":"a","type":"error"}`),
	flagged("options: appearance", `{"id":"a","appearance":"warning"}`),
	flagged("options: appearance and type", `{"id":"a","appearance":"warning","type":"error"}`),
	flagged("options: dismissed by itself", `{"id":"a","isAutoDismiss":true}`),
	flagged("options: one action", oneAction),
	flagged("options: an id that is a number", `{"id":"12"}`).js(`{ id: 12 }`).sends("A Go flag's ID is text, which a number has a form in"),
	flagged("options: no id", `{"title":"a"}`).fails(invalidRequest),
	flagged("options: an empty id", `{"id":""}`).fails(invalidRequest),
	flagged("actions: a click", oneAction).back(`payloads[0].actions[0].onClick()`),
	flagged("actions: two clicks", oneAction).back(`payloads[0].actions[0].onClick()`).back(`payloads[0].actions[0].onClick()`),
	flagged("actions: of two the second", `{"id":"a","actions":[{"text":"A","onClick":{"$function":"first"}},{"text":"B","onClick":{"$function":"second"}}]}`).
		back(`payloads[0].actions[1].onClick()`).back(`payloads[0].actions[0].onClick()`),
	flagged("closing: once", `{"id":"a"}`).then(".close", ``),
	flagged("closing: with an action", oneAction).then(".close", ``),
	flagged("closing: the host answers true", `{"id":"a"}`).answers(`true`).then(".close", ``),
	flagged("closing: the host answers false", `{"id":"a"}`).answers(`false`).then(".close", ``),
	flagged("closing: a refusal", `{"id":"a"}`).host(`(command) => { if (command === "closeFlag") throw new Error("because of Z") }`).
		then(".close", ``).fails(rejected).saying("because of Z"),
	flagged("closing: after a refusal to show it", `{"id":"a"}`).host(`(command) => command === "showFlag" ? Promise.reject(new Error("because of Z")) : undefined`).
		fails(rejected).saying("because of Z").different("fails: rejected", "Show waits until the flag is shown, so that a refusal is told at once; the official client tells it when the flag is closed"),
}
