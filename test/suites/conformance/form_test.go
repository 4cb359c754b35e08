package conformance

import (
	"slices"
	"strings"
)

const formState = `{
	currentFormState: {
		priority: { fieldId: "priority", fieldType: "priority", fieldName: "Priority", description: "", value: { id: "2", name: "High" },
			isVisible: false, isReadOnly: true, isRequired: false, optionsVisibility: { options: ["1"], isVisible: true } },
		summary: { fieldId: "summary", fieldType: "summary", fieldName: "Summary", description: "About", value: "S", isVisible: true, isReadOnly: false, isRequired: true },
	},
	currentScreenTabsState: [{ id: "t1", isVisible: true, isActive: true }, { id: "t2", isVisible: false, isActive: false }, { id: "t3", isVisible: true, isActive: false }],
}`

// formHost is a host with a form that can be modified. payloads[1] is the handler of a subscription.
const formHost = `() => ({
	data: { onInitChangeId: "i1", uiModifications: [{ id: "u1", data: "D" }] },
	actions: {
		getOnInitData: async () => { note("getOnInitData"); return ` + formState + `; },
		submit: async (changes) => { note("submit", changes); return "submitted"; },
		registerFields: async (fields) => { note("registerFields", fields); },
		subscribeToChanges: async (f) => { note("subscribeToChanges", f); payloads.push(f); },
		subscribeToErrors: async (f) => { note("subscribeToErrors", f); payloads.push(f); },
		onBridgeError: async (error) => { note("onBridgeError", error); },
	},
})`

// formWith is that host with a change of its text.
func formWith(old, new string) string {
	if !strings.Contains(formHost, old) {
		panic("the host of forms has no " + old)
	}
	return strings.Replace(formHost, old, new, 1)
}

const causeText = "The reason of an error is passed with its name and message. The official client passes a JavaScript Error"

// changes are what a handler does with the form: see operations.js.
func modifies(changes string) string {
	return `{"$changes":` + changes + `}, {"$fields":["summary","priority"]}`
}

// formChanges are the cases about what is changed, which both handlers have.
var formChanges = map[string]string{
	"nothing":                          `[]`,
	"what is read":                     `[["summary","read"],["priority","read"],["none","read"],["tab:t1","read"],["tab:t2","read"]]`,
	"a name":                           `[["summary","setName","N"]]`,
	"a description, twice":             `[["summary","setDescription","first"],["summary","setDescription","second"]]`,
	"visibility":                       `[["summary","setVisible",false],["priority","setVisible",true]]`,
	"read-only and required":           `[["summary","setReadOnly",true],["summary","setRequired",false]]`,
	"values":                           `[["summary","setValue","é"],["priority","setValue","3"]]`,
	"values of other types":            `[["summary","setValue",null],["priority","setValue",{"a":[1,2.5]}]]`,
	"visible options":                  `[["priority","setOptionsVisibility",["1","2"],true]]`,
	"hidden options":                   `[["priority","setOptionsVisibility",[],false]]`,
	"everything":                       `[["priority","setDescription","D"],["summary","setName","N"],["priority","setValue","3"],["summary","setVisible",false]]`,
	"what is read after a change":      `[["summary","setName","N"],["summary","read"],["tab:t2","setVisible",true],["tab:t2","read"]]`,
	"a tab that is shown":              `[["tab:t2","setVisible",true]]`,
	"a tab that is hidden":             `[["tab:t1","setVisible",false],["tab:t3","setVisible",false]]`,
	"a tab in front":                   `[["tab:t2","focus"]]`,
	"a tab that is shown and in front": `[["tab:t2","setVisible",true],["tab:t2","focus"],["tab:t3","setVisible",false],["tab:t3","focus"]]`,
}

// changeOf is what the host reports when the user has changed a field.
func changeOf(id string) string {
	return `payloads[1]({ changedFieldId: "` + id + `", changeId: "c1", uiModifications: [{ id: "u2" }], ...(` + formState + `) }).then((result) => note("returned", result))`
}

func formChangeCases() []operationCase {
	var all []operationCase
	for _, about := range slices.Sorted(func(yield func(string) bool) {
		for name := range formChanges {
			if !yield(name) {
				return
			}
		}
	}) {
		all = append(all,
			op("uiModificationsApi.onInit", "changes: "+about, modifies(formChanges[about])).host(formHost),
			op("uiModificationsApi.onChange", "changes: "+about, modifies(formChanges[about])).host(formHost).back(changeOf("summary")))
	}
	return all
}

const nothingChanged = `{"$changes":[]}, {"$fields":[]}`

