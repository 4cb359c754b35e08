package host

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/browser"
)

// window is a product page of the app in testdata/events, and the app in it.
type window struct {
	t    *testing.T
	page *browser.Page
	app  *browser.Frame
	host *devhost.Host
}

func openEvents(t *testing.T, host *devhost.Host, module string) *window {
	t.Helper()
	return shownIn(t, chromium.Open(t, host.URL()+"?module="+module), host, module)
}

// shownIn waits for the app that a page shows.
func shownIn(t *testing.T, page *browser.Page, host *devhost.Host, module string) *window {
	t.Helper()
	w := &window{t: t, host: host, page: page}
	// Select the frame by its resource, because a dialog shows another resource.
	resource := map[string]string{"panel": "main/", "context": "other/"}[module]
	w.app = w.page.Iframe(host.AppURL() + resource)
	w.app.Wait("the app", "globalThis.bridge")
	return w
}

// want checks the value of an expression in the app, as JSON, or its error's message.
func (w *window) want(expression, want string) {
	w.t.Helper()
	if got := ask(w.app, expression); got != want {
		w.t.Errorf("%s returns %s, want %s", expression, got, want)
	}
}

// hears waits until the callbacks of the app have received these calls, as JSON.
func (w *window) hears(want string) {
	w.t.Helper()
	w.app.Wait("the callbacks to hear "+want, fmt.Sprintf("JSON.stringify(heard) === %q", want))
}

func (w *window) notice(want string) {
	w.t.Helper()
	w.page.Wait("the notice "+want, fmt.Sprintf("!document.getElementById('notice').hidden && document.querySelector('#notice p').textContent === %q", want))
}

func TestEventsOnOnePage(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	w.want(`bridge.events.on("saved", hear("on")).then((s) => { globalThis.on = s; })`, "undefined")
	w.want(`bridge.events.onPublic("saved", hear("public")).then(() => 1)`, "1")
	w.want(`new bridge.Modal({resource: "other", title: "Other"}).open().then(() => 1)`, "1")
	modal := w.page.Iframe(w.host.AppURL() + "other/")
	modal.Wait("the app in the dialog", "globalThis.bridge")
	if got := ask(modal, `bridge.events.emit("saved", {id: 7})`); got != "undefined" {
		t.Errorf("emit returns %s", got)
	}
	w.hears(`[["on",{"id":7}]]`)
	w.want(`bridge.events.emit("saved", [new Blob(["abc"], {type: "text/plain"}), 1]).then(() => bridge.events.emit("saved", new Blob(["whole"])))`, "undefined")
	w.app.Wait("the blobs", `heard.length === 3 && heard[1][1][0] instanceof Blob && heard[1][1][0].type === "text/plain" && heard[2][1] === ": whole"`)
	w.want(`bridge.events.emitPublic("saved", "p").then(() => on.unsubscribe()).then(() => bridge.events.emit("saved", 1)).then(() => bridge.events.emitPublic("saved", "q"))`, "undefined")
	w.app.Wait("public events, and no others", `JSON.stringify(heard.slice(3)) === '[["public","p"],["public","q"]]'`)
	w.page.Quiet()
}

func TestEventsEndWithTheirPage(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	w.want(`bridge.events.on("saved", hear("before")).then(() => { globalThis.old = true; location.reload(); })`, "undefined")
	w.app.Wait("the app after its reload", "globalThis.bridge && !globalThis.old")
	w.want(`bridge.events.on("saved", hear("after")).then(() => bridge.events.emit("saved"))`, "undefined")
	w.hears(`[["after",null]]`)
	w.page.Quiet()
}

func TestEventsInTwoWindows(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	w.want(`bridge.events.on("saved", hear("on")).then(() => 1)`, "1")
	// A window of the same browser profile. Another tab of a test has its own profile.
	w.page.Eval(`new Promise((resolve) => {
		const other = new BroadcastChannel("forgego:events:" + document.querySelector("main").dataset.app);
		other.onmessage = ({data}) => resolve(globalThis.sent = data);
		other.postMessage({event: "saved", payload: {from: "the other window"}, isPublic: false});
		other.postMessage({event: "saved", payload: {from: "a public event"}, isPublic: true});
		other.postMessage("nonsense");
		globalThis.other = other;
	}), 0`, nil)
	w.hears(`[["on",{"from":"the other window"}]]`)
	w.want(`bridge.events.emit("opened", "x").then(() => 1)`, "1")
	w.page.Wait("the event in the other window", `JSON.stringify(globalThis.sent) === '{"event":"opened","payload":"x","isPublic":false}'`)
	w.page.Quiet()
}

