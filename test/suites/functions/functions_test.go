// Package functions tests that forgego dev runs the app's functions, with Atlassian's own packages: @forge/resolver, @forge/api and
// @forge/kvs. The page is plain JavaScript with @forge/bridge.
//
// Run it from the folder test/. It needs Chromium, and the npm packages that "make setup" installs:
//
//	go test -count=1 ./suites/functions
package functions

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

// All tests share chromium. Each test has its own tab. script is the bundled script of the app's page.
var (
	chromium *browser.Browser
	forgego  string
	script   []byte
)

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) (err error) {
		if script, err = apphost.Script("testdata/bridge.js"); err != nil {
			return err
		}
		forgego, err = command.Build(dir)
		return err
	})
}

const manifest = `app:
  id: ari:cloud:ecosystem::app/0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
      resolver:
        function: resolver
  function:
    - key: resolver
      handler: index.handler
resources:
  - key: main
    path: static
permissions:
  scopes: [storage:app, read:jira-work]
`

// resolver is src/index.js.
const resolver = `import api, { getAppContext, route } from '@forge/api';
import kvs, { WhereConditions } from '@forge/kvs';
import { makeResolver } from '@forge/resolver';

export const handler = makeResolver({
  hello: ({ payload, context }) => ({ hi: payload.name, issue: context.extension.issue.key, account: context.accountId }),
  fails: () => {
    throw new Error('no luck');
  },
  computes: () => {
    for (;;);
  },
  remember: async ({ payload }) => {
    await kvs.set(payload.key, payload.value);
    return kvs.get(payload.key);
  },
  stored: async () => {
    const { default: store } = await import('@forge/kvs');
    await store.set('a', 1);
    return store.get('a');
  },
  recall: async ({ payload }) => (await kvs.get(payload.key)) ?? 'nothing',
  all: async () => {
    const { results, nextCursor } = await kvs.query().where('key', WhereConditions.beginsWith('t:')).limit(100).getMany();
    return [results.map(({ key, value }) => key + '=' + value).join(' '), nextCursor ?? null];
  },
  transact: async ({ payload }) => {
    const transaction = kvs.transact();
    for (const [key, value] of payload.set) transaction.set(key, value);
    for (const key of payload.remove ?? []) transaction.delete(key);
    await transaction.execute();
    return 'done';
  },
  entity: () => kvs.entity('person').get('ann'),
  jira: async () => {
    const asked = [api.asUser(), api.asApp()].map((as) => as.requestJira(route` + "`/rest/api/3/issue/${'A 1'}?x=1`" + `, { method: 'POST', body: '{}' }));
    return Promise.all(asked.map(async (asking) => { const r = await asking; return [r.status, r.ok, (await r.json()).name]; }));
  },
  fetches: async ({ payload }) => (await api.fetch(payload)).text(),
  context: () => { const { moduleKey, environmentType, appAri } = getAppContext(); return [moduleKey, environmentType, String(appAri)]; },
  graph: () => api.asUser().requestGraph('{ me }'),
});
`

var files = map[string]string{
	"manifest.yml": manifest, "src/index.js": resolver,
	"static/index.html": `<!doctype html><title>Functions</title><p id="title">Functions</p><script src="main.js"></script>`,
}

// development is an app under forgego dev, with its page.
type development struct {
	t       *testing.T
	app     *command.App
	process *command.Process
	page    *browser.Page
	frame   *browser.Frame
}

// develop runs forgego dev on an app and opens its page. changed are texts of files that differ from those of files, by name.
func develop(t *testing.T, changed map[string]string, flags ...string) *development {
	t.Helper()
	all := maps.Clone(files)
	maps.Copy(all, changed)
	all["static/main.js"] = string(script)
	d := &development{t: t, app: command.NewApp(t, all)}
	modules, err := filepath.Abs(filepath.Join("..", "..", "node_modules"))
	if err == nil {
		err = os.Symlink(modules, filepath.Join(d.app.Dir, "node_modules"))
	}
	if err != nil {
		t.Fatal(err)
	}
	d.start(flags...)
	return d
}

func (d *development) start(flags ...string) {
	d.t.Helper()
	d.process = command.Start(d.t, exec.Command(forgego, append(append([]string{"dev", "--addr", "127.0.0.1:0"}, flags...), d.app.Dir)...))
	d.open("")
}

// open opens the page of the panel. The query chooses the account and the site.
func (d *development) open(query string) {
	d.t.Helper()
	d.page = chromium.Open(d.t, d.process.URL+"?module=panel"+query)
	d.frame = d.page.Iframe(apphost.AppOrigin(d.t, d.process.URL+"?module=panel"+query))
	d.frame.Wait("the app", "globalThis.bridge")
}

// invoke returns the result of a function as JSON, or the error's message.
func (d *development) invoke(function, payload string) string {
	d.t.Helper()
	return d.frame.String(fmt.Sprintf(`bridge.invoke(%q, %s).then((value) => JSON.stringify(value) ?? "undefined", (error) => "error: " + error.message)`, function, payload))
}

