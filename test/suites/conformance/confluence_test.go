package conformance

import "slices"

func contents(name string) []operationCase {
	return []operationCase{
		op(name, "answers: a document", ``).answers(`{ data: '{"version":1,"type":"doc","content":[{"type":"text","text":"é"}]}' }`),
		op(name, "answers: nothing", ``).fails(noContent),
		op(name, "answers: null", ``).answers(`null`).fails(noContent),
		op(name, "answers: false", ``).answers(`false`).fails(noContent),
		op(name, "answers: an empty text", ``).answers(`""`).fails(noContent),
		op(name, "answers: text that is no JSON", ``).answers(`{ data: "{" }`).fails(invalidResponse).different("fails: invalid response", notDocument),
		op(name, "answers: another object", ``).answers(`{ a: 1 }`).fails(invalidResponse).different("fails: invalid response", notDocument),
		op(name, "answers: a refusal", ``).host(hostRefuses).fails(rejected).saying("because of Z"),
	}
}

const (
	notDocument = "The function returns the document itself. The official client returns what the host has answered"
	falseError  = "That the host has not done it is an error. The official client returns false"
)

var confluenceCases = slices.Concat(contents("getEditorContent"), contents("getMacroContent"), []operationCase{
	op("updateMacro", "macros: a node", `{"data":"{\"type\":\"extension\",\"attrs\":{\"text\":\"é <b>\"}}"}`).answers(`true`),
	op("updateMacro", "answers: false", `{"data":"{}"}`).answers(`false`).fails(notUpdated).different("fails: not updated", falseError),
	op("updateMacro", "answers: a refusal", `{"data":"{}"}`).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("setMacroViewportHeight", "heights: 200", `"200"`).answers(`true`),
	op("setMacroViewportHeight", "heights: 1", `"1"`).answers(`true`),
	op("setMacroViewportHeight", "heights: 0", `"0"`).fails(invalidRequest),
	op("setMacroViewportHeight", "heights: less than 0", `"-5"`).fails(invalidRequest),
	op("setMacroViewportHeight", "answers: false", `"200"`).answers(`false`).fails(notResized).different("fails: not resized", falseError),
	op("setMacroViewportHeight", "answers: a refusal", `"200"`).host(hostRefuses).fails(rejected).saying("because of Z"),
	op("updateBylineProperties", "texts: all", `{"propertyKey":"k","valueUpdate":{"title":"T","icon":"i.png","tooltip":"tip"}}`),
	op("updateBylineProperties", "texts: one", `{"propertyKey":"k","valueUpdate":{"title":"é"}}`),
	op("updateBylineProperties", "texts: none", `{"propertyKey":"k","valueUpdate":{}}`),
	op("updateBylineProperties", "texts: an empty one", `{"propertyKey":"k","valueUpdate":{"title":""}}`).sends("An empty text is none"),
	op("updateBylineProperties", "answers: a refusal", `{"propertyKey":"k","valueUpdate":{}}`).host(hostRefuses).fails(rejected).saying("because of Z"),
})
