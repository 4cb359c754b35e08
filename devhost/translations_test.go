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
	h := startHost(t, m, Options{})
	folder := h.AppURL() + "main/__LOCALES__/"

	_, text := ask(t, "GET", folder+"i18n-info.json", "")
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
	resp, text := ask(t, "GET", folder+"de-DE.json", "")
	if text != `{"title":"Aufgaben"}` || resp.Header.Get("Content-Type") != "application/json" || resp.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("got %q with %v", text, resp.Header)
	}
	for _, name := range []string{"main/__LOCALES__/fr-FR.json", "other/__LOCALES__/i18n-info.json"} {
		if resp, _ := ask(t, "GET", h.AppURL()+name, ""); resp.StatusCode != 404 {
			t.Errorf("%s: got %d", name, resp.StatusCode)
		}
	}
	testapp.Write(t, m.Dir, "manifest.yml", "translations: {}\n")
	if resp, text := ask(t, "GET", folder+"i18n-info.json", ""); resp.StatusCode != 404 || !strings.Contains(text, "have no default") {
		t.Errorf("got %d %q", resp.StatusCode, text)
	}
	testapp.Write(t, m.Dir, "manifest.yml", "app: {}\n")
	if resp, text := ask(t, "GET", folder+"i18n-info.json", ""); resp.StatusCode != 404 || !strings.Contains(text, "has no translations") {
		t.Errorf("got %d %q", resp.StatusCode, text)
	}
}
