package conformance

import "slices"

const onceClosed = "A dialog closes once, and then its handler is not called any more"

// dialogs returns the cases that both dialogs of Jira have. closed is the argument of onClose.
func dialogs(name, options, closed string) []operationCase {
	open := func(about string) operationCase { return op(name, about, options).then(".open", ``) }
	closing := `{"context":{"issueKey":"FT-3"},"onClose":{"$function":"closed"}}`
	failing := `{"context":{"issueKey":"FT-3"},"onClose":{"$function":"closed","fails":"no room"}}`
	return []operationCase{
		open("answers: true").answers(`true`),
		open("answers: nothing"),
		open("answers: null").answers(`null`),
		open("answers: false").answers(`false`).fails(noDialog),
		open("answers: a refusal").host(hostRefuses).fails(rejected).saying("because of Z"),
		open("closing: without a handler").back(`payloads[0].data.onClose(` + closed + `)`),
		op(name, "closing: a handler that fails", failing).then(".open", ``).back(`payloads[0].data.onClose(` + closed + `)`),
		op(name, "closing: twice", closing).then(".open", ``).back(`payloads[0].data.onClose(` + closed + `)`).
			back(`payloads[0].data.onClose(` + closed + `)`).hears(onceClosed),
	}
}

var jiraCases = slices.Concat(
	dialogs("ViewIssueModal", `{"context":{"issueKey":"FT-3"}}`, ``),
	[]operationCase{
		op("ViewIssueModal", "options: a key", `{"context":{"issueKey":"FT-3"}}`).then(".open", ``),
		op("ViewIssueModal", "options: an empty key", `{"context":{"issueKey":""}}`).fails(invalidRequest),
		op("ViewIssueModal", "options: none", ``).fails(invalidRequest),
		op("ViewIssueModal", "closing: a handler", `{"context":{"issueKey":"FT-3"},"onClose":{"$function":"closed"}}`).then(".open", ``).back(`payloads[0].data.onClose()`),
	},
	dialogs("CreateIssueModal", `{"context":{"summary":"S"}}`, `{ payload: [] }`),
	[]operationCase{
		op("CreateIssueModal", "options: none", ``).then(".open", ``),
		op("CreateIssueModal", "options: no context", `{}`).then(".open", ``),
		op("CreateIssueModal", "options: all", `{"context":{"projectId":"10114","issueTypeId":"10004","requestType":"jism/newaccount","parentId":"10152",`+
			`"summary":"Issue summary","description":{"version":1,"type":"doc","content":[]},"environment":{"version":1,"type":"doc","content":[]},`+
			`"assignee":"5cfa","reporter":"5cfb","labels":["label-one","label-two"],"duedate":"2022-02-28","priority":"2","components":["10294","10295"],`+
			`"versions":["10039"],"fixVersions":["10039"],"customfield_10010":"custom value","customfield_10028":7}}`).then(".open", ``),
		op("CreateIssueModal", "closing: with issues", `{"onClose":{"$function":"closed"}}`).then(".open", ``).
			back(`payloads[0].data.onClose({ payload: [{ issueId: "10" }, { issueId: "11" }] })`),
		op("CreateIssueModal", "closing: without issues", `{"onClose":{"$function":"closed"}}`).then(".open", ``).back(`payloads[0].data.onClose({ payload: [] })`),
		op("CreateIssueModal", "closing: with nothing", `{"onClose":{"$function":"closed"}}`).then(".open", ``).back(`payloads[0].data.onClose()`).
			hears("A handler gets an error if the host does not say which issues were created"),

		configure("saving: a configuration", `{"$function":"configure","returns":"{\"key\":\"val\"}"}`),
		configure("saving: null", `{"$function":"configure","returns":"null"}`),
		configure("saving: a list", `{"$function":"configure","returns":"[1,\"é\"]"}`),
		configure("saving: a form that is not complete", `{"$function":"configure"}`),
		configure("saving: a handler that fails", `{"$function":"configure","fails":"no room"}`),
		op("workflowRules.onConfigure", "saving: twice", `{"$function":"configure","returns":"1"}`).back(saveRule).back(saveRule),
		op("workflowRules.onConfigure", "answers: true", `{"$function":"configure"}`).answers(`true`),
		op("workflowRules.onConfigure", "answers: false", `{"$function":"configure"}`).answers(`false`).fails(notConfigured),
		op("workflowRules.onConfigure", "answers: a refusal", `{"$function":"configure"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	},
	outcomes("refreshIssueView", ``, notRefreshed),
	[]operationCase{
		fieldData("values: text").back(`payloads[1]({ fieldValue: "red" })`),
		fieldData("values: an object").back(`payloads[1]({ fieldValue: { a: [1, null] } })`),
		fieldData("values: null").back(`payloads[1]({ fieldValue: null })`),
		fieldData("values: three in order").back(`payloads[1]({ fieldValue: 1 }), payloads[1]({ fieldValue: 2 }), payloads[1]({ fieldValue: 3 })`),
		op("customFieldApi.getFieldData", "values: a handler that fails", `{"$function":"heard","fails":"no room"}`).host(fieldHost).back(`payloads[1]({ fieldValue: 1 })`),
		op("customFieldApi.getFieldData", "answers: a refusal", `{"$function":"heard"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
		op("customFieldApi.getFieldData", "answers: nothing", `{"$function":"heard"}`).fails(invalidResponse),
		op("customFieldApi.getFieldData", "answers: an object without functions", `{"$function":"heard"}`).answers(`{ actions: {} }`).fails(invalidResponse),
		op("customFieldApi.getFieldData", "answers: a subscription that is refused", `{"$function":"heard"}`).
			answers(`{ actions: { onFieldDataChange: async () => { throw new Error("because of Z"); } } }`).fails(rejected).saying("because of Z"),
	},
)

// saveRule is what the host does when the user saves the rule.
const saveRule = `Promise.resolve(payloads[0].data.onConfigure()).then((config) => note("saved", config))`

func configure(about, handler string) operationCase {
	return op("workflowRules.onConfigure", about, handler).back(saveRule)
}

// fieldHost is a host that shows a custom field. payloads[1] is the handler.
const fieldHost = `() => ({ actions: {
	onFieldDataChange: async (f) => { note("onFieldDataChange", f); payloads.push(f); },
	onBridgeError: async (error) => { note("onBridgeError", error); },
} })`

func fieldData(about string) operationCase {
	return op("customFieldApi.getFieldData", about, `{"$function":"heard"}`).host(fieldHost)
}