func TestRealtime(t *testing.T) {
	host := serveApp(t, "events", "static", "other")
	// Tabs with their own storage, as two users have them.
	a, b, context := openEvents(t, host, "panel"), openEvents(t, host, "panel"), openEvents(t, host, "context")
	subscribe := func(w *window, name, method, options string) {
		t.Helper()
		w.want(`bridge.realtime.`+method+`("tasks", hear("`+name+`")`+options+`).then((s) => { globalThis.`+name+` = s; })`, "undefined")
	}
	b.want(`bridge.realtime.publish("tasks", {early: true})`, `{"eventId":null,"eventTimestamp":null}`)
	subscribe(a, "plain", "subscribe", "")
	subscribe(a, "other", "subscribe", `, {token: "t"}`)
	subscribe(context, "plain", "subscribe", "")
	subscribe(context, "project", "subscribe", `, {contextOverrides: [bridge.Jira.Project]}`)
	subscribe(context, "global", "subscribeGlobal", "")
	subscribe(context, "none", "subscribe", `, {contextOverrides: []}`)

	b.want(`bridge.realtime.publish("tasks", {id: 7}).then(({eventId, eventTimestamp}) => eventId.length > 10 && Date.now() - eventTimestamp < 60000)`, "true")
	a.hears(`[["plain",{"id":7}]]`)
	b.want(`bridge.realtime.publish("tasks", "secret", {token: "t"}).then(({eventId}) => !!eventId)`, "true")
	a.hears(`[["plain",{"id":7}],["other","secret"]]`)
	b.want(`bridge.realtime.publish("tasks", "p", {contextOverrides: [bridge.Jira.Project]}).then(({eventId}) => !!eventId)`, "true")
	context.hears(`[["project","p"]]`)
	b.want(`bridge.realtime.publish("tasks", "n", {contextOverrides: [bridge.Jira.Project, bridge.Jira.Issue]})`, `{"eventId":null,"eventTimestamp":null}`)
	b.want(`bridge.realtime.publishGlobal("tasks", "g").then(({eventId}) => !!eventId)`, "true")
	context.app.Wait("both global subscriptions", `JSON.stringify(heard.slice(1).sort()) === '[["global","g"],["none","g"]]'`)

	a.want(`plain.unsubscribe().then(() => other.unsubscribe())`, "undefined")
	b.want(`bridge.realtime.publish("tasks", "nobody")`, `{"eventId":null,"eventTimestamp":null}`)
	subscribe(b, "late", "subscribe", `, {replaySeconds: 600}`)
	b.hears(`[["late",{"early":true}],["late",{"id":7}],["late","nobody"]]`)
	b.app.Eval(`location.reload()`, nil)
	b.app.Wait("the app after its reload", "globalThis.bridge && heard.length === 0")
	a.page.Wait("the subscription to end with its page", `fetch("/_host/realtime/publish", {method: "POST", headers: {"content-type": "application/json"},
		body: JSON.stringify({moduleKey: "panel", channelName: "tasks", eventPayload: 1})}).then((r) => r.json()).then((r) => r.eventId === null)`)
	for _, w := range []*window{a, b, context} {
		w.page.Quiet()
	}
}

func TestRovoConsentAndMetrics(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	w.want(`bridge.rovo.open({type: "forge", agentName: "Planner", agentKey: "planner", prompt: "Plan my week"})`, "undefined")
	w.notice("The chat with the agent “Planner” (key planner) would open now. Plan my week")
	w.want(`bridge.rovo.open({type: "default"})`, "undefined")
	w.notice("The chat with Rovo would open now.")
	w.want(`bridge.rovo.isEnabled()`, "true")
	w.want(`bridge.getCookieConsentPreferences()`, `{"strictlyNecessary":true,"functional":true,"analytics":false,"marketing":false}`)
	w.want(`bridge.frontendCustomMetrics.counter("clicks").incrBy(5)`, "undefined")
	w.page.Wait("the metric in the list", `document.querySelector("#traffic-list").innerText.includes("clicks +5")`)

	w.page.Find("DisclosureTriangle", "Permissions").Click()
	w.page.Find("checkbox", "Analytics").Click()
	w.page.Wait("the change", `document.getElementById("permissions-state").textContent === "Preferences changed."`)
	w.want(`bridge.getCookieConsentPreferences().then((p) => p.analytics)`, "true")
	w.page.Find("checkbox", "The product shares the preferences").Click()
	w.page.Wait("the choices disabled", `document.querySelector("#permissions-consent").querySelectorAll(":disabled").length === 3`)
	w.want(`bridge.getCookieConsentPreferences()`, "null")
	w.page.Find("checkbox", "The site has Rovo").Click()
	w.page.Wait("the change", `document.getElementById("permissions-state").textContent === "The site does not have Rovo."`)
	w.want(`bridge.rovo.isEnabled()`, "false")
	w.page.Quiet()
}

