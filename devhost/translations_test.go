package devhost

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestTranslations(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "manifest.yml", "translations:\n  resources:\n    - {key: en-US, path: locales/en.json}\n    - {key: de-DE, path: locales/de.json}\n  fallback:\n    default: en-US\n    fr-FR: [de-DE]\n")
	testapp.Write(t, m.Dir, "locales/en.json", `{"title":"Tasks"}`)
	testapp.Write(t, m.Dir, "locales/de.json", `{"title":"Aufgaben"}`)
	h := startHost(t, m, settings{})
	folder := h.AppURL() + "main/__LOCALES__/"

	_, text := testapp.Ask(t, "GET", folder+"i18n-info.json", "")
	var index struct {
		Config struct {
			Locales  []string       `json:"locales"`
			Fallback map[string]any `json:"fallback"`
		} `json:"config"`
	}
	if err := json.Unmarshal([]byte(text), &index); err != nil {
		t.Fatal(err)
	}
	c := index.Config
	if len(c.Locales) != 2 || c.Locales[1] != "de-DE" || c.Fallback["default"] != "en-US" || c.Fallback["fr-FR"].([]any)[0] != "de-DE" {
		t.Errorf("got %s", text)
	}
	resp, text := testapp.Ask(t, "GET", folder+"de-DE.json", "")
	if text != `{"title":"Aufgaben"}` || resp.Header.Get("Content-Type") != "application/json" || resp.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("got %q with %v", text, resp.Header)
	}
	for _, name := range []string{"main/__LOCALES__/fr-FR.json", "other/__LOCALES__/i18n-info.json"} {
		if resp, _ := testapp.Ask(t, "GET", h.AppURL()+name, ""); resp.StatusCode != 404 {
			t.Errorf("%s: got %d", name, resp.StatusCode)
		}
	}
	testapp.Write(t, m.Dir, "manifest.yml", "translations: {}\n")
	if resp, text := testapp.Ask(t, "GET", folder+"i18n-info.json", ""); resp.StatusCode != 404 || !strings.Contains(text, "have no default") {
		t.Errorf("got %d %q", resp.StatusCode, text)
	}
	testapp.Write(t, m.Dir, "manifest.yml", "app: {}\n")
	if resp, text := testapp.Ask(t, "GET", folder+"i18n-info.json", ""); resp.StatusCode != 404 || !strings.Contains(text, "has no translations") {
		t.Errorf("got %d %q", resp.StatusCode, text)
	}
}

func TestTitlesAreTranslated(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "manifest.yml", "translations:\n  resources:\n    - {key: en-US, path: en.json}\n    - {key: de-DE, path: de.json}\n  fallback:\n    default: en-US\n    fr-FR: [de-DE]\n")
	testapp.Write(t, m.Dir, "en.json", `{"title":"Tasks of <all>"}`)
	testapp.Write(t, m.Dir, "de.json", `{"title":"Aufgaben"}`)
	m.Modules[0].TitleKey = "title"
	h := startHost(t, m, settings{})
	page := func(accept string) string {
		_, text := testapp.Ask(t, "GET", h.URL(), "", "Accept-Language", accept)
		return text
	}
	check := func(name, accept, want string) {
		t.Helper()
		if text := page(accept); !strings.Contains(text, "<h1>"+want+"</h1>") || !strings.Contains(text, `<span class="title">`+want+"</span>") || !strings.Contains(text, "<title>"+want+" –") {
			t.Errorf("%s: the page does not show %q", name, want)
		}
	}
	check("the browser's language", "de,en;q=0.9", "Aufgaben")
	check("a fallback", "fr-FR;q=1", "Aufgaben")
	check("the default language", "ja", "Tasks of &lt;all&gt;")
	check("no language", "", "Tasks of &lt;all&gt;")

	if _, failed := askData(t, h, "locale", `{"locale":"de-DE"}`); failed.Code != "" {
		t.Fatalf("got %+v", failed)
	}
	check("the chosen language", "en-US", "Aufgaben")
	if text := page("en-US"); !strings.Contains(text, "<option selected>de-DE</option>") || strings.Count(text, "<option>en-US</option>") != 1 {
		t.Errorf("the menu does not show the chosen locale:\n%s", text)
	}
	if out, _ := askData(t, h, "context", `{"moduleKey":"panel"}`); out["locale"] != "de-DE" {
		t.Errorf("the context's locale is %v", out["locale"])
	}
	if _, failed := askData(t, h, "locale", `{"locale":"de"}`); failed.Code != "INVALID_REQUEST" {
		t.Errorf("a locale that Forge does not have: got %+v", failed)
	}
	if _, failed := askData(t, h, "locale", `{}`); failed.Code != "" {
		t.Fatalf("got %+v", failed)
	}
	check("the browser's language again", "en-US", "Tasks of &lt;all&gt;")
	if out, _ := askData(t, h, "context", `{"moduleKey":"panel"}`); out["locale"] != nil {
		t.Errorf("the context's locale is %v, want none, for the browser's", out["locale"])
	}

	// The page must work even if a file becomes invalid.
	testapp.Write(t, m.Dir, "de.json", `{`)
	check("a broken file", "de-DE", "Tasks")
}
