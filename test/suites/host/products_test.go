package host

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/browser"
)

// openProducts opens a module of the app that uses Atlassian's product bridges.
func openProducts(t *testing.T, module string) *ui {
	t.Helper()
	host := serveApp(t, "products", "static")
	u := &ui{t: t, host: host, page: chromium.Open(t, host.PageURLFor(devhost.Window{Module: module}))}
	u.app = u.frame("main/")
	return u
}

// product waits until the panel with that title has a text.
func (u *ui) product(title, want string) {
	u.t.Helper()
	u.page.Wait("the panel "+title+" with "+want, fmt.Sprintf(
		`[...document.querySelectorAll(".product")].some((p) => p.querySelector("summary").textContent === %q && p.innerText.includes(%q))`, title, want))
}

// press clicks a button by its method. Two clicks of a mouse in a short time would be a double click, of which the page
// ignores the second.
func press(e *browser.Element) { e.Call("function () { this.click(); }", nil) }

// usedExports are the exports of the product bridges that the tests of this file use. TestEveryExportOfProductBridgesIsUsed
// checks that there are no others.
var usedExports = []string{
	"ViewIssueModal", "CreateIssueModal", "workflowRules.onConfigure", "REQUEST_TYPE_CF_TYPE", "uiModificationsApi.onInit",
	"uiModificationsApi.onChange", "uiModificationsApi.onError", "customFieldApi.getFieldData", "refreshIssueView",
	"getEditorContent", "updateMacro", "getMacroContent", "setMacroViewportHeight", "updateBylineProperties",
	"widgetEdit.onSave", "widgetEdit.onProductSave", "widgetEdit.onSaveError", "widgetEdit.updateConfig", "widget.setPreviewConfig",
}

func TestEveryExportOfProductBridgesIsUsed(t *testing.T) {
	u := openProducts(t, "panel")
	var exported []string
	u.app.Eval(`exported()`, &exported)
	slices.Sort(exported)
	used := slices.Sorted(slices.Values(usedExports))
	if !slices.Equal(exported, used) {
		t.Errorf("the product bridges export\n%q\nand the tests use\n%q", exported, used)
	}
}

func TestJiraDialogs(t *testing.T) {
	u := openProducts(t, "panel")
	u.want(u.app, `new jira.ViewIssueModal({context: {issueKey: "FT-3"}, onClose: hear("viewed")}).open()`, "undefined")
	u.page.Wait("the dialog", `document.querySelector("dialog[open] h2")?.textContent === "Issue FT-3"`)
	u.page.Find("button", "Close").Click()
	u.hears(u.app, `[["viewed"]]`)
	u.page.Wait("no dialog", `!document.querySelector("dialog")`)

	u.want(u.app, `new jira.CreateIssueModal({context: {summary: "Buy milk"}, onClose: hear("created")}).open()`, "undefined")
	u.page.Wait("the values", `document.querySelector("dialog[open] pre")?.textContent.includes("Buy milk")`)
	u.page.Find("textbox", "Ids of the issues that the app is told").Fill("10, 11")
	u.page.Find("button", "Create").Click()
	u.hears(u.app, `[["viewed"],["created",{"payload":[{"issueId":"10"},{"issueId":"11"}]}]]`)
	u.want(u.app, `new jira.CreateIssueModal({onClose: hear("cancelled")}).open()`, "undefined")
	u.page.Find("button", "Cancel").Click()
	u.hears(u.app, `[["viewed"],["created",{"payload":[{"issueId":"10"},{"issueId":"11"}]}],["cancelled",{"payload":[]}]]`)

	u.want(u.app, `jira.refreshIssueView()`, "undefined")
	u.notice("Jira would fetch the issue around the app again.")
	u.want(u.app, `jira.REQUEST_TYPE_CF_TYPE`, `"com.atlassian.servicedesk:vp-origin"`)
	u.page.Quiet()
}

