package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

// In these tests, the official client's app uses each command of the bridge that has no test file of its own. The tests
// check what the product's page shows, what the app gets, and what its callbacks receive.

// gives evaluates an expression in the app and compares its value.
func (o *official) gives(t *testing.T, expression, want string) {
	t.Helper()
	wantJSON(t, o.app, expression, want)
}

// fails evaluates an expression in the app. The call must be refused with an error that contains want.
func (o *official) fails(t *testing.T, expression, want string) {
	t.Helper()
	got := o.String(`Promise.resolve().then(() => ` + expression + `).then(() => "done", (error) => error.message)`)
	if !strings.Contains(got, want) {
		t.Errorf("%s says %q, want %q", expression, got, want)
	}
}

// shows waits until the product's page has an element with this selector and this text.
func (o *official) shows(selector, text string) {
	o.t.Helper()
	o.Page.Wait(fmt.Sprintf("%s with %q", selector, text),
		fmt.Sprintf("[...document.querySelectorAll(%q)].some((element) => element.checkVisibility() && element.textContent.includes(%q))", selector, text))
}

// hears waits until the callbacks of the app in a frame have received these calls, as JSON.
func hears(f *browser.Frame, want string) {
	f.Wait("the callbacks to hear "+want, fmt.Sprintf("JSON.stringify(app.heard) === %q", want))
	f.Eval(`void (app.heard.length = 0)`, nil)
}

// dialog returns the app's page in the dialog that the app has opened.
func (o *official) dialog() *browser.Frame {
	o.t.Helper()
	f := o.Page.Iframe(apphost.AppOrigin(o.t, o.host.url) + "/dialog/")
	f.Wait("the app", `globalThis.app`)
	return f
}

// TestOfficialView tests view.
func TestOfficialView(t *testing.T) {
	o := newOfficial(t)
	o.gives(t, `app.view.submit({ n: 1 }).then(() => 1)`, `1`)
	o.shows("#notice", `{ "n": 1 }`)
	o.gives(t, `app.view.refresh({ again: true }).then(() => 1)`, `1`)
	o.shows("#notice", `{ "again": true }`)
	o.gives(t, `app.view.open().then(() => 1)`, `1`)
	o.gives(t, `app.view.changeWindowTitle("Seven tasks").then(() => 1)`, `1`)
	o.Page.Wait("the title", `document.title === "Seven tasks"`)
	o.gives(t, `app.view.emitReadyEvent().then(() => 1)`, `1`)
	o.shows("#notice", "ready")
	o.gives(t, `app.view.getFrameDispatch().then((dispatch) => typeof dispatch)`, `"undefined"`)
	o.gives(t, `app.view.getContext().then(app.view.createAdfRendererIframeProps).then(({ src }) => src)`, fmt.Sprintf("%q", o.host.origin()+"/forge-apps/adf-renderer"))

	o.gives(t, `app.view.theme.enable().then(() => 1)`, `1`)
	o.Page.Find("combobox", "Theme").Call(`function () { this.value = "dark"; this.dispatchEvent(new Event("change", { bubbles: true })); }`, nil)
	o.Wait("the dark theme", `document.documentElement.dataset.colorMode === "dark" && getComputedStyle(document.documentElement).getPropertyValue("--ds-surface") !== ""`)
	o.Page.Quiet()
}

// TestOfficialHistory tests view.createHistory.
func TestOfficialHistory(t *testing.T) {
	o := newOfficial(t)
	o.Eval(`app.view.createHistory().then((made) => { globalThis.made = made; made.listen((location, action) => app.hear("moved")(action, location.pathname)); })`, nil)
	o.gives(t, `Promise.resolve(made.push("/tasks/1")).then(() => 1)`, `1`)
	hears(o.Frame, `[["moved","PUSH","/tasks/1"]]`)
	o.Page.Wait("the address", `location.href.includes("/tasks/1")`)
	o.gives(t, `Promise.resolve(made.replace("/tasks/2")).then(() => 1)`, `1`)
	hears(o.Frame, `[["moved","REPLACE","/tasks/2"]]`)
	o.gives(t, `Promise.resolve(made.go(-1)).then(() => 1)`, `1`)
	hears(o.Frame, `[["moved","POP","/"]]`)
	o.gives(t, `made.location.pathname`, `"/"`)
}

