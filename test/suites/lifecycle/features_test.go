package lifecycle

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// A feature is a row of the table in docs/browsers.md.
type feature struct {
	name string
	// script is a JavaScript expression for the value of its cell, in the page of newLab.
	script string
	// measure, if set, measures the value in another way.
	measure func(t *testing.T, lab string) string
}

var features = []feature{
	{name: "`for await` over a `ReadableStream`", script: `(async () => {
		try { for await (const piece of new Blob(["a"]).stream()) return "yes"; } catch { return "no: use ` + "`getReader()`" + `"; }
	})()`},
	{name: "a `ReadableStream` as the body of a `Request`", script: `(async () => {
		const stream = () => new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("abc")); c.close(); } });
		try { return "sent as " + JSON.stringify(await new Request("/", { method: "POST", body: stream() }).text()); } catch (e) { return "a " + e.name; }
	})()`},
	{name: "the header `User-Agent` of a `Request`", script: `new Request("/", { headers: { "User-Agent": "mine" } }).headers.has("User-Agent") ? "kept" : "dropped"`},
	{name: "a header field with `ü`", script: `fetch("/header", { headers: { "X-A": "ü" } }).then((response) => response.text())`},
	{name: "a byte order mark, by `new Response(text).text()`", script: `new Response("\uFEFFa").text().then((text) => text === "a" ? "removed" : "kept")`},
	{name: "`instantiateStreaming` of `application/wasm; charset=utf-8`", script: `WebAssembly.instantiateStreaming(fetch("/charset.wasm")).then(() => "accepted", () => "refused")`},
	{name: "WebAssembly without `unsafe-eval`", measure: withoutEval},
	{name: "`fetch` of a file that a link with `crossorigin` preloads", measure: func(t *testing.T, _ string) string {
		return preloaded(t, "crossorigin", `{}`)
	}},
	{name: "the same without `crossorigin`, in the mode `no-cors` with the credentials `include`", measure: func(t *testing.T, _ string) string {
		return preloaded(t, "", `{ mode: "no-cors", credentials: "include" }`)
	}},
	{name: "gzip that is cut off, through `DecompressionStream` and `Response.arrayBuffer()`", script: `(async () => {
		const cut = (await fetch("/cut.gz")).body.pipeThrough(new DecompressionStream("gzip"));
		try { await new Response(cut).arrayBuffer(); return "no error"; } catch (e) { return (e.name + ": " + e.message).trim(); }
	})()`},
	{name: "`DecompressionStream(\"brotli\")`", script: `(() => { try { new DecompressionStream("brotli"); return "yes"; } catch { return "no"; } })()`},
	{name: "`<a download href=\"blob:…\">` that is clicked in a frame", measure: downloads},
	{name: "back/forward cache, a plain page", measure: func(t *testing.T, lab string) string { return cached(t, lab, `0`) }},
	{name: "back/forward cache, a page that reads a stream", measure: func(t *testing.T, lab string) string {
		return cached(t, lab, `void (async () => {
			globalThis.stream = "goes on";
			try { const reader = (await fetch("/stream")).body.getReader(); while (!(await reader.read()).done); } catch {}
			globalThis.stream = "ends";
		})()`)
	}},
	{name: "`BroadcastChannel` between a page and a frame of another site's page", measure: func(t *testing.T, lab string) string {
		page := inAnotherSite(t, lab)
		own := page.OpenWindow(lab)
		own.Eval(`{
			globalThis.heard = [];
			new BroadcastChannel("a").onmessage = (event) => heard.push(event.data);
		}`, nil)
		inFrame(page, `new BroadcastChannel("a").postMessage("frame")`)
		own.OpenWindow(lab).Eval(`new BroadcastChannel("a").postMessage("page")`, nil)
		own.Wait("the page's message", `heard.includes("page")`)
		if own.String(`heard.join()`) == "page" {
			return "silent"
		}
		return "heard"
	}},
	{name: "`localStorage` of a frame of another site's page", measure: storage},
	{name: "a `Secure` cookie of `http://127.0.0.1`", script: `(document.cookie = "a=b; Secure", document.cookie === "a=b" ? "kept" : "dropped")`},
	{name: "a page of `https` asks `http://127.0.0.1`", measure: func(t *testing.T, lab string) string {
		server := httptest.NewTLSServer(onePage(`<title>Safe</title><p>safe`))
		t.Cleanup(server.Close)
		return shared.Open(t, server.URL).String(`fetch("` + lab + `open").then((response) => response.text(), () => "is blocked")`)
	}},
	{name: "focus by a script in a frame of another site's page, before a click in it", measure: func(t *testing.T, lab string) string {
		if inFrame(inAnotherSite(t, lab), `document.querySelector("input").focus(), document.hasFocus()`) == "true" {
			return "the frame gets it"
		}
		return "the frame does not get it"
	}},
	{name: "timers of a hidden page", measure: timers},
}