func TestWorkflowRuleIsSaved(t *testing.T) {
	u := openProducts(t, "panel")
	u.want(u.app, `jira.workflowRules.onConfigure(() => globalThis.config)`, "undefined")
	save := u.page.Find("button", "Save the rule")
	for config, want := range map[string]string{
		`undefined`:                       "the form stays open",
		`JSON.stringify({key: "val"})`:    `{"key":"val"}`,
		`"{"`:                             "The configuration is not JSON",
		`7`:                               "The configuration must be a text, and is a number.",
		`JSON.stringify("a".repeat(1e5))`: "more than 100 kB",
	} {
		u.app.Eval(`globalThis.config = `+config+`, 0`, nil)
		press(save)
		u.product("Workflow rule", want)
	}
	u.want(u.app, `jira.workflowRules.onConfigure(() => { throw new Error("no room"); })`, "undefined")
	press(save)
	u.product("Workflow rule", "no room")
	u.page.Find("button", "Save the rule").WaitCount(1) // one panel for all handlers
}

func TestCustomFieldChanges(t *testing.T) {
	u := openProducts(t, "panel")
	u.want(u.app, `jira.customFieldApi.getFieldData(hear("field"))`, "undefined")
	u.hears(u.app, `[["field",{"fieldValue":null}]]`)
	u.page.Find("textbox", "Value as JSON").Fill(`{"team":"Forge"}`)
	u.page.Find("button", "Change the value").Click()
	u.hears(u.app, `[["field",{"fieldValue":null}],["field",{"fieldValue":{"team":"Forge"}}]]`)
	u.product("Custom field", "1 handler of the app got the value.")
	u.page.Find("textbox", "Value as JSON").Fill(`{`)
	u.page.Find("button", "Change the value").Click()
	u.page.Wait("a problem", `document.querySelector(".product-status").textContent.includes("JSON")`)
	u.page.Quiet()
}

func TestFormIsModified(t *testing.T) {
	u := openProducts(t, "panel")
	u.want(u.app, `jira.uiModificationsApi.onError(({errors}) => hear("refused")(...errors.map(({type, fieldId}) => type + " " + fieldId)))`, "undefined")
	u.want(u.app, `jira.uiModificationsApi.onInit(({api, uiModifications}) => {
		api.getFieldById("summary").setName("Short text").setDescription("Say what to do.").setValue("Buy bread");
		api.getFieldById("priority").setValue("1").setReadOnly(true);
		api.getFieldById("assignee").setVisible(false).setRequired(true);
		api.getFieldById("customfield_10035").setOptionsVisibility(["10001"], true);
		api.getFieldById("labels").setValue(["not registered"]);
		api.getScreenTabById("10001").focus();
		hear("init")(uiModifications.length, api.getFields().length, api.getScreenTabs().length);
	}, () => ["summary", "priority", "assignee", "customfield_10035"])`, "undefined")
	u.hears(u.app, `[["init",1,6,2],["refused","APPLY_CHANGES_FOR_UNREGISTERED_FIELD labels"]]`)
	for _, want := range []string{"Short text", "Say what to do.", "read-only", "hidden", `options {"options":["10001"],"isVisible":true}`, "10001 (in front)", "is not among the registered fields"} {
		u.product("Form", want)
	}
	if got := u.page.Find("textbox", "Short text").Value(); got != "Buy bread" {
		t.Errorf("the summary is %q", got)
	}

	u.want(u.app, `jira.uiModificationsApi.onChange(({change, api}) => {
		hear("change")(change.current.getId(), change.current.getValue());
		api.getFieldById("priority").setValue("9");
		api.getFieldById("labels").setValue(["shopping"]);
		api.getScreenTabById("10001").setVisible(false);
	}, () => ["labels", "priority"])`, "undefined")
	u.app.Eval(`heard.length = 0, 0`, nil)
	u.page.Find("textbox", "Short text").Fill("Buy milk")
	u.page.Press(browser.Tab)
	u.hears(u.app, `[["change","summary","Buy milk"],["refused","FIELD_VALIDATION_FAILED priority","SCREENTABS_VALIDATION_FAILED undefined"]]`)
	u.page.Wait("the labels", `document.querySelector("[data-field=labels]").value === '["shopping"]'`)
	u.product("Form", "The tab 10001 is in front, so it cannot be hidden.")
	u.page.Quiet()
}

