package browser_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

func TestPage(t *testing.T) {
	b := browser.New(t)

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
	page := browser.New(t).Open(t, serve(t, `<script>
		console.log("a", 1, {b: 2});
		console.error(new TypeError("wrong"));
		Promise.reject(new Error("nobody handles this"));
		fetch("missing");
		setTimeout(() => { throw new RangeError("nobody catches this") });
	</script>`, ""))
	for _, want := range []struct{ kind, text string }{
		{"log", "a 1 Object"},
		{"error", "TypeError: wrong"},
		{browser.Exception, "nobody handles this"},
		{browser.Exception, "nobody catches this"},
		{browser.BrowserError, "404"},
	} {
		page.Until("the message "+want.text, func(context.Context) (bool, error) {
			return strings.Contains(page.ConsoleText(want.kind), want.text), nil
		})
	}
}

func TestNoChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CHROMIUM", "")
	_, err := browser.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("Start says %v", err)
	}
}