const manifestPermissions = `{"external":{"configurable":{"enabled":true},"fetch":{"backend":[{"address":"*.backend.example","category":"analytics"}],` +
	`"client":["https://api.example/v1/",{"remote":"tasks-api"}]},"images":["https://images.example"]},"scopes":["read:jira-work","write:jira-work"]}`

func TestPermissions(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	w.want(`bridge.view.getContext().then((c) => c.permissions)`, manifestPermissions)
	w.want(`bridge.view.getContext().then((c) => bridge.createPermissionUtils(c.permissions).getScopes())`, `["read:jira-work","write:jira-work"]`)
	required := `{scopes: ["write:jira-work"], external: {images: ["https://images.example/a.png", "https://more.example/b.png"], fetch: {backend: ["https://a.backend.example"]}}}`
	w.want(`bridge.checkPermissions(`+required+`)`, `{"granted":false,"missing":{"external":{"images":["https://more.example/b.png"]}}}`)

	w.page.Find("DisclosureTriangle", "Permissions").Click()
	w.page.Find("checkbox", "write:jira-work").Click()
	w.page.Wait("the change", `document.getElementById("permissions-state").textContent === "Revoked write:jira-work."`)
	w.page.Find("combobox", "Grant for").Call(`function () { this.value = "images"; }`, nil)
	w.page.Find("textbox", "Address").Fill("https://more.example")
	w.page.Find("button", "Grant").Click()
	w.page.Wait("the new address", `document.getElementById("permissions-state").textContent.startsWith("Granted https://more.example.")`)
	w.page.Find("checkbox", "https://images.example images").Click()
	w.page.Wait("the old one gone", `document.getElementById("permissions-state").textContent.startsWith("Revoked https://images.example.")`)
	w.want(`bridge.checkPermissions(`+required+`)`, `{"granted":false,"missing":{"scopes":["write:jira-work"],"external":{"images":["https://images.example/a.png"]}}}`)
	policy := w.app.String(`fetch(location.href).then((r) => r.headers.get("content-security-policy"))`)
	if images := directive(policy, "img-src"); !strings.Contains(images, " https://more.example") || strings.Contains(images, "https://images.example") {
		t.Errorf("the policy has %s", images)
	}
	w.page.Quiet()
}

func directive(policy, name string) string {
	for d := range strings.SplitSeq(policy, "; ") {
		if strings.HasPrefix(d, name+" ") {
			return d
		}
	}
	return ""
}