func (d *development) want(function, payload, want string) {
	d.t.Helper()
	if got := d.invoke(function, payload); got != want {
		d.t.Errorf("%s(%s) returns %s, want %s", function, payload, got, want)
	}
}

// contains is want for a part of the result.
func (d *development) contains(function, payload string, parts ...string) {
	d.t.Helper()
	got := d.invoke(function, payload)
	for _, part := range parts {
		if !strings.Contains(got, part) {
			d.t.Errorf("%s(%s) returns %s, which does not contain %s", function, payload, got, part)
		}
	}
}

// says waits until the terminal shows a text.
func (d *development) says(text string) {
	d.t.Helper()
	d.process.Log.Wait(d.t, text)
}

// An app whose page calls @forge/resolver runs as it is, without a line in forgego.yml.
func TestResolver(t *testing.T) {
	d := develop(t, nil)
	d.contains("hello", `{ name: "Ann" }`, `{"hi":"Ann","issue":"DEMO-1","account":"712020:`)
	d.want("context", "", `["panel","DEVELOPMENT","ari:cloud:ecosystem::app/0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b"]`)
	d.want("remember", `{ key: "a", value: { n: 1 } }`, `{"n":1}`)
	d.want("stored", "", "1")
	d.contains("nothere", "", "error: The function nothere failed: Error: Resolver has no definition for 'nothere'.")
	d.contains("jira", "", "error: The function jira failed: NO_FIXTURE: Nothing answers POST /rest/api/3/issue/A%201 for jira", "fixtures:")
	d.contains("entity", "", "without custom entities (entity of @forge/kvs)", "functions: entity:")
	d.contains("graph", "", "without requests of @forge/api to Atlassian's gateway (requestGraph")
	first := d.invoke("hello", "{}")
	d.open("&account=2")
	if second := d.invoke("hello", "{}"); first == second {
		t.Errorf("both accounts are %s", second)
	}
}

// The page shows what is thrown, and the developer the places in the sources.
func TestThrown(t *testing.T) {
	d := develop(t, nil)
	line := 1 + strings.Count(resolver[:strings.Index(resolver, "throw new Error('no luck')")], "\n")
	place := fmt.Sprintf("src/index.js:%d:11", line)
	d.want("fails", "", `error: The function fails failed: Error: no luck`)
	d.says("functions │ fails failed: Error: no luck\nfunctions │     at fails (" + place + ")\n")
	d.page.Wait("the stack in the panel", fmt.Sprintf(`document.getElementById("traffic-list").textContent.includes(%q)`, place))
}

// A saved file counts for the next call. The page stays as it is.
func TestSavedHandler(t *testing.T) {
	d := develop(t, map[string]string{"src/index.js": strings.Replace(resolver, "'no luck'", "word", 1) + "import { word } from './word';\n", "src/word.js": "console.log('loaded');\nexport const word = 'first';\n"})
	d.want("fails", "", "error: The function fails failed: Error: first")
	d.says("functions │ loaded\n")
	d.frame.Eval(`globalThis.stays = true`, nil)
	d.app.Save(t, "src/word.js", "export const word = 'second';\n")
	d.says("restarted in")
	d.want("fails", "", "error: The function fails failed: Error: second")
	d.app.Save(t, "src/word.js", "export const word = ;\n")
	d.page.Wait("the mistake", `document.getElementById("problems").textContent.includes("src/word.js") && !document.getElementById("problems").hidden`)
	d.want("fails", "", "error: The function fails failed: Error: second")
	d.app.Save(t, "src/word.js", "export const word = 'third';\n")
	d.page.Wait("no mistake", `document.getElementById("problems").hidden`)
	d.want("fails", "", "error: The function fails failed: Error: third")
	d.frame.Wait("the page was not loaded again", `stays`)
}

// A handler that computes without end is ended with its process, and the next call has another one.
func TestTimeLimit(t *testing.T) {
	d := develop(t, nil, "--invoke-timeout", "5s")
	d.want("computes", "", "error: The function computes did not answer within 5s")
	d.says("a handler computed without a pause until its time was over or its page had left, so Node.js was stopped")
	d.says("restarted in")
	d.contains("hello", `{ name: "Ann" }`, `"hi":"Ann"`)
}

// The values of @forge/kvs are those of a site. A transaction is carried out whole or not at all. A file keeps them.
func TestValues(t *testing.T) {
	d := develop(t, map[string]string{"forgego.yml": "storage: storage.json\n"})
	d.want("transact", `{ set: [["t:1", 1], ["t:2", 2], ["other", 3]] }`, `"done"`)
	d.want("all", "", `["t:1=1 t:2=2",null]`)
	d.contains("transact", `{ set: [["t:3", 3], ["not/allowed", 4]], remove: ["t:1"] }`, "error: The function transact failed: ForgeKvsError: The key does not match the regex")
	d.want("all", "", `["t:1=1 t:2=2",null]`)
	d.want("transact", `{ set: [["t:3", 3]], remove: ["t:1"] }`, `"done"`)
	d.want("all", "", `["t:2=2 t:3=3",null]`)
	d.want("recall", `{ key: "none" }`, `"nothing"`)
	d.open("&site=2")
	d.want("all", "", `["",null]`)
	d.process.Stop()
	d.start()
	d.want("all", "", `["t:2=2 t:3=3",null]`)
}

