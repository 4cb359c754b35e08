package views

import "testing"

const field = `  jira:customField:
    - key: rating
      name: Rating
      description: Stars from 1 to 5
      type: number
      view:
        resource: show
      edit:
        resource: setup
`

func TestFieldIsEditedInADialog(t *testing.T) {
	u := open(t, serve(t, field, ""), "module=rating")
	shown := u.app("show")
	u.want(shown, `bridge.view.getContext().then(({extension: e}) => [e.entryPoint, e.fieldValue, e.issue.key, e.renderContext])`, `["view",null,"DEMO-1","issue-view"]`)

	u.page.Eval(`document.querySelector("#stage a.button").click()`, nil)
	edit := u.app("setup")
	u.page.Wait("the dialog", `document.querySelector("dialog.over[open]")?.getAttribute("aria-label") === "Rating: Edit"`)
	u.want(edit, `bridge.view.getContext().then(({extension: e}) => [e.entryPoint, e.fieldValue])`, `["edit",null]`)
	u.page.Wait("both pages", `document.querySelectorAll("#stage iframe").length === 2`)
	edit.Eval(`void bridge.view.submit(4)`, nil)
	u.page.Wait("no dialog", `!document.querySelector(".over") && !location.search.includes("view=")`)
	u.page.Wait("the module in the menu", `document.querySelector(".side a[aria-current]").innerText.includes("Rating")`)
	u.sees(u.app("show"), "fieldValue", "4")

	// The value lasts while the host runs, in each window of the site.
	other := open(t, u.host, "module=rating&view=edit")
	u.want(other.app("setup"), `bridge.view.getContext().then((c) => c.extension.fieldValue)`, "4")
	other.app("setup").Eval(`void bridge.view.submit(5)`, nil)
	u.sees(u.app("show"), "fieldValue", "5")
	second := open(t, u.host, "module=rating&site=2")
	u.want(second.app("show~2"), `bridge.view.getContext().then((c) => c.extension.fieldValue)`, "null")
	u.page.Quiet()
}

func TestDialogIsClosedWithoutAValue(t *testing.T) {
	u := open(t, serve(t, field, ""), "module=rating&view=edit")
	edit := u.app("setup")
	edit.Eval(`globalThis.onClosed = bridge.view.onClose(() => { throw new Error("closed"); })`, nil)
	u.page.Find("button", "Close").Click()
	u.page.Wait("no dialog", `!document.querySelector(".over")`)
	u.want(u.app("show"), `bridge.view.getContext().then((c) => c.extension.fieldValue)`, "null")
}

func TestInlineViewTakesThePlace(t *testing.T) {
	for name, modules := range map[string]string{
		"field":  field + "        isInline: true\n",
		"gadget": "  jira:dashboardGadget:\n    - key: rating\n      title: {text: Burn rate, href: /burn}\n      description: x\n      thumbnail: https://example.com/x.svg\n      resource: show\n      edit: {resource: setup}\n",
	} {
		t.Run(name, func(t *testing.T) {
			u := open(t, serve(t, modules, ""), "module=rating&view=edit")
			edit := u.app("setup")
			u.page.Wait("the edit view in the place of the other", `!document.querySelector("dialog.over") && document.querySelector(".over.inline iframe") && document.querySelector("#stage .scroll > iframe").hidden`)
			edit.Eval(`void bridge.view.submit({refresh: 15})`, nil)
			u.page.Wait("the other view", `!document.querySelector("#stage .scroll > iframe").hidden && !document.querySelector(".over")`)
			u.sees(u.app("show"), map[string]string{"field": "fieldValue", "gadget": "gadgetConfiguration"}[name], `{"refresh":15}`)
		})
	}
}

const macro = `  macro:
    - key: chart
      title: Chart
      resource: show
      config:
        resource: setup
`

func TestMacroIsConfigured(t *testing.T) {
	u := open(t, serve(t, macro, ""), "module=chart&view=config")
	setup, shown := u.app("setup"), u.app("show")
	u.want(setup, `bridge.view.getContext().then(({extension: e}) => [e.macro, e.isEditing, e.config])`, `[{"isConfiguring":true,"isInserting":true},true,{}]`)
	u.want(shown, `bridge.view.getContext().then(({extension: e}) => [e.macro, e.isEditing])`, `[null,true]`)
	u.want(setup, `bridge.view.submit({name: "x"})`, "error: view.submit of a macro's configuration needs an object with the member config, which is an object")
	u.want(setup, `bridge.view.submit({config: {name: "Ann"}, keepEditing: true})`, "undefined")
	u.sees(u.app("show"), "config", `{"name":"Ann"}`)
	u.want(u.app("setup"), `bridge.view.getContext().then(({extension: e}) => [e.macro.isInserting, e.config])`, `[false,{"name":"Ann"}]`)
	u.app("setup").Eval(`void bridge.view.submit({config: {name: "Bo"}})`, nil)
	u.page.Wait("no dialog", `!document.querySelector(".over")`)
	u.sees(u.app("show"), "config", `{"name":"Bo"}`)
	u.sees(u.app("show"), "isEditing", "false")
}