func TestCustomerManagedEgress(t *testing.T) {
	w := openEvents(t, serveApp(t, "events", "static", "other"), "panel")
	begin := func(expression string) {
		t.Helper()
		w.app.Eval(`globalThis.answer = "waits"; Promise.resolve(`+expression+`).then((v) => { answer = JSON.stringify(v) ?? "undefined"; }, (e) => { answer = "error: " + e.message; }); 0`, nil)
	}
	answers := func(want string) {
		t.Helper()
		w.app.Wait("the answer "+want, fmt.Sprintf("answer === %q", want))
	}
	const cats = `{"key":"cats","description":"Shows cats","configured":[{"domain":"https://cats.example","type":["IMAGES","FETCH_CLIENT_SIDE"]}]}`
	set := `bridge.permissions.egress.set({egresses: [` + cats + `]})`
	begin(set)
	w.page.Find("dialog", "Allow this app to reach these addresses?").WaitCount(1)
	w.page.Find("button", "Reject").Click()
	answers("error: The administrator has not approved it.")
	w.want(`bridge.permissions.egress.get({})`, `{"results":[]}`)
	begin(set)
	w.page.Find("button", "Approve").Click()
	answers(`{"results":[` + cats + `]}`)
	w.want(`bridge.permissions.egress.get({keys: ["cats", "dogs"]})`, `{"results":[`+cats+`]}`)
	w.want(`bridge.checkPermissions({external: {images: ["https://cats.example/a.png"], fetch: {client: ["https://cats.example/a"]}}})`, `{"granted":true,"missing":null}`)
	if policy := w.app.String(`fetch(location.href).then((r) => r.headers.get("content-security-policy"))`); !strings.Contains(directive(policy, "img-src"), " https://cats.example") {
		t.Errorf("the policy has %s", directive(policy, "img-src"))
	}
	begin(`bridge.permissions.egress.deleteDomain({key: "cats", domain: "https://cats.example", type: "IMAGES"})`)
	w.page.Find("button", "Approve").Click()
	answers("undefined")
	w.want(`bridge.permissions.egress.get({}).then((r) => r.results[0].configured[0].type)`, `["FETCH_CLIENT_SIDE"]`)

	w.want(`bridge.permissions.remote.set({remotes: [{key: "tasks-api", configured: {endpoint: "https://x.example"}}]})`, `error: the remote "tasks-api" is not configurable in manifest.yml`)
	begin(`bridge.permissions.remote.set({remotes: [{key: "own-api", configured: {endpoint: "https://x.example"}}]})`)
	w.page.Find("button", "Approve").Click()
	answers("undefined")
	w.want(`bridge.permissions.remote.get({})`, `{"results":[{"key":"own-api","configured":{"endpoint":"https://x.example"}}]}`)

	w.page.Find("DisclosureTriangle", "Permissions").Click()
	w.page.Wait("what is managed", `document.getElementById("permissions-managed").innerText.includes("cats: https://cats.example for FETCH_CLIENT_SIDE") && document.getElementById("permissions-managed").innerText.includes("remote own-api: https://x.example")`)
	begin(`bridge.permissions.egress.deleteGroup({key: "cats"})`)
	w.page.Find("button", "Approve").Click()
	answers("undefined")
	w.want(`bridge.permissions.egress.get({})`, `{"results":[]}`)
	w.page.Quiet()
}

// TestTwentyWindows opens many windows. A browser opens six HTTP/1.1 connections to an origin, so a window must not hold a
// connection of its own.
func TestTwentyWindows(t *testing.T) {
	host := serveApp(t, "events", "static", "other")
	const count = 20
	windows := make([]*window, count)
	windows[0] = openEvents(t, host, "panel")
	for i := range windows {
		if i > 0 {
			windows[i] = shownIn(t, windows[0].page.OpenWindow(host.URL()+"?module=panel"), host, "panel")
		}
		windows[i].want(`bridge.realtime.subscribe("news", hear("news")).then(() => 1)`, "1")
	}
	windows[0].want(`bridge.realtime.publish("news", "from the first").then(({eventId}) => !!eventId)`, "true")
	windows[count-1].want(`bridge.realtime.publish("news", "from the last").then(({eventId}) => !!eventId)`, "true")
	for _, w := range windows {
		w.hears(`[["news","from the first"],["news","from the last"]]`)
		w.want(`bridge.view.getContext().then((c) => c.moduleKey)`, `"panel"`)
	}
	for _, w := range windows {
		w.page.Quiet()
	}
}

// TestRealtimeAfterRestart checks that a page connects again by itself after a restart of its host, and that its
// subscriptions continue.
func TestRealtimeAfterRestart(t *testing.T) {
	dir := copyApp(t, filepath.Join("testdata", "events"), "static", "other")
	serve := func(options ...devhost.Option) (host *devhost.Host, stop func()) {
		host, err := devhost.New(dir, options...)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		served := make(chan error, 1)
		go func() { served <- host.Serve(ctx) }()
		stop = sync.OnceFunc(func() {
			cancel()
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
		t.Cleanup(stop)
		return host, stop
	}
	address := func(url string) string { return strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/") }
	host, stop := serve()
	w := openEvents(t, host, "panel")
	w.want(`bridge.realtime.publish("tasks", "before")`, `{"eventId":null,"eventTimestamp":null}`)
	w.want(`bridge.realtime.subscribe("tasks", hear("tasks"), {replaySeconds: 600}).then(() => 1)`, "1")
	w.hears(`[["tasks","before"]]`)
	stop()
	serve(devhost.WithAddr(address(host.URL())), devhost.WithAppAddr(address(host.AppURL())))
	w.app.Wait("the subscription to go on", `bridge.realtime.publish("tasks", "after").then(({eventId}) => !!eventId)`)
	w.hears(`[["tasks","before"],["tasks","after"]]`)
}
