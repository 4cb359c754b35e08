package views

import "testing"

func (u *ui) setContext(text string) {
	u.t.Helper()
	u.page.Find("textbox", "extension").Fill(text)
	u.page.Eval(`document.querySelector("#context-form").requestSubmit()`, nil)
}

// The context is changed while the app runs, and what has been saved is seen there.
func TestContextPanel(t *testing.T) {
	u := open(t, serve(t, field, "context:\n  extension:\n    project: {key: MINE}\n"), "module=rating")
	u.app("show")
	u.page.Eval(`document.getElementById("context").open = true, 0`, nil)
	u.page.Wait("the extension", `document.getElementById("context-extension").value.includes('"MINE"')`)
	u.setContext(`{"issue": {"key": "REAL-7"}, "fieldValue": 3, "more": [1]}`)
	u.sees(u.app("show"), "issue", `{"key":"REAL-7"}`)
	// The page that was open may have answered that, before it was loaded again.
	u.app("show").Wait("the rest of the extension", `bridge.view.getContext().then(({extension: e}) =>
		JSON.stringify([e.fieldValue, e.more, "project" in e, e.type]) === '[3,[1],false,"jira:customField"]')`)
	u.page.Wait("the mark", `!document.getElementById("context-on").hidden`)

	for text, want := range map[string]string{`{`: "The extension is not JSON", `[1]`: "must be an object"} {
		u.setContext(text)
		u.page.Wait(want, `document.getElementById("context-state").textContent.includes("`+want+`")`)
	}
	u.page.Find("button", "Undo all changes").Click()
	u.sees(u.app("show"), "issue.key", `"DEMO-1"`)
	u.sees(u.app("show"), "project.key", `"MINE"`)
	u.page.Wait("no mark", `document.getElementById("context-on").hidden`)

	u.page.Find("textbox", "localId").Fill("other-place")
	u.page.Eval(`document.querySelector("#context-form").requestSubmit()`, nil)
	u.app("show").Wait("the local id", `bridge.view.getContext().then((c) => c.localId === "other-place")`)
	u.page.Quiet()
}