func withoutEval(t *testing.T, lab string) string {
	return shared.Open(t, lab+"strict").String(`(async () => {
		const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
		let module;
		try { module = await WebAssembly.compile(bytes); } catch { return "compiling is refused"; }
		try { await WebAssembly.instantiate(module); } catch { return "instantiating is refused"; }
		return "accepted";
	})()`)
}

// preloaded fetches a file that the page's link preloads, and counts the requests for it.
func preloaded(t *testing.T, attribute, options string) string {
	var requests atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte("text"))
	})
	mux.Handle("/", onePage(`<title>Preload</title><link rel="preload" href="file" as="fetch" `+attribute+`>`))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	page := shared.Open(t, server.URL)
	page.Wait("the preload", `performance.getEntriesByName(new URL("file", location.href).href).length === 1`)
	page.String(`fetch("file", ` + options + `).then((response) => response.text())`)
	if requests.Load() == 1 {
		return "uses the preload"
	}
	return "loads it again"
}

// downloads clicks a link in a frame. The policy of the page around lets frames show only http.
func downloads(t *testing.T, lab string) string {
	outer := httptest.NewServer(onePage(`<title>Outer</title><meta http-equiv="Content-Security-Policy" content="frame-src http:"><script>
		globalThis.blocked = [];
		addEventListener("securitypolicyviolation", (e) => blocked.push(e.effectiveDirective + " " + e.blockedURI.split(":")[0]));
	</script><iframe src="` + lab + `"></iframe>`))
	t.Cleanup(outer.Close)
	page := shared.Open(t, outer.URL)
	page.Iframe(lab).Find("link", "get").Click()
	// A frame of "data:", which the policy refuses, is refused after the link.
	page.Eval(`{ const frame = document.createElement("iframe"); frame.src = "data:,a"; document.body.append(frame); }`, nil)
	page.Wait("the refusal of the frame", `blocked.some((it) => it !== "frame-src blob")`)
	if page.String(`String(blocked.includes("frame-src blob"))`) == "false" {
		return "not checked"
	}
	return "checked against the `frame-src` of the page around"
}

// storage compares what a page keeps as a page of its own and as a frame of another site's page.
func storage(t *testing.T, lab string) string {
	page := inAnotherSite(t, lab)
	own := page.OpenWindow(lab)
	own.Eval(`localStorage.setItem("a", "own")`, nil)
	const read = `String(localStorage.getItem("a"))`
	first := inFrame(page, read)
	inFrame(page, `localStorage.setItem("a", "frame")`)
	if first == "null" && own.String(read) == "own" && inFrame(page, read) == "frame" {
		return "partitioned"
	}
	return "shared"
}

// timers counts how often a timer of 20 ms runs while the page is hidden, and while it is frozen.
func timers(t *testing.T, lab string) string {
	page := startThrottled(t).Open(t, lab)
	other := page.OpenWindow("")
	page.Eval(`{
		globalThis.runs = 0;
		const run = () => { runs++; setTimeout(run, 20); };
		run();
	}`, nil)
	count := func() (runs, seconds float64) {
		var now [2]float64
		page.Eval(`[runs, performance.now() / 1000]`, &now)
		return now[0], now[1]
	}
	measure := func() string {
		other.Goto(lab)
		other.Wait("the first second to end", `performance.now() > 1000`)
		runs, start := count()
		other.Wait("three more seconds", `performance.now() > 4000`)
		later, end := count()
		switch rate := (later - runs) / (end - start); {
		case later == runs:
			return "stand still"
		case rate < 3: // a run at the start and one at the end are one too many, and the first look may be late
			return "run once a second"
		default:
			return fmt.Sprintf("run %.0f times a second", rate)
		}
	}
	page.Hide()
	page.Wait("the page to be hidden", `document.visibilityState === "hidden"`)
	hidden := measure()
	if shared.Engine != browser.Chromium {
		return hidden + "; of a frozen one: not measured, because the driver cannot freeze a page"
	}
	page.Freeze()
	return hidden + "; of a frozen one: " + measure()
}

// cached leaves a page that runs a script, and goes back.
func cached(t *testing.T, lab, script string) string {
	page := shared.Open(t, lab)
	page.Eval(script, nil)
	page.Eval(`addEventListener("pageshow", (event) => { globalThis.isFromCache = event.persisted; })`, nil)
	page.Goto(elsewhere(t))
	page.Wait("the other page", isElsewhere)
	page.Back()
	page.Wait("the page", `document.body.innerText.startsWith("lab")`)
	var kept bool
	page.Eval(`globalThis.isFromCache === true`, &kept)
	if !kept {
		return "loaded again"
	}
	if state := page.String(`globalThis.stream ?? ""`); state != "" {
		return "kept; the stream " + state
	}
	return "kept"
}
