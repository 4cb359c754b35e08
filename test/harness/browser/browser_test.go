package browser_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// serve starts a server and returns its address. The server has a page at "/", and at "/inner" the content of the page's
// iframe.
func serve(t *testing.T, page, inner string) string {
	t.Helper()
	mux := http.NewServeMux()
	text := func(path, html string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<!doctype html><link rel=icon href=data:,>" + html))
		})
	}
	text("/{$}", page)
	text("/inner", inner)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// running are the browsers that have been started. They end with the tests.
var running = map[browser.Engine]*browser.Browser{}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, b := range running {
		if err := b.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// inEach runs a test in each browser that the variables BROWSER and ESSENTIAL name.
func inEach(t *testing.T, test func(t *testing.T, b *browser.Browser)) {
	engines, err := browser.Engines()
	if err != nil {
		t.Fatal(err)
	}
	others, err := browser.Essential()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range slices.Concat(engines, others) {
		t.Run(string(engine), func(t *testing.T) {
			if running[engine] == nil {
				b, err := browser.Start(context.Background(), engine)
				if err != nil {
					t.Fatal(err)
				}
				running[engine] = b
			}
			test(t, running[engine])
		})
	}
}

func TestPage(t *testing.T) { inEach(t, testPage) }

func testPage(t *testing.T, b *browser.Browser) {

	t.Run("elements by role and name, in an iframe of another origin", func(t *testing.T) {
		inner := serve(t, "", `
			<div style="height: 2000px"></div>
			<label>Name <input></label>
			<button onclick="setTimeout(() => greeting.textContent = 'Hello, ' + document.querySelector('input').value, 50)">Greet</button>
			<button hidden>Greet</button>
			<output id=greeting></output>`)
		page := b.Open(t, serve(t, `<h1>Outside</h1><iframe src="`+inner+`/inner" width=600 height=300></iframe>`, ""))
		frame := page.Iframe(inner)
		frame.Find("textbox", "Name").Type("nobody")
		frame.Find("textbox", "Name").Type("Ann")
		frame.Find("button", "Greet").Click()
		frame.Wait("the greeting", `document.getElementById("greeting").textContent === "Hello, Ann"`)
		if got := frame.Find("textbox", "Name").Value(); got != "Ann" {
			t.Errorf("the field has %q", got)
		}
		if got := page.Find("heading", "Outside").Text(); got != "Outside" {
			t.Errorf("the heading is %q", got)
		}
		page.Quiet()
	})

	t.Run("a reload shows the new document", func(t *testing.T) {
		page := b.Open(t, serve(t, `<p>here</p>`, ""))
		page.Eval(`globalThis.old = true`, nil)
		page.Reload()
		page.Wait("the new document", `globalThis.old === undefined`)
	})

	t.Run("tabs share nothing", func(t *testing.T) {
		address := serve(t, "", "")
		b.Open(t, address).Eval(`localStorage.setItem("a", "b")`, nil)
		if got := b.Open(t, address).String(`String(localStorage.getItem("a"))`); got != "null" {
			t.Errorf("a new tab has the other's storage: %s", got)
		}
	})
}

func TestConsole(t *testing.T) {
	inEach(t, func(t *testing.T, b *browser.Browser) {
		inner := serve(t, "", `<p>inside`)
		page := b.Open(t, serve(t, `<iframe src="`+inner+`/inner"></iframe>`, ""))
		page.Iframe(inner).Eval(`void setTimeout(() => console.log("inside"))`, nil)
		page.Eval(`{
			console.log("a", 1, {b: 2});
			console.warn("two\nlines");
			console.error(new TypeError("wrong"));
			Promise.reject(new Error("nobody handles this"));
			fetch("missing");
			setTimeout(() => { throw new RangeError("nobody catches this") });
		}`, nil)
		for _, want := range []struct{ kind, text string }{
			{"log", "a 1 "},
			{"warning", "two\nlines"},
			{"error", "wrong"},
			{"log", "inside"},
			{browser.Exception, "nobody handles this"},
			{browser.Exception, "nobody catches this"},
			{browser.BrowserError, "404"},
		} {
			if b.Engine == browser.WebKit && want.kind == browser.BrowserError {
				continue // its driver tells nothing of the network
			}
			page.Until("the message "+want.text, func(context.Context) (bool, error) {
				return strings.Contains(page.ConsoleText(want.kind), want.text), nil
			})
		}
		if got := strings.Join(page.Requests(), "\n"); !strings.Contains(got, "/missing") {
			t.Errorf("the requests are %s", got)
		}
	})
}

// TestInput checks keys, fields and files in an iframe of another origin, below the edge of the window.
func TestInput(t *testing.T) {
	inEach(t, func(t *testing.T, b *browser.Browser) {
		inner := serve(t, "", `<div style="height: 1500px"></div>
			<input aria-label=Name autofocus><input aria-label=Other><input type=file aria-label=File>
			<script>
				globalThis.heard = [];
				for (const type of ["keydown", "click"]) addEventListener(type, (e) => heard.push([type, e.key ?? "", e.repeat ?? false, e.ctrlKey, Math.round(performance.timeOrigin + e.timeStamp)]));
			</script>`)
		page := b.Open(t, serve(t, `<div style="height: 300px"></div><iframe src="`+inner+`/inner" width=600 height=1800></iframe>`, ""))
		frame := page.Iframe(inner)
		name := frame.Find("textbox", "Name")
		name.Fill("Änn")
		page.Press(browser.ArrowLeft + browser.Backspace + "x")
		if got := name.Value(); got != "Äxn" {
			t.Errorf("the field has %q", got)
		}
		page.Press(browser.Tab)
		if !frame.Find("textbox", "Other").HasFocus() {
			t.Error("Tab does not reach the next field")
		}
		frame.Eval(`heard.length = 0`, nil)
		when := time.UnixMilli(1_800_000_000_000)
		page.HoldEnter(when, 2, func() {})
		page.PressTogether(browser.Control, "z")
		var heard [][5]any
		frame.Eval(`heard`, &heard)
		ms := float64(when.UnixMilli())
		want := [][5]any{{"keydown", "Enter", false, false, ms}, {"keydown", "Enter", true, false, ms}, {"keydown", "Enter", true, false, ms}}
		if b.Engine == browser.WebKit { // its driver does not repeat a key
			want = want[:1]
		}
		if len(heard) != len(want)+2 || !reflect.DeepEqual(heard[:len(want)], want) || heard[len(want)+1][1] != "z" || heard[len(want)+1][3] != true {
			t.Errorf("the page heard %v", heard)
		}
		frame.Eval(`heard.length = 0`, nil)
		x, y := frame.MiddleOf("input")
		page.ClickAt(x, y, when)
		frame.Eval(`heard`, &heard)
		if len(heard) != 1 || heard[0][0] != "click" || heard[0][4] != ms {
			t.Errorf("the page heard %v, want a click at %v", heard, ms)
		}
		file := filepath.Join(t.TempDir(), "a.txt")
		if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
		frame.ChooseFiles("input[type=file]", file)
		frame.Wait("the file", `document.querySelector("input[type=file]").files[0]?.text().then((t) => t === "text")`)
		page.SetSize(500, 300)
		page.Wait("the size", `innerWidth === 500 && innerHeight === 300`)
		if picture, err := png.Decode(bytes.NewReader(page.Screenshot())); err != nil || picture.Bounds().Dx() < 485 {
			t.Errorf("the screenshot: %v", err)
		}
	})
}

// TestClickHitsItsElement moves a button away, and another one to its place, when the mouse arrives.
func TestClickHitsItsElement(t *testing.T) {
	inEach(t, func(t *testing.T, b *browser.Browser) {
		inner := serve(t, "", `<button>Right</button><br><button>Wrong</button>
			<script>
				globalThis.clicked = [];
				for (const type of ["mousedown", "click"]) addEventListener(type, (event) => clicked.push(type + " " + event.target.textContent));
				document.querySelector("button").addEventListener("pointerover", ({ target }) => document.body.append(target), { once: true });
			</script>`)
		page := b.Open(t, serve(t, `<iframe src="`+inner+`/inner" width=600 height=300></iframe>`, ""))
		frame := page.Iframe(inner)
		frame.Find("button", "Right").Click()
		if got := frame.String(`clicked.join()`); got != "mousedown Right,click Right" {
			t.Errorf("the page heard %s", got)
		}
	})
}

func TestHistory(t *testing.T) {
	inEach(t, func(t *testing.T, b *browser.Browser) {
		address := serve(t, `<p>first`, `<p>second`)
		page := b.Open(t, address)
		page.Eval(`localStorage.setItem("a", "b")`, nil)
		page.Goto(address + "/inner")
		page.Back()
		page.Wait("the first page", `document.body.innerText === "first"`)
		page.Forward()
		page.Wait("the second page", `document.body.innerText === "second"`)
		if got := page.OpenWindow(address).String(`localStorage.getItem("a")`); got != "b" {
			t.Errorf("another window of the user has %q", got)
		}
		page.Wait("the first window", `document.body.innerText === "second"`)
	})
}

func TestEval(t *testing.T) {
	inEach(t, func(t *testing.T, b *browser.Browser) {
		page := b.Open(t, serve(t, `<iframe srcdoc="<p>one"></iframe><iframe srcdoc="<p>two"></iframe>`, ""))
		for expression, want := range map[string]string{
			`({ a: [1, -0, 0.5, null, true], b: { c: "ü\n" }, d: undefined })`: `{"a":[1,0,0.5,null,true],"b":{"c":"ü\n"}}`,
			`Promise.resolve("later")`:    `"later"`,
			`JSON.parse("[[[[[[1]]]]]]")`: `[[[[[[1]]]]]]`,
		} {
			var got any
			page.Eval(expression, &got)
			if text, _ := json.Marshal(got); string(text) != want {
				t.Errorf("%s is %s, want %s", expression, text, want)
			}
		}
		page.Eval(`{ const a = 1; globalThis.b = a + 1; }`, nil)
		page.Wait("the statements", `b === 2`)
		page.LastIframe().Wait("the last iframe", `document.body.innerText === "two"`)
	})
}

// TestElementsAreThoseOfChromium compares our rules for roles and names, for engines without an accessibility tree, with
// Chromium's tree.
func TestElementsAreThoseOfChromium(t *testing.T) {
	const html = `<h1>A <span aria-hidden=true>not</span>title</h1><h2 hidden>Hidden</h2>
		<ul aria-label="All"><li><label><input type=checkbox> First  one</label> <button aria-label="Delete First">x</button></li></ul>
		<label for=n>Task <b>name</b></label><input id=n placeholder=P><input placeholder="Only P"><input type=search title=Look><input type=number aria-label=N>
		<span id=s>Send</span><div role=radiogroup aria-labelledby="s t"><span id=t>with</span><label><input type=radio name=r>one</label><label><input type=radio name=r>two</label></div>
		<select aria-label=Theme><option>Light<option>Dark</select><a href=/>A <img alt=picture src=data:,> link</a><a>no link</a>
		<button><svg aria-hidden=true></svg>Save <i>all</i></button><button style="visibility: hidden">Never</button><div inert><button>Inert</button></div>
		<div role=alert>Wrong</div><div role=status>Fine</div><output>3</output><progress aria-label=P value=1 max=2></progress><textarea aria-label=Text></textarea>
		<fieldset><legend>Group</legend><input type=submit value=Go><input type=submit></fieldset><div id=host></div>
		<script>host.attachShadow({ mode: "open" }).innerHTML = "<button>In a shadow</button>";</script>`
	names := func(t *testing.T, page *browser.Page) map[string][]string {
		all := map[string][]string{}
		for _, role := range []string{"heading", "list", "listitem", "checkbox", "button", "textbox", "searchbox", "spinbutton", "radiogroup", "radio",
			"combobox", "link", "alert", "status", "progressbar", "group", "dialog"} {
			all[role] = page.Names(role)
		}
		return all
	}
	var first map[string][]string
	inEach(t, func(t *testing.T, b *browser.Browser) {
		page := b.Open(t, serve(t, html+`<dialog id=d aria-label=D><button>Inside</button></dialog>`, ""))
		got := names(t, page)
		page.Eval(`d.showModal()`, nil)
		for role, list := range names(t, page) {
			got["behind a dialog, "+role] = list
		}
		if b.Engine == browser.Chromium {
			// The same rules as a script, where the tree is.
			script, err := os.ReadFile("page/accessible.js")
			if err != nil {
				t.Fatal(err)
			}
			page.Eval(`d.close()`, nil)
			file := strings.TrimSuffix(strings.TrimSpace(string(script)), ";")
			for role, want := range names(t, page) {
				var names []string
				page.Eval(`(() => { const { find, nameOf } = `+file+`; return find("`+role+`", "").map(nameOf) })()`, &names)
				if !slices.Equal(names, want) {
					t.Errorf("the script finds the %s %q, and Chromium %q", role, names, want)
				}
			}
		}
		if first == nil {
			first = got
		}
		for role, list := range got {
			if !slices.Equal(list, first[role]) {
				t.Errorf("%s: %q, and in the first engine %q", role, list, first[role])
			}
		}
	})
}

func TestMissingBrowsers(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for engine, pkg := range map[browser.Engine]string{browser.Chromium: "chromium", browser.Firefox: "firefox-esr", browser.WebKit: "webkit2gtk-driver"} {
		for _, variable := range []string{"CHROMIUM", "FIREFOX", "WEBKITDRIVER"} {
			t.Setenv(variable, "")
		}
		_, err := browser.Start(t.Context(), engine)
		if err == nil || !strings.Contains(err.Error(), "apt-get install "+pkg) {
			t.Errorf("Start says %v", err)
		}
	}
}

func TestEngines(t *testing.T) {
	for value, want := range map[string]string{
		"": "[chromium]", "firefox": "[firefox]", "webkit, chromium": "[webkit chromium]", "all": "[chromium firefox webkit]", "none": "[]", "firefox,firefox": "[firefox]",
		"opera": `[] BROWSER=opera: there is no browser "opera"; use chromium, firefox, webkit or all`,
	} {
		t.Setenv("BROWSER", value)
		engines, err := browser.Engines()
		got := fmt.Sprint(engines)
		if err != nil {
			got += " " + err.Error()
		}
		if got != want {
			t.Errorf("BROWSER=%s: %s, want %s", value, got, want)
		}
	}
	t.Setenv("BROWSER", "firefox")
	for value, want := range map[string]string{
		"": "[] <nil>", "all": "[chromium webkit] <nil>", "firefox": "[] <nil>", "opera": `[] ESSENTIAL=opera: there is no browser "opera"; use chromium, firefox, webkit or all`,
	} {
		t.Setenv("ESSENTIAL", value)
		engines, err := browser.Essential()
		if got := fmt.Sprint(engines, " ", err); got != want {
			t.Errorf("ESSENTIAL=%s: %s, want %s", value, got, want)
		}
	}
}
