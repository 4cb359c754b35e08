package conformance

import "slices"

// folder answers as an app's own folder of translations does.
const folder = `(request) => {
	const files = {
		"i18n-info.json": { config: { locales: ["en-US", "de-DE", "fr-FR", "es-ES"], fallback: { default: "en-US", "de-DE": ["fr-FR"], "es-ES": [] } } },
		"en-US.json": { title: "Title", both: "both in English", nested: { deep: "deep in English", deeper: { deepest: "deepest" } }, "dotted.key": "dotted", empty: "", number: 5 },
		"de-DE.json": { title: "Titel", nested: { deep: "tief" } },
		"fr-FR.json": { title: "Titre", both: "les deux" },
		"es-ES.json": { title: "Título" },
	};
	const file = files[request.url.split("/__LOCALES__/")[1]];
	return file ? Response.json(file) : new Response("no", { status: 404, statusText: "Not Found" });
}`

const inGerman = `() => ({ locale: "de_DE", moduleKey: "m" })`

func translations(about, args string) operationCase {
	return op("i18n.getTranslations", about, args).fetch(folder).host(inGerman)
}

func translated(about, locale string) operationCase {
	return op("i18n.createTranslationFunction", about, locale).fetch(folder).host(inGerman)
}

var translationCases = []operationCase{
	translations("locales: the context's", ``),
	translations("locales: null for the context's", `null`),
	translations("locales: one that is there", `"fr-FR"`),
	translations("locales: one that falls back to the default", `"ja-JP"`),
	translations("locales: one with a fall-back", `"de-DE"`),
	translations("options: without fall-back, there", `"es-ES", {"fallback":false}`),
	translations("options: without fall-back, not there", `"ja-JP", {"fallback":false}`),
	translations("options: with fall-back", `"ja-JP", {"fallback":true}`),
	translations("files: read once", `"fr-FR"`).times(3),
	translations("files: read again after a reset", `"fr-FR"`).then("i18n.resetTranslationsCache", ``).then("i18n.getTranslations", `"fr-FR"`),
	op("i18n.getTranslations", "files: no list", `"fr-FR"`).fetch(`() => new Response("no", { status: 404 })`).fails(unavailable),
	op("i18n.getTranslations", "files: the list is no JSON", `"fr-FR"`).fetch(`() => new Response("<html>")`).fails(unavailable),
	op("i18n.getTranslations", "files: a locale's file is missing", `"fr-FR"`).
		fetch(`(request) => request.url.endsWith("info.json") ? Response.json({ config: { locales: ["fr-FR"], fallback: { default: "fr-FR" } } }) : new Response("", { status: 404 })`).
		fails(unavailable),
	op("i18n.getTranslations", "locales: the context is refused", ``).fetch(folder).host(hostRefuses).fails(rejected).saying("because of Z"),
	translated("keys: one that is there", `"fr-FR"`).then(".", `"title"`),
	translated("keys: in the context's locale", ``).then(".", `"title"`).then(".", `"both"`).then(".", `"nested.deep"`).then(".", `"nested.deeper.deepest"`),
	translated("keys: with dots", `"en-US"`).then(".", `"dotted.key"`).then(".", `"nested.deep"`),
	translated("keys: none such", `"en-US"`).then(".", `"nothing"`).then(".", `"nothing.at.all"`),
	translated("keys: none such, with a default", `"en-US"`).then(".", `"nothing", "a default"`).then(".", `"nothing", ""`),
	translated("keys: a number", `"en-US"`).then(".", `"number"`),
	translated("keys: an object", `"en-US"`).then(".", `"nested"`),
	translated("keys: empty text", `"en-US"`).then(".", `"empty"`).then(".", `"empty", "a default"`),
	translated("locales: fall-back", `"ja-JP"`).then(".", `"title"`),
	translated("locales: without entries of its own", `"es-ES"`).then(".", `"both"`).then(".", `"title"`),
	op("i18n.createTranslationFunction", "files: no list", `"fr-FR"`).fetch(`() => new Response("no", { status: 404 })`).fails(unavailable),
	op("i18n.createTranslationFunction", "locales: the context is refused", ``).fetch(folder).host(hostRefuses).fails(rejected).saying("because of Z"),
}

// In someFlags the flag "dark-mode" is on, "old" is disabled, and "off" is off.
const someFlags = `{ feature_flags: { "1008556793": { value: true }, "193501540": { value: true, disabled: true }, "193501344": { value: false } } }`

func initialized(about, args string) operationCase {
	return op("FeatureFlags", about, ``).answers(someFlags).then(".initialize", args)
}

const aUser = `{"identifiers":{"accountId":"712020:a"}}`

var featureFlagCases = slices.Concat([]operationCase{
	initialized("users: an account", aUser),
	initialized("users: an installation", `{"identifiers":{"installContext":"ari:cloud:jira::site/1"}}`),
	initialized("users: attributes", `{"attributes":{"license":"paid","seats":5,"share":0.5},"identifiers":{"accountId":"a"}}`),
	initialized("users: nothing", `{}`),
	initialized("environments: development", aUser+`, {"environment":"development"}`),
	initialized("environments: staging", aUser+`, {"environment":"staging"}`),
	initialized("environments: production", aUser+`, {"environment":"production"}`),
	initialized("environments: one that there is not", aUser+`, {"environment":"test"}`).fails(invalidRequest),
	initialized("environments: in capitals", aUser+`, {"environment":"PRODUCTION"}`).fails(invalidRequest),
	initialized("flags: not initialized any more", aUser).then(".isInitialized", ``).then(".shutdown", ``).then(".isInitialized", ``),
	initialized("flags: shut down twice", aUser).then(".shutdown", ``).then(".shutdown", ``),
	op("FeatureFlags", "answers: nothing", ``).then(".initialize", aUser).then(".checkFlag", `"dark-mode"`).then(".checkFlag", `"dark-mode", true`),
	op("FeatureFlags", "answers: no flags", ``).answers(`{}`).then(".initialize", aUser).then(".checkFlag", `"dark-mode", true`),
	op("FeatureFlags", "answers: a refusal", ``).host(hostRefuses).then(".initialize", aUser).fails(rejected).saying("because of Z"),
	op("FeatureFlags", "answers: a refusal, and again", ``).host(`() => { if (payloads.length < 2) throw new Error("because of Z"); return `+someFlags+`; }`).
		then(".initialize", aUser).fails(rejected).then(".initialize", aUser).then(".checkFlag", `"dark-mode"`),
}, flags())

func flags() []operationCase {
	var all []operationCase
	for _, f := range []string{`"dark-mode"`, `"dark-mode", true`, `"  dark-mode\n"`, `"old"`, `"old", true`, `"off"`, `"off", true`, `"unknown"`, `"unknown", true`, `""`, `"", true`, `"größe 🎉"`, `"\ufeff\u00a0dark-mode\u2028"`, `"\u0085dark-mode"`} {
		all = append(all, initialized("flags: "+f, aUser).then(".checkFlag", f))
	}
	return all
}