func TestConfluenceEditor(t *testing.T) {
	u := openProducts(t, "chart")
	u.want(u.app, `confluence.getEditorContent().then(({data}) => JSON.parse(data).type)`, `"doc"`)
	u.want(u.app, `confluence.getMacroContent().then(({data}) => JSON.parse(data).attrs.extensionKey)`, `"chart"`)
	u.want(u.app, `confluence.updateMacro({data: JSON.stringify({type: "extension", attrs: {text: "New"}})})`, `true`)
	u.product("Editor", "The app has updated the macro.")
	u.want(u.app, `confluence.getMacroContent().then(({data}) => data)`, `"{\"type\":\"extension\",\"attrs\":{\"text\":\"New\"}}"`)
	for _, node := range []string{`"{"`, `"7"`, `"{}"`} {
		u.want(u.app, `confluence.updateMacro({data: `+node+`})`, `false`)
	}
	u.want(u.app, `confluence.setMacroViewportHeight("321")`, `true`)
	u.page.Wait("the height", `document.querySelector("iframe").getBoundingClientRect().height === 321`)
	if got := ask(u.app, `confluence.setMacroViewportHeight("1.5")`); !strings.Contains(got, "positive integer") {
		t.Errorf("a fraction: %s", got)
	}
	u.want(u.app, `bridge.events.on("FORGE_CONTENT_PROPERTY_UPDATED", hear("byline")).then(() => confluence.updateBylineProperties({propertyKey: "status", valueUpdate: {title: "Approved"}}))`, "undefined")
	u.hears(u.app, `[["byline",{"propertyKey":"status","valueUpdate":{"title":"Approved"}}]]`)
	u.notice(`Confluence would show the byline item “status” with { "title": "Approved" }`)
	u.page.Find("checkbox", "The page is being edited").Click()
	for _, call := range []string{"getEditorContent()", "getMacroContent()", `updateMacro({data: "{}"})`} {
		if got := ask(u.app, "confluence."+call); !strings.Contains(got, "The page is not being edited") {
			t.Errorf("%s outside of the editor: %s", call, got)
		}
	}
}

func TestWidgetIsSaved(t *testing.T) {
	u := openProducts(t, "panel")
	u.want(u.app, `dashboards.widget.setPreviewConfig({title: "Preview"})`, "undefined")
	u.product("Dashboard widget (EAP)", `"title": "Preview"`)
	u.want(u.app, `dashboards.widgetEdit.updateConfig({title: "Sales"})`, "undefined")
	save := u.page.Find("button", "Save")
	press(save)
	u.product("Dashboard widget (EAP)", "the dashboard saved nothing")
	u.want(u.app, `dashboards.widgetEdit.onProductSave(async (config) => (hear("product")(config), {...config, n: 1}))`, "undefined")
	u.want(u.app, `dashboards.widgetEdit.onSave(async (config, {widgetId}) => hear("save")(config, widgetId))`, "undefined")
	u.want(u.app, `dashboards.widgetEdit.onSaveError((error) => hear("failed")(error))`, "undefined")
	press(save)
	u.hears(u.app, `[["product",{"title":"Sales"}],["save",{"title":"Sales"},"widget-1"]]`)
	u.product("Dashboard widget (EAP)", `"n": 1`)
	u.page.Find("checkbox", "Let the next save fail").Click()
	press(save)
	u.hears(u.app, `[["product",{"title":"Sales"}],["save",{"title":"Sales"},"widget-1"],["product",{"title":"Sales"}],["failed","The dashboard could not save the widget."]]`)
	u.product("Dashboard widget (EAP)", "The dashboard could not save the widget.")
	u.page.Quiet()
}