// TestOfficialRouter tests router with every target.
func TestOfficialRouter(t *testing.T) {
	o := newOfficial(t)
	for target, path := range map[string]string{
		`{ target: app.NavigationTarget.Issue, issueKey: "FT-3" }`:                            "browse/FT-3",
		`{ target: app.NavigationTarget.SpaceView, spaceKey: "TEAM" }`:                        "wiki/spaces/TEAM",
		`{ target: app.NavigationTarget.ContentView, contentId: "1" }`:                        "wiki/pages/viewpage.action?pageId=1",
		`{ target: app.NavigationTarget.UserProfile, accountId: "a" }`:                        "people/a",
		`{ target: app.NavigationTarget.Dashboard, dashboardId: "7" }`:                        "jira/dashboards/7",
		`{ target: app.NavigationTarget.ProjectSettingsDetails, projectKey: "FT" }`:           "jira/software/projects/FT/settings/details",
		`{ target: app.NavigationTarget.Module, moduleKey: "panel" }`:                         "?module=panel",
		`{ target: app.NavigationTarget.ContentEdit, contentId: "1" }`:                        "wiki/spaces/DEMO/pages/edit-v2/1",
		`{ target: app.NavigationTarget.ContentList, contentType: "page", spaceKey: "TEAM" }`: "wiki/spaces/TEAM/pages",
	} {
		o.gives(t, `app.router.getUrl(`+target+`).then((url) => url.href)`, fmt.Sprintf("%q", o.host.url+path))
	}
	o.gives(t, `app.router.navigate({ target: "issue", issueKey: "FT-3" }).then(() => 1)`, `1`)
	o.shows("#notice", o.host.url+"browse/FT-3")
	o.gives(t, `app.router.open("/wiki/home").then(() => 1)`, `1`)
	o.shows("#notice", o.host.url+"wiki/home")
	o.Eval(`globalThis.old = true, void app.router.reload()`, nil)
	o.Wait("the app once more", `globalThis.app && !globalThis.old`)
	o.Eval(`void app.router.navigate({ target: "module", moduleKey: "panel" })`, nil)
	o.Page.Wait("the other module", `document.querySelector("h1")?.textContent === "No endpoint"`)
}

// TestOfficialFlag tests showFlag.
func TestOfficialFlag(t *testing.T) {
	o := newOfficial(t)
	o.gives(t, `(globalThis.flag = app.showFlag({ id: "a", title: "Task deleted", type: "success", actions: [{ text: "Undo", onClick: app.hear("undo") }] })) && 1`, `1`)
	o.shows(".flag", "Task deleted")
	o.Page.Find("button", "Undo").Click()
	hears(o.Frame, `[["undo"]]`)
	o.gives(t, `flag.close()`, `true`)
	o.Page.Wait("no flag", `!document.querySelector(".flag")`)
	o.Page.Quiet()
}

// TestOfficialModal tests Modal, view.onClose and view.close, and events between the app's two pages.
func TestOfficialModal(t *testing.T) {
	o := newOfficial(t)
	o.gives(t, `new app.Modal({ resource: "dialog", size: "small", title: "Task 7", context: { task: 7 }, onClose: app.hear("closed") }).open().then(() => 1)`, `1`)
	o.shows("dialog", "Task 7")
	dialog := o.dialog()
	d := app{exampleapp.App{Frame: dialog, Page: o.Page}}
	wantJSON(t, d, `app.view.getContext().then(({ extension }) => extension.modal)`, `{"task":7}`)

	wantJSON(t, d, `app.events.on("changed", app.hear("changed")).then(({ unsubscribe }) => { globalThis.unsubscribe = unsubscribe; return 1; })`, `1`)
	o.gives(t, `app.events.emit("changed", { n: 1 }).then(() => 1)`, `1`)
	hears(dialog, `[["changed",{"n":1}]]`)
	wantJSON(t, d, `app.events.on("file", async (blob) => app.hear("file")(blob.type, await blob.text())).then(() => 1)`, `1`)
	o.gives(t, `app.events.emit("file", new Blob(["abc"], { type: "text/plain" })).then(() => 1)`, `1`)
	hears(dialog, `[["file","text/plain","abc"]]`)
	wantJSON(t, d, `app.events.onPublic("public", app.hear("public")).then(() => 1)`, `1`)
	o.gives(t, `app.events.emitPublic("public", "hello").then(() => 1)`, `1`)
	hears(dialog, `[["public","hello"]]`)
	wantJSON(t, d, `Promise.resolve(unsubscribe()).then(() => 1)`, `1`)
	o.gives(t, `app.events.emit("changed", { n: 2 }).then(() => app.events.emitPublic("public", "after it")).then(() => 1)`, `1`)
	hears(dialog, `[["public","after it"]]`)

	dialog.Eval(`app.view.close({ saved: true }), 0`, nil)
	hears(o.Frame, `[["closed",{"saved":true}]]`)
	o.Page.Wait("no dialog", `!document.querySelector("dialog[open]")`)
	o.Page.Quiet()
}

