package conformance

import "slices"

// Common answers of hosts.
const (
	hostRefuses  = `() => { throw new Error("because of Z") }`
	refusesOddly = `() => Promise.reject("because of Z")`
)

// outcomes returns a case for each way in which a host can answer a call that it may refuse. falseKind is the kind of error
// that our client returns for false. It is empty if false counts as success.
func outcomes(name, args, falseKind string) []operationCase {
	no := op(name, "answers: false", args).answers(`false`)
	if falseKind != "" {
		no = no.fails(falseKind)
	}
	return []operationCase{
		op(name, "answers: true", args).answers(`true`),
		op(name, "answers: nothing", args),
		op(name, "answers: null", args).answers(`null`),
		no,
		op(name, "answers: a refusal", args).host(hostRefuses).fails(rejected).saying("because of Z"),
		op(name, "answers: a refusal that is no Error", args).host(refusesOddly).fails(rejected).saying("because of Z"),
	}
}

// payloads returns calls with the payloads that a caller may send.
func payloads(name string) []operationCase {
	return []operationCase{
		op(name, "payloads: none", ``),
		op(name, "payloads: an object", `{"formatted":true,"n":[1,2.5,null,{"a":"b"}]}`),
		op(name, "payloads: an empty object", `{}`),
		op(name, "payloads: text", `"héllo 🎉"`),
		op(name, "payloads: empty text", `""`),
		op(name, "payloads: a number", `0`),
		op(name, "payloads: false", `false`),
		op(name, "payloads: an array", `[1,"a",{"b":[]}]`),
	}
}

var viewCases = slices.Concat(
	payloads("view.submit"), outcomes("view.submit", `{"a":1}`, notSubmittable),
	payloads("view.close"), outcomes("view.close", ``, notClosable),
	outcomes("view.open", ``, notOpenable),
	payloads("view.refresh"), outcomes("view.refresh", `{"a":1}`, notRefreshable),
	outcomes("view.onClose", `{"$function":"closing"}`, notClosable),
	[]operationCase{
		op("view.onClose", "callbacks: the view closes", `{"$function":"closing"}`).back(`payloads[0]()`),
		op("view.onClose", "callbacks: twice", `{"$function":"closing"}`).back(`payloads[0](), payloads[0]()`),
	},
	outcomes("view.theme.enable", ``, ""),
	outcomes("view.changeWindowTitle", `"A title"`, ""),
	[]operationCase{
		op("view.changeWindowTitle", "titles: empty", `""`),
		op("view.changeWindowTitle", "titles: Unicode", `"Tâches 🎉 \" \\ \u2028"`),
	},
	contexts, readyCases,
)

const fullContext = `{
	accountId: "712020:a", cloudId: "c", workspaceId: "w", localId: "ari:cloud:ecosystem::extension/a/b", moduleKey: "m", siteUrl: "https://a.atlassian.net",
	environmentId: "e", environmentType: "DEVELOPMENT", locale: "en-US", timezone: "Europe/Paris", surfaceColor: "#fff",
	theme: { colorMode: "dark", dark: "dark", light: "light", spacing: "spacing" },
	userAccess: { enabled: true, hasAccess: false }, remoteInstallationRegion: "EU",
	license: { active: true, billingPeriod: "MONTHLY", isEvaluation: false, type: "COMMERCIAL", trialEndDate: "2027-01-01" },
	permissions: { scopes: ["read:jira-work"], external: { fetch: { client: ["https://a.example"] } } },
	extension: { type: "jira:issuePanel", issue: { key: "A-1", id: "1" }, nested: [1, { a: null }] },
}`

func localed(locale, about string) operationCase {
	return op("view.getContext", "locales: "+about, ``).answers(`{ moduleKey: "m", locale: ` + locale + ` }`)
}

var contexts = []operationCase{
	op("view.getContext", "contexts: with all that is documented", ``).answers(fullContext),
	op("view.getContext", "contexts: with the least", ``).answers(`{ localId: "l", moduleKey: "m", extension: {} }`),
	op("view.getContext", "contexts: with members that nobody knows", ``).answers(`{ moduleKey: "m", extension: { type: "t" }, futureThing: { a: [1, null] } }`),
	op("view.getContext", "contexts: a refusal", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
	localed(`"de-DE"`, "one of Forge's"),
	localed(`"de_DE"`, "with an underline"),
	localed(`"de"`, "a language alone"),
	localed(`"en"`, "English alone"),
	localed(`"pt"`, "Portuguese alone, which is not the first of the list"),
	localed(`"zh"`, "Chinese alone"),
	localed(`"nb"`, "bokmål"),
	localed(`"nb_NO"`, "bokmål of Norway"),
	localed(`"en_UK"`, "the UK for GB"),
	localed(`"en-AU"`, "one that Forge does not have"),
	localed(`"tlh"`, "a language that Forge does not have"),
	localed(`"zh_Hans_CN"`, "two underlines"),
	localed(`"DE-de"`, "in other letters"),
	localed(`undefined`, "absent"),
}

var readyCases = []operationCase{
	op("view.emitReadyEvent", "order: context, event, command", ``).host(`(command) => command === "getContext" ? { localId: "l", moduleKey: "m" } : undefined`),
	op("view.emitReadyEvent", "order: without a local id", ``).host(`(command) => command === "getContext" ? { moduleKey: "m" } : undefined`),
	op("view.emitReadyEvent", "answers: the command is refused", ``).host(`(command) => {
		if (command === "emitReadyEvent") throw new Error("because of Z");
		return command === "getContext" ? { localId: "l" } : undefined;
	}`),
	op("view.emitReadyEvent", "answers: the event is refused", ``).host(`(command) => {
		if (command === "emit") throw new Error("because of Z");
		return { localId: "l" };
	}`).fails(rejected).saying("because of Z"),
	op("view.emitReadyEvent", "answers: there is no context", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
}