// A value can start from forgego.yml. Then the macro is not new.
func TestValueStartsFromForgegoYML(t *testing.T) {
	u := open(t, serve(t, macro, "context:\n  modules:\n    chart:\n      extension:\n        config: {name: Start}\n"), "module=chart&view=config")
	u.want(u.app("setup"), `bridge.view.getContext().then(({extension: e}) => [e.macro.isInserting, e.config])`, `[false,{"name":"Start"}]`)
	u.app("setup").Eval(`void bridge.view.submit({config: {}})`, nil)
	u.sees(u.app("show"), "config", `{}`)
}

const rule = `  jira:workflowValidator:
    - key: estimate
      name: Needs an estimate
      description: x
      expression: "true"
      view:
        resource: show
      create:
        resource: setup
`

func TestWorkflowRuleIsSaved(t *testing.T) {
	u := open(t, serve(t, rule, ""), "module=estimate&view=create")
	u.want(u.app("setup"), `jira.workflowRules.onConfigure(() => JSON.stringify({least: 3}))`, "undefined")
	u.page.Find("button", "Save the rule").Click()
	u.page.Wait("no dialog", `!document.querySelector(".over")`)
	u.sees(u.app("show"), "validatorConfig", `"{\"least\":3}"`)
}

// A widget's configuration is saved by the dashboard.
func TestWidgetIsSaved(t *testing.T) {
	u := open(t, serve(t, "  dashboards:widget:\n    - {key: widget, title: Widget, thumbnail: x, resource: show, edit: {resource: setup}}\n", ""), "module=widget&view=edit")
	setup := u.app("setup")
	u.want(setup, `dashboards.widgetEdit.onProductSave(async (config) => config)`, "undefined")
	u.want(setup, `dashboards.widgetEdit.updateConfig({color: "red"})`, "undefined")
	u.page.Find("button", "Save").Click()
	u.sees(u.app("show"), "config", `{"color":"red"}`)
}

// A module without a view of its own shows the others in their place.
func TestViewsWithoutADisplay(t *testing.T) {
	u := open(t, serve(t, "  jira:customFieldType:\n    - {key: bounded, name: Bounded, description: x, type: number, contextConfig: {resource: setup}, edit: {resource: show}}\n", ""), "module=bounded")
	edit := u.app("show")
	u.want(edit, `bridge.view.getContext().then((c) => c.extension.entryPoint)`, `"edit"`)
	edit.Eval(`void bridge.view.submit(7)`, nil)
	u.page.Wait("the saved value", `document.querySelector("#notice").innerText.includes("saved") && document.querySelector("#notice code").textContent === "7"`)
	u.page.Find("button", "Open it again").Click()
	u.sees(u.app("show"), "fieldValue", "7")

	u.goTo("module=bounded&view=contextConfig")
	u.want(u.app("setup"), `bridge.view.getContext().then(({extension: e}) => [e.entryPoint, e.configuration, "issue" in e])`, `["contextConfig",null,false]`)
	u.app("setup").Eval(`void bridge.view.submit({configuration: {most: 9}})`, nil)
	u.page.Find("button", "Open it again").Click()
	u.sees(u.app("setup"), "configuration", `{"most":9}`)
}

func TestBackgroundScriptIsInvisible(t *testing.T) {
	u := open(t, serve(t, "  jira:globalBackgroundScript:\n    - {key: watcher, resource: show, experience: [all], target: {resource: setup}}\n", ""), "module=watcher")
	u.want(u.app("show"), `bridge.view.getContext().then((c) => c.moduleKey)`, `"watcher"`)
	u.page.Wait("an invisible frame", `getComputedStyle(document.querySelector("#stage .scroll > iframe")).opacity === "0" && document.querySelector("#stage").innerText.includes("runs in the background")`)
	u.page.Eval(`document.querySelector("#stage a.button").click()`, nil)
	u.app("setup")
	u.page.Wait("the dialog", `document.querySelector("dialog.over[open] iframe")?.clientHeight > 100`)
}

// The entries of the sidebar lead to parts of the app's page.
func TestPagesOfTheSidebar(t *testing.T) {
	u := open(t, serve(t, `  jira:globalPage:
    - key: hub
      title: Hub
      resource: show
      sections:
        - header: Work
          pages:
            - {title: Alerts, route: alerts}
            - {title: Reports, route: "reports 1"}
`, ""), "module=hub")
	u.app("show").Eval(`bridge.view.createHistory().then((h) => { globalThis.at = h.location.pathname; h.listen(({pathname}) => { globalThis.at = pathname; }); })`, nil)
	u.page.Find("link", "Alerts").Click()
	u.app("show").Wait("the app to be at alerts", `globalThis.at === "/alerts"`)
	u.page.Find("link", "Reports").Click()
	u.app("show").Wait("the app to be at reports", `globalThis.at === "/reports%201"`)
}