// TestOfficialRealtime tests realtime between two windows that share only the host.
func TestOfficialRealtime(t *testing.T) {
	o := newOfficial(t)
	other := o.host.open(t)
	other.Wait("the app", `globalThis.app`)
	wantJSON(t, other, `app.realtime.subscribe("tasks", app.hear("heard")).then(({ unsubscribe }) => { globalThis.unsubscribe = unsubscribe; return 1; })`, `1`)
	o.gives(t, `app.realtime.publish("tasks", { n: 1 }).then(({ eventId }) => typeof eventId)`, `"string"`)
	hears(other.Frame, `[["heard",{"n":1}]]`)
	wantJSON(t, other, `app.realtime.subscribeGlobal("news", app.hear("news")).then(() => 1)`, `1`)
	wantJSON(t, other, `Promise.resolve(unsubscribe()).then(() => 1)`, `1`)
	o.gives(t, `app.realtime.publish("tasks", "not heard").then(() => app.realtime.publishGlobal("news", "all")).then(() => 1)`, `1`)
	hears(other.Frame, `[["news","all"]]`)
	wantJSON(t, other, `app.realtime.subscribe("board", app.hear("board"), { contextOverrides: [app.Jira.Board], replaySeconds: 10 }).then(() => 1)`, `1`)
	o.gives(t, `app.realtime.publish("board", "moved", { contextOverrides: [app.Jira.Board] }).then(() => 1)`, `1`)
	hears(other.Frame, `[["board","moved"]]`)
}

// TestOfficialPermissions tests permissions, which an admin approves, checkPermissions and createPermissionUtils.
func TestOfficialPermissions(t *testing.T) {
	o := newOfficial(t)
	const group = `{"configured":[{"domain":"api.example.com","type":["FETCH_CLIENT_SIDE"]}],"description":"The API","key":"g"}`
	// approved makes the call, approves it as the administrator, and compares the result with want.
	approved := func(call, want string) {
		t.Helper()
		o.Eval(`globalThis.answer = `+call+`, 0`, nil)
		o.Page.Find("button", "Approve").Click()
		o.gives(t, `answer.then((value) => value ?? null)`, want)
	}
	approved(`app.permissions.egress.set({ egresses: [`+group+`] })`, `{"results":[`+group+`]}`)
	o.gives(t, `app.permissions.egress.get({ keys: ["g"] }).then(({ results }) => results)`, `[`+group+`]`)
	o.Eval(`globalThis.answer = app.permissions.egress.set({ egresses: [{ key: "h", description: "Pictures", configured: [{ domain: "other.example.com", type: ["IMAGES"] }] }] }).catch((error) => error.message), 0`, nil)
	o.Page.Find("button", "Reject").Click()
	o.gives(t, `answer`, `"The administrator has not approved it."`)
	approved(`app.permissions.egress.deleteDomain({ key: "g", domain: "api.example.com", type: "FETCH_CLIENT_SIDE" })`, `null`)
	approved(`app.permissions.egress.deleteGroup({ key: "g" })`, `null`)
	o.gives(t, `app.permissions.egress.get({}).then(({ results }) => results)`, `[]`)
	approved(`app.permissions.remote.set({ remotes: [{ key: "chosen", configured: { endpoint: "https://own.example.com" } }] })`, `null`)
	o.gives(t, `app.permissions.remote.get({ keys: ["chosen"] }).then(({ results }) => results)`, `[{"configured":{"endpoint":"https://own.example.com"},"key":"chosen"}]`)

	o.gives(t, `app.checkPermissions({ scopes: ["read:jira-work"] })`, `{"granted":true,"missing":null}`)
	o.gives(t, `app.checkPermissions({ scopes: ["write:jira-work"] })`, `{"granted":false,"missing":{"scopes":["write:jira-work"]}}`)
	o.gives(t, `app.view.getContext().then(({ permissions }) => app.createPermissionUtils(permissions).getScopes())`, `["read:jira-work"]`)
}

