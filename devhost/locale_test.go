package devhost

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestTitlesAreTranslated(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "manifest.yml", "translations:\n  resources:\n    - {key: en-US, path: en.json}\n    - {key: de-DE, path: de.json}\n  fallback:\n    default: en-US\n    fr-FR: [de-DE]\n")
	testapp.Write(t, m.Dir, "en.json", `{"title":"Tasks of <all>"}`)
	testapp.Write(t, m.Dir, "de.json", `{"title":"Aufgaben"}`)
	m.Modules[0].TitleKey = "title"
	h := startHost(t, m, Options{})
	page := func(accept string) string {
		_, text := ask(t, "GET", h.URL(), "", "Accept-Language", accept)
		return text
	}
	check := func(name, accept, want string) {
		t.Helper()
		if text := page(accept); !strings.Contains(text, "<h1>"+want+"</h1>") || !strings.Contains(text, `<span class="title">`+want+"</span>") || !strings.Contains(text, "<title>"+want+" –") {
			t.Errorf("%s: the page does not show %q", name, want)
		}
	}
	check("the browser's", "de,en;q=0.9", "Aufgaben")
	check("a fall-back", "fr-FR;q=1", "Aufgaben")
	check("the default", "ja", "Tasks of &lt;all&gt;")
	check("none", "", "Tasks of &lt;all&gt;")

	if _, failed := askData(t, h, "locale", `{"locale":"de-DE"}`); failed.Code != "" {
		t.Fatalf("got %+v", failed)
	}
	check("the chosen one", "en-US", "Aufgaben")
	if text := page("en-US"); !strings.Contains(text, "<option selected>de-DE</option>") || strings.Count(text, "<option>en-US</option>") != 1 {
		t.Errorf("the switch does not show what is chosen:\n%s", text)
	}
	if out, _ := askData(t, h, "context", `{"moduleKey":"panel"}`); out["locale"] != "de-DE" {
		t.Errorf("the context's locale is %v", out["locale"])
	}
	if _, failed := askData(t, h, "locale", `{"locale":"de"}`); failed.Code != "INVALID_REQUEST" {
		t.Errorf("a locale that Forge has not: got %+v", failed)
	}
	if _, failed := askData(t, h, "locale", `{}`); failed.Code != "" {
		t.Fatalf("got %+v", failed)
	}
	check("the browser's again", "en-US", "Tasks of &lt;all&gt;")
	if out, _ := askData(t, h, "context", `{"moduleKey":"panel"}`); out["locale"] != nil {
		t.Errorf("the context's locale is %v, want the browser's own", out["locale"])
	}

	// What is broken meanwhile must not take the page away.
	testapp.Write(t, m.Dir, "de.json", `{`)
	check("a broken file", "de-DE", "Tasks")
}