var modificationCases = slices.Concat(formChangeCases(), hostsWithoutForm("uiModificationsApi.onInit", nothingChanged),
	hostsWithoutForm("uiModificationsApi.onChange", nothingChanged), hostsWithoutForm("uiModificationsApi.onError", `{"$function":"failed"}`), []operationCase{
		op("uiModificationsApi.onInit", "failing: the handler", `{"$changes":[["summary","setName","N"]],"fails":"no room"}, {"$fields":["summary"]}`).host(formHost).
			saying("no room"),
		op("uiModificationsApi.onInit", "failing: the data", nothingChanged).host(formWith(`return `+formState, `throw new Error("because of Z")`)).
			fails(rejected).saying("because of Z").sends(causeText),
		op("uiModificationsApi.onInit", "failing: the submission", nothingChanged).host(formWith(`return "submitted"`, `throw new Error("because of Z")`)).
			fails(rejected).saying("because of Z"),
		op("uiModificationsApi.onInit", "forms: without tabs", modifies(`[["tab:t1","read"],["summary","setName","N"]]`)).
			host(formWith(`currentScreenTabsState`, `otherTabs`)),
		op("uiModificationsApi.onInit", "forms: without a way to report errors", modifies(`[["summary","setName","N"]]`)).host(formWith(`onBridgeError`, `other`)),
		op("uiModificationsApi.onInit", "forms: without errors", modifies(`[["summary","setName","N"]]`)).host(formWith(`subscribeToErrors`, `other`)),

		op("uiModificationsApi.onChange", "changes: of another field", nothingChanged).host(formHost).back(changeOf("priority")),
		op("uiModificationsApi.onChange", "changes: of a field that is not in the form", nothingChanged).host(formHost).back(changeOf("none")),
		op("uiModificationsApi.onChange", "changes: two in order", modifies(`[["summary","setName","N"]]`)).host(formHost).back(changeOf("summary")).back(changeOf("priority")),
		op("uiModificationsApi.onChange", "failing: the handler", `{"$changes":[["summary","setName","N"]],"fails":"no room"}, {"$fields":["summary"]}`).host(formHost).
			back(changeOf("summary")),
		op("uiModificationsApi.onChange", "failing: the submission", nothingChanged).host(formWith(`return "submitted"`, `throw new Error("because of Z")`)).
			back(changeOf("summary")),
		op("uiModificationsApi.onChange", "failing: the subscription", nothingChanged).host(formWith(`note("subscribeToChanges", f); payloads.push(f)`, `throw new Error("because of Z")`)).
			fails(rejected).saying("because of Z"),

		op("uiModificationsApi.onError", "errors: one", `{"$function":"failed"}`).host(formHost).
			back(`payloads[1]({ errors: [{ type: "FIELD_VALIDATION_FAILED", fieldId: "summary", fieldType: "summary", method: "setName", message: "too long" }] })`),
		op("uiModificationsApi.onError", "errors: of each kind", `{"$function":"failed"}`).host(formHost).
			back(`payloads[1]({ errors: [{ type: "SCREENTABS_VALIDATION_FAILED", message: "no" }, { type: "MULTIPLE_APPS_CONFLICT", cause: "FIELD", fieldId: "a", fieldType: "b", lifecycleHook: "onInit", method: "setName", message: "no" },
				{ type: "APPLY_CHANGES_FOR_UNREGISTERED_FIELD", fieldId: "a", fieldType: "b", message: "no" }] })`),
		op("uiModificationsApi.onError", "errors: none", `{"$function":"failed"}`).host(formHost).back(`payloads[1]({ errors: [] })`),
		op("uiModificationsApi.onError", "failing: the handler", `{"$function":"failed","fails":"no room"}`).host(formHost).back(`payloads[1]({ errors: [{ type: "SCREENTABS_VALIDATION_FAILED" }] })`),
		op("uiModificationsApi.onError", "failing: the subscription", `{"$function":"failed"}`).host(formWith(`note("subscribeToErrors", f); payloads.push(f)`, `throw new Error("because of Z")`)).
			fails(rejected).saying("because of Z"),
		op("uiModificationsApi.onError", "forms: without errors", `{"$function":"failed"}`).host(formWith(`subscribeToErrors`, `other`)).fails(noErrors).
			different("fails: no errors", "A caller that waits for errors must know that none will come. The official client says nothing"),
	})

// hostsWithoutForm returns the cases of hosts that have no form that can be modified.
func hostsWithoutForm(name, args string) []operationCase {
	all := []operationCase{
		op(name, "hosts: a refusal", args).host(hostRefuses).fails(rejected).saying("because of Z"),
		op(name, "hosts: nothing", args).fails(invalidResponse),
		op(name, "hosts: no members", args).answers(`{}`).fails(invalidResponse),
	}
	for about, old := range map[string]string{"no id": `"i1"`, "no modifications": `[{ id: "u1", data: "D" }]`} {
		all = append(all, op(name, "hosts: "+about, args).host(formWith(old, `null`)).fails(invalidResponse).sends(causeText))
	}
	for _, action := range []string{"getOnInitData", "submit", "registerFields", "subscribeToChanges"} {
		all = append(all, op(name, "hosts: without "+action, args).host(formWith(action+":", "other:")).fails(invalidResponse).sends(causeText))
	}
	slices.SortFunc(all, func(a, b operationCase) int { return strings.Compare(a.Name, b.Name) })
	return all
}
