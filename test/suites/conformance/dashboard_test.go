package conformance

import (
	"slices"
	"strings"
)

// widgetHost is a host with a widget on a dashboard. payloads[2] is the handler of its edit view.
const widgetHost = `(command) => {
	if (command === "getContext") return { accountId: "a", extension: { context: { widgetId: "w", dashboardId: "d" }, config: {} } };
	const set = (name) => (f) => { note(name, f); payloads.push(f); };
	if (command === "getWidgetEditApi") return { onSave: set("onSave"), onProductSave: set("onProductSave"), onSaveError: set("onSaveError"),
		updateConfig: (config) => { note("updateConfig", config); } };
	return { setPreviewConfig: (config) => { note("setPreviewConfig", config); } };
}`

// handlers are the cases that all handlers of the edit view have. call are the arguments of the host, and returns is what the
// handler returns, as a member after a comma.
func handlers(name, method, call, returns string) []operationCase {
	asks := `Promise.resolve(payloads[2](` + call + `)).then((result) => note("returned", result))`
	refused := strings.Replace(widgetHost, `set("`+method+`")`, `() => { throw new Error("because of Z"); }`, 1)
	return []operationCase{
		op(name, "handlers: one", `{"$function":"heard"`+returns+`}`).host(widgetHost).back(asks),
		op(name, "handlers: one that fails", `{"$function":"heard","fails":"no room"}`).host(widgetHost).back(asks),
		op(name, "handlers: twice", `{"$function":"heard"`+returns+`}`).host(widgetHost).back(asks).back(asks),
		op(name, "answers: a refusal", `{"$function":"heard"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
		op(name, "answers: a refusal of the object", `{"$function":"heard"}`).
			host(strings.Replace(widgetHost, `if (command === "getWidgetEditApi") return`, `if (command === "getWidgetEditApi") throw new Error("because of Z"); else if (!command) return`, 1)).
			fails(rejected).saying("because of Z"),
		op(name, "answers: a refusal of the handler", `{"$function":"heard"}`).host(refused).fails(rejected).saying("because of Z"),
	}
}

func configs(name, method string) []operationCase {
	refused := strings.Replace(widgetHost, `note("`+method+`", config);`, `throw new Error("because of Z");`, 1)
	return []operationCase{
		op(name, "configurations: an object", `{"title":"é","n":[1,null]}`).host(widgetHost),
		op(name, "configurations: an empty object", `{}`).host(widgetHost),
		op(name, "answers: a refusal", `{"title":"T"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
		op(name, "answers: a refusal of the configuration", `{"title":"T"}`).host(refused).fails(rejected).saying("because of Z"),
	}
}

var dashboardCases = slices.Concat(
	handlers("widgetEdit.onSave", "onSave", `{ title: "T" }, "w7"`, ``),
	handlers("widgetEdit.onProductSave", "onProductSave", `{ title: "T" }`, `,"returns":null`),
	handlers("widgetEdit.onSaveError", "onSaveError", `new Error("no room")`, ``),
	[]operationCase{
		op("widgetEdit.onProductSave", "saving: a configuration", `{"$function":"heard","returns":{"title":"U","n":1}}`).host(widgetHost).
			back(`Promise.resolve(payloads[2]({ title: "T" })).then((result) => note("returned", result))`),
		op("widgetEdit.onProductSave", "saving: nothing", `{"$function":"heard"}`).host(widgetHost).
			back(`Promise.resolve(payloads[2]({ title: "T" })).then((result) => note("returned", result))`).
			sends("Nothing to save is null. Both null and undefined mean it"),
	},
	configs("widgetEdit.updateConfig", "updateConfig"), configs("widget.setPreviewConfig", "setPreviewConfig"),
)
