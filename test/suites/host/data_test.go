package host

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/program"
)

// confluence is the site that receives the requests to Confluence. It answers with the request that it received.
type confluence struct {
	mu  sync.Mutex
	got string
}

func (c *confluence) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	file, header, err := r.FormFile("file")
	if err != nil {
		c.got = err.Error()
		return
	}
	content, err := io.ReadAll(file)
	if err != nil {
		c.got = err.Error()
		return
	}
	c.got = strings.Join([]string{
		r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("X-Atlassian-Token"),
		r.FormValue("comment"), header.Filename, header.Header.Get("Content-Type"), string(content),
	}, "|")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"id":"7"}`)
}

func (c *confluence) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if want := "POST|/wiki/attachments|Basic bWU6cHc=|no-check|hi|a.bin|application/x-own|\x00\xff\n"; c.got != want {
		t.Errorf("Confluence got %q, want %q", c.got, want)
	}
}

// serveData runs the app programs/hostdata. The app is a page in JavaScript and, if withProgram is set, another page in Go.
func serveData(t *testing.T, withProgram bool) (*devhost.Host, *confluence) {
	t.Helper()
	t.Setenv("TEST_CONFLUENCE_AUTHORIZATION", "Basic bWU6cHc=")
	c := &confluence{}
	site := httptest.NewServer(c)
	t.Cleanup(site.Close)
	app, err := program.Dir("hostdata")
	if err != nil {
		t.Fatal(err)
	}
	dir := copyApp(t, app, "static")
	dev, err := os.ReadFile(filepath.Join(dir, "forgego.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "forgego.yml"), []byte(strings.Replace(string(dev), "SITE", site.URL, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if withProgram {
		if err := program.Build(t.Context(), "hostdata/frontend", filepath.Join(dir, "program"), bundle.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	return apphost.Serve(t, dir, devhost.WithServiceURLs(map[string]string{"java": newService(t)})), c
}

// newService runs a stand-in for a container service, and returns its address.
func newService(t *testing.T) string {
	t.Helper()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header()["X-Own"] = []string{"1", "2"}
		switch r.URL.Path {
		case "/echo":
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"method": r.Method, "query": r.URL.RawQuery, "body": json.RawMessage(body),
				"token": r.Header.Get("Authorization"), "invocation": len(r.Header.Get("X-Forge-Invocation-Id"))})
		case "/text":
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "hello")
		default:
			http.Error(w, `{"no":"such thing"}`, http.StatusNotFound)
		}
	}))
	t.Cleanup(service.Close)
	return service.URL
}

// moduleURL returns the address of a module, with the key that forgego prints.
func moduleURL(host *devhost.Host, module string) string {
	return strings.Replace(host.PageURL(), "#", "?module="+module+"#", 1)
}

func openData(t *testing.T, host *devhost.Host) (page *browser.Page, app *browser.Frame) {
	t.Helper()
	page = chromium.Open(t, moduleURL(host, "javascript"))
	app = page.Iframe(host.AppURL())
	app.Wait("the app", `globalThis.bridge`)
	return page, app
}

// evaluate returns the value of a promise in the app, as JSON. An error has the form {error}.
func evaluate(t *testing.T, app *browser.Frame, expression string) string {
	t.Helper()
	return app.String(`Promise.resolve().then(() => ` + expression + `).catch(told).then((value) => JSON.stringify(value) ?? "undefined")`)
}

func TestDataOfTheOfficialClient(t *testing.T) {
	host, site := serveData(t, false)
	page, app := openData(t, host)
	for _, c := range []struct{ name, expression, want string }{
		{"a fixture", `bridge.requestJira("/rest/api/3/issue/DEMO-1?fields=summary").then((r) => r.json())`, `{"key":"DEMO-1","fields":{"summary":"Write it in Go"}}`},
		{"a fixture of bytes", `bridge.requestJira("/rest/api/3/attachment/content/1").then(seen).then(({type, body}) => type + " " + atob(body).slice(1, 4))`, `"image/png PNG"`},
		{"a fixture without a body", `bridge.requestJira("/rest/api/3/issue/DEMO-1", { method: "DELETE" }).then(seen)`, `{"status":204,"type":null,"body":""}`},
		{"a fixture with a header", `bridge.requestBitbucket("/2.0/repositories", { method: "POST", body: "{}" }).then(({ status, headers }) => [status, headers.get("x-made")])`, `[201,"1"]`},
		{"a fixture of another status", `bridge.requestJira("/rest/api/3/missing").then((r) => r.status)`, `404`},
		{"a form that is sent on", `(() => {
			const form = new FormData();
			form.append("comment", "hi");
			form.append("file", new File([new Uint8Array([0, 255, 10])], "a.bin", { type: "application/x-own" }));
			return bridge.requestConfluence("/wiki/attachments", { method: "POST", body: form }).then(seen);
		})()`, `{"status":201,"type":"application/json","body":"eyJpZCI6IjcifQ=="}`},
		{"the teamwork graph", `bridge.requestTeamworkGraph("query Mine { me { name } }")`, `{"data":{"me":{"name":"Ada"}},"errors":[{"message":"no teams","path":["me","teams"]}]}`},
		{"user recommendations", `bridge.fetchUserRecommendations({ query: "Ad" })`, `[{"id":"1","name":"Ada"}]`},
		{"a function", `bridge.invoke("getText")`, `{"text":"from a file"}`},
		{"a function that the app has named before", `bridge.makeInvoke()("getText")`, `{"text":"from a file"}`},
		{"a function's limit", `bridge.invoke("getText", undefined, { rateLimitProperties: true }).then(({ body, metadata: { rateLimitProperties: p } }) =>
			[body.text, p.rateLimitValue, p.rateLimitRemaining, p.rateLimitReset > Date.now() / 1000])`, `["from a file",1200,1197,true]`},
		{"a service", `bridge.invokeService({ path: "/echo?a=b", method: "POST", body: { a: 1 } })
			.then(({ status, headers, body }) => [status, headers["X-Own"], body])`,
			`[200,"1,2",{"body":{"a":1},"invocation":40,"method":"POST","query":"a=b","token":""}]`},
		{"a service's refusal", `bridge.invokeService({ path: "/missing", method: "GET" }).then(({ status, error, body }) => [status, error, body ?? null])`,
			`[404,"{\"no\":\"such thing\"}\n",null]`},
		{"a service's text", `bridge.invokeService({ path: "/text", method: "GET" })`,
			`{"error":"Invalid response from remote - content-type header must be set to application/json and is currently: text/plain. Status: 200."}`},
		{"a service's path", `bridge.invokeService({ path: ".evil.example/", method: "GET" }).catch(({ code }) => code)`, `"INVALID_REQUEST"`},
		{"a remote instead of a service", `bridge.invokeRemote({ path: "/", method: "GET" }).catch(({ code }) => code)`, `"NO_ENDPOINT"`},
		{"flags", `(async () => {
			const flags = new bridge.FeatureFlags();
			await flags.initialize({});
			return ["new-board", "old-board", "unknown"].map((name) => flags.checkFlag(name, true));
		})()`, `[true,false,true]`},
		{"translations", `bridge.i18n.createTranslationFunction("fr-FR").then((t) => [t("greeting"), t("page.title"), t("page.note")])`, `["Hallo","Tasks","page.note"]`},
		{"translations that are not there", `bridge.i18n.getTranslations("fr-FR", { fallback: false })`, `{"translations":null,"locale":"fr-FR"}`},
		{"an upload with a promise for each object", `bridge.createUploadPromises({ functionKey: "uploadURLs", objects: [{ data: "YQ==" }] })
			.then(([{ index, promise }]) => promise.then(({ success }) => [index, success]))`, `[0,true]`},
		{"stored objects", `(async () => {
			const objects = [new Blob(["hello"], { type: "text/plain" }), { data: btoa("world") }];
			const stored = await bridge.objectStore.upload({ functionKey: "uploadURLs", objects });
			const keys = stored.map(({ key }) => key);
			const [{ size }] = await bridge.objectStore.getMetadata({ functionKey: "metadata", keys });
			const got = await bridge.objectStore.download({ functionKey: "downloadURLs", keys });
			const texts = await Promise.all(got.map(({ blob }) => blob.text()));
			await bridge.objectStore.delete({ functionKey: "remove", keys });
			const [{ error }] = await bridge.objectStore.getMetadata({ functionKey: "metadata", keys });
			return [stored.map(({ success, status }) => [success, status]), size, texts.sort(), error];
		})()`, `[[[true,200],[true,200]],5,["hello","world"],"there is no object with this key"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := evaluate(t, app, c.expression); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
	site.check(t)

	for _, c := range []struct{ name, expression, says string }{
		{"a request", `bridge.requestBitbucket("/2.0/user")`, "  bitbucket:\n    fixtures:\n      - request: GET /2.0/user\n"},
		{"a function", `bridge.invoke("unknown")`, "functions:\n  unknown:\n"},
		{"a query", `bridge.requestTeamworkGraph("query Others { me }")`, "teamworkGraph:\n  Others: "},
	} {
		t.Run(c.name+" without an answer", func(t *testing.T) {
			var failed struct{ Error string }
			if err := json.Unmarshal([]byte(evaluate(t, app, c.expression)), &failed); err != nil || !strings.Contains(failed.Error, c.says) {
				t.Errorf("got %q, %v; want it to say what to write where: %q", failed.Error, err, c.says)
			}
		})
	}

	t.Run("a function that throws", func(t *testing.T) {
		var failed struct{ Error string }
		if err := json.Unmarshal([]byte(evaluate(t, app, `bridge.invoke("throws")`)), &failed); err != nil || !strings.Contains(failed.Error, "The function throws failed: Error: no luck") {
			t.Errorf("the app gets %q, %v", failed.Error, err)
		}
		details := page.String(`[...document.querySelectorAll("#traffic-list pre")].map((pre) => pre.textContent).join("\n")`)
		if !strings.Contains(details, "\nError: no luck\n    at ") || !strings.Contains(details, "\nNode.js v") {
			t.Errorf("the list of calls does not show all that it printed:\n%s", details)
		}
	})

	// The developer can copy the text for forgego.yml without changes.
	details := page.String(`[...document.querySelectorAll("#traffic-list pre")].map((pre) => pre.textContent).join("\n")`)
	if want := "\nproducts:\n  bitbucket:\n    fixtures:\n      - request: GET /2.0/user\n        file: fixtures/answer.json\n"; !strings.Contains(details, want) {
		t.Errorf("the list of calls does not show what to write:\n%s", details)
	}

	// The developer sees each call, and the source of its answer.
	text := page.Find("list", "Calls, requests and errors").Text()
	for _, want := range []string{
		"GET /rest/api/3/issue/DEMO-1?fields=summary", "200 OK (fixtures/issue.json)", "404 Not Found (fixtures/missing.json)", "201 Created (127.0.0.1:",
		"✓ done (fixtures/graph.json)", "✓ done (the local object store)", "✓ 2 flags (forgego.yml)", "trackObjectStoreAction",
		"java", "POST /echo?a=b", "404",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the list of calls does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(page.Text(), "bWU6cHc") {
		t.Error("the page shows the credentials")
	}
}

func TestDataOfAGoProgram(t *testing.T) {
	host, site := serveData(t, true)
	page := chromium.Open(t, moduleURL(host, "go"))
	app := page.Iframe(host.AppURL())
	app.Wait("the program's results", `globalThis.results`)
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(app.String(`results`)), &got); err != nil {
		t.Fatal(err)
	}
	site.check(t)
	for name, want := range map[string]string{
		"issue":          `{"Status":200,"Type":"application/json","Body":"eyJrZXkiOiJERU1PLTEiLCJmaWVsZHMiOnsic3VtbWFyeSI6IldyaXRlIGl0IGluIEdvIn19Cg=="}`,
		"delete":         `{"Status":204,"Type":"","Body":""}`,
		"form":           `{"Status":201,"Type":"application/json","Body":"eyJpZCI6IjcifQ=="}`,
		"graph":          `"Ada"`,
		"graph errors":   `"no teams (at me.teams)"`,
		"users":          `[{"Name":"Ada"}]`,
		"size":           `3`,
		"unknown object": `"there is no object with this key"`,
		"remove":         `"removed"`,
		"downloads left": `0`,
		"german":         `"Hallo, Tasks"`,
		"exact":          `{"Locale":"fr-FR","Content":null}`,
		"users own":      `"en-US"`,
		"flags":          `[true,false,true]`,
		"service":        `{"Status":200,"Type":"application/json","Body":"eyJib2R5Ijp7ImEiOiLDvCJ9LCJpbnZvY2F0aW9uIjo0MCwibWV0aG9kIjoiUE9TVCIsInF1ZXJ5IjoiYT1iIiwidG9rZW4iOiIifQ=="}`,
	} {
		if string(got[name]) != want {
			t.Errorf("%s: got %s, want %s", name, got[name], want)
		}
	}
	for name, want := range map[string]string{
		"attachment":       `"Type":"image/png","Body":"iVBORw`,
		"unknown":          `bridge: requestBitbucket: Nothing answers GET /2.0/user`,
		"service missing":  `{"Status":404,"Type":"text/plain; charset=utf-8","Body":"eyJubyI6`,
		"service text":     `bridge: invokeService: Invalid response from remote - content-type`,
		"no remote":        `leads to the container service java: call it with invokeService`,
		"unknown function": `bridge: invoke \"unknown\": Nothing answers invoke(\"unknown\") on the local host`,
		"download":         `"Object":{"Data":"AP8K","Type":"application/x-own"},"Status":200,"Err":null`,
		"invoke":           `{"Body":{"Text":"from a file"},"RateLimit":{"Limit":1200,"Remaining":`,
	} {
		if !strings.Contains(string(got[name]), want) {
			t.Errorf("%s: got %s, want %s in it", name, got[name], want)
		}
	}

	// The client notifies the product first. It sends each of several calls in order.
	var sent []string
	page.Eval(`[...document.querySelectorAll("#traffic-list li")].map((li) => [".command", ".request"].map((part) => li.querySelector(part).textContent).join(" "))
		.filter((text) => /^(trackObjectStoreAction|invoke (uploadURLs|downloadURLs|metadata|remove))/.test(text))`, &sent)
	want := []string{
		"trackObjectStoreAction upload", "invoke uploadURLs",
		"trackObjectStoreAction getMetadata", "invoke metadata", "invoke metadata",
		"trackObjectStoreAction download", "invoke downloadURLs",
		"trackObjectStoreAction delete", "invoke remove",
		"trackObjectStoreAction download", "invoke downloadURLs",
	}
	if !slices.Equal(sent, want) {
		t.Errorf("sent %q\nwant %q", sent, want)
	}
}