// TestOfficialProduct tests requests to products. Files answer them.
func TestOfficialProduct(t *testing.T) {
	o := newOfficial(t)
	o.gives(t, `app.requestJira("/rest/api/3/myself").then((response) => response.json())`, `{"displayName":"Ann"}`)
	o.gives(t, `app.requestConfluence("/wiki/api/v2/pages", { method: "POST", body: "{}" }).then(({ status, headers }) => [status, headers.get("x-made")])`, `[201,"1"]`)
	o.gives(t, `app.requestBitbucket("/2.0/user").then((response) => response.json())`, `{"displayName":"Ann"}`)
	o.gives(t, `app.requestTeamworkGraph("query Me { me { id } }", {})`, `{"data":{"me":{"id":"1"}}}`)
	o.gives(t, `app.fetchUserRecommendations({ query: "a" })`, `[{"id":"1","name":"Ann"}]`)
	o.Page.Quiet()
}

// TestOfficialFunctions tests invoke and the calls that are built on it.
func TestOfficialFunctions(t *testing.T) {
	o := newOfficial(t)
	o.gives(t, `app.invoke("getText", { a: 1 })`, `{"text":"from a file"}`)
	o.gives(t, `app.makeInvoke()("getText")`, `{"text":"from a file"}`)
	o.gives(t, `app.invoke("getText", {}, { rateLimitProperties: true }).then(({ body, metadata }) => [body, typeof metadata.rateLimitProperties.rateLimitRemaining])`, `[{"text":"from a file"},"number"]`)
	o.fails(t, `app.invokeService({ path: "/", method: "GET" })`, `leads to the remote backend: call it with invokeRemote`)

	o.gives(t, `app.objectStore.upload({ functionKey: "uploads", objects: [new Blob(["abc"], { type: "text/plain" })] }).then((all) => { globalThis.key = all[0].key; return all.map(({ success, status }) => [success, status]); })`, `[[true,200]]`)
	o.gives(t, `app.objectStore.download({ functionKey: "downloads", keys: [key] }).then(async ([{ success, blob }]) => [success, blob.type, await blob.text()])`, `[true,"text/plain","abc"]`)
	o.gives(t, `app.objectStore.getMetadata({ functionKey: "details", keys: [key] }).then(([{ size, error }]) => [size, error ?? null])`, `[3,null]`)
	o.gives(t, `app.createUploadPromises({ functionKey: "uploads", objects: [{ data: "YQ==" }] }).then(([{ index, promise }]) => promise.then(({ success }) => [index, success]))`, `[0,true]`)
	o.gives(t, `app.objectStore.delete({ functionKey: "deletes", keys: [key] }).then(() => 1)`, `1`)
	o.gives(t, `app.objectStore.getMetadata({ functionKey: "details", keys: [key] }).then(([{ error }]) => typeof error)`, `"string"`)
	o.Page.Quiet()
}

// TestOfficialSettings tests i18n, FeatureFlags, frontendCustomMetrics, rovo and getCookieConsentPreferences.
func TestOfficialSettings(t *testing.T) {
	o := newOfficial(t)
	o.gives(t, `app.i18n.getTranslations("de-DE")`, `{"locale":"de-DE","translations":{"title":"Aufgaben"}}`)
	o.gives(t, `app.i18n.createTranslationFunction("de-DE").then((t) => [t("title"), t("only.english"), t("none"), t("none", "a default")])`, `["Aufgaben","in English only","none","a default"]`)
	o.gives(t, `app.i18n.resetTranslationsCache() ?? app.i18n.getTranslations("ja-JP").then(({ locale }) => locale)`, `"en-US"`)
	o.gives(t, `(async () => {
		const flags = new app.FeatureFlags();
		await flags.initialize({ identifiers: { accountId: "a" } });
		const all = [flags.checkFlag("dark-mode"), flags.checkFlag("beta", true), flags.checkFlag("none", true), flags.isInitialized()];
		flags.shutdown();
		return [...all, flags.isInitialized()];
	})()`, `[true,false,true,true,false]`)
	o.gives(t, `app.frontendCustomMetrics.counter("clicks").incrBy(5).then(() => 1)`, `1`)
	o.gives(t, `app.frontendCustomMetrics.counter("clicks").incr().then(() => 1)`, `1`)
	o.Page.Wait("the metric among the calls", `document.body.textContent.includes("clicks +5") && document.body.textContent.includes("clicks +1")`)
	o.gives(t, `app.rovo.isEnabled()`, `true`)
	o.gives(t, `app.rovo.open({ type: "atlassian", agentName: "Planner", prompt: "Plan my week" }).then(() => 1)`, `1`)
	o.shows("#notice", "Plan my week")
	o.gives(t, `app.getCookieConsentPreferences()`, `{"analytics":false,"functional":true,"marketing":false,"strictlyNecessary":true}`)
	o.Page.Quiet()
}