// forgego.yml says what answers requests to the product, and the manifest which addresses fetch may reach.
func TestReach(t *testing.T) {
	d := develop(t, map[string]string{
		"forgego.yml": "functions: run\nproducts:\n  jira:\n    fixtures:\n      - request: POST /rest/api/3/issue/{key}\n        file: issue.json\n        status: 201\n",
		"issue.json":  `{"name":"from a file"}`,
	})
	d.want("jira", "", `[[201,true,"from a file"],[201,true,"from a file"]]`)
	address := d.process.URL + ".well-known/jwks.json"
	d.contains("fetches", fmt.Sprintf("%q", address), "error: The function fetches failed: REQUEST_EGRESS_ALLOWLIST_ERR: The app may not fetch from "+strings.TrimSuffix(d.process.URL, "/"), "permissions.external.fetch.backend")
	d.app.Save(t, "manifest.yml", manifest+"  external:\n    fetch:\n      backend: ['*']\n")
	d.says("manifest.yml")
	d.frame.Wait("the address is allowed", fmt.Sprintf(`bridge.invoke("fetches", %q).then((text) => text.includes('"keys"'), () => false)`, address))
}

// The panel "Events" calls the functions of triggers with a payload that the developer may edit.
func TestTriggers(t *testing.T) {
	d := develop(t, map[string]string{
		"manifest.yml": strings.Replace(manifest, "  function:\n", `  webtrigger:
    - {key: hook, function: hook-fn}
  scheduledTrigger:
    - {key: nightly, function: nightly-fn, interval: day}
  trigger:
    - {key: changes, function: changes-fn, events: ["avi:jira:created:issue", "avi:jira:updated:issue"]}
  function:
    - {key: hook-fn, handler: hooks.hook}
    - {key: nightly-fn, handler: hooks.nightly}
    - {key: changes-fn, handler: hooks.changes}
`, 1),
		"src/hooks.js": `import kvs from '@forge/kvs';
export const hook = async ({ method, body }, { principal, installContext }) => {
  await kvs.set('t:hook', body);
  return { statusCode: 200, body: [method, String(principal), installContext.slice(0, 21)].join(' ') };
};
export const nightly = ({ context }) => { throw new Error('no luck with ' + context.moduleKey); };
export const changes = ({ eventType, issue }) => { console.log('an event:', eventType, issue.key); };
`,
	})
	d.page.Eval(`document.getElementById("events").open = true, 0`, nil)
	var names []string
	d.page.Eval(`[...document.querySelectorAll("#event-name option[data-trigger]")].map((o) => o.textContent)`, &names)
	if got := strings.Join(names, ", "); got != "hook: webtrigger, nightly: scheduledTrigger, changes: avi:jira:created:issue, changes: avi:jira:updated:issue" {
		t.Errorf("the triggers are %s", got)
	}
	choose := func(text string) {
		d.page.Eval(fmt.Sprintf(`{ const name = document.getElementById("event-name"); document.getElementById("event-payload").value = "waits";
			name.selectedIndex = [...name.options].findIndex((o) => o.textContent === %q); name.dispatchEvent(new Event("change")); }`, text), nil)
		d.page.Wait("the example of "+text, `document.getElementById("event-payload").value !== "waits"`)
	}
	call := func(state, result string) {
		d.t.Helper()
		d.page.Eval(`document.getElementById("events-form").requestSubmit()`, nil) // A second click would be a double click.
		d.page.Wait(state, fmt.Sprintf(`document.getElementById("event-state").textContent.includes(%q) && document.getElementById("event-result").textContent.includes(%q)`, state, result))
	}
	choose("hook: webtrigger")
	if text := d.page.String(`document.getElementById("event-send").textContent`); text != "Call" {
		t.Errorf("the button says %q", text)
	}
	d.page.Find("textbox", "Payload as JSON").Fill(`{"method": "PUT", "body": "edited"}`)
	call("src/hooks.js has returned:", `"body": "PUT undefined ari:cloud:jira::site/"`)
	d.want("recall", `{ key: "t:hook" }`, `"edited"`)
	choose("nightly: scheduledTrigger")
	call("The function nightly failed: Error: no luck with nightly", "")
	d.says("functions │ nightly failed: Error: no luck with nightly\nfunctions │     at nightly (src/hooks.js:6:")
	choose("changes: avi:jira:updated:issue")
	call("src/hooks.js has returned:", "undefined")
	d.says("functions │ an event: avi:jira:updated:issue DEMO-1\n")
	choose("JIRA_ISSUE_CHANGED")
	call("0 listeners of this page got the event.", "")
}
