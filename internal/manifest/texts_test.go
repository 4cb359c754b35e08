package manifest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The example of https://developer.atlassian.com/platform/forge/manifest-reference/translations/, with its keys.
const titled = `modules:
  confluence:globalPage:
    - key: my-page
      resource: main
      title:
        i18n: page.title
      keyboardShortcut:
        description:
          i18n: header
  connect-jira:generalPages:
    - key: old
      name:
        i18n: not.in.any.file
translations:
  resources:
    - {key: en-US, path: en.json}
    - {key: zh-CN, path: zh-CN.json}
    - {key: zh-TW, path: zh-TW.json}
    - {key: de-DE, path: de.json}
  fallback:
    default: en-US
    zh-TW: [zh-CN]
    ja-JP: [de-DE, zh-CN]
`

func titledApp(t *testing.T, manifest, english string) string {
	t.Helper()
	return app(t, "manifest.yml", manifest, "en.json", english,
		"zh-CN.json", `{"page.title":"flat","page":{"title":"nested"},"header":"zh-CN header"}`,
		"zh-TW.json", `{"page":{"title":"zh-TW page"}}`, "de.json", `{"header":"Kopf","page":"no object","appName":""}`)
}

const english = `{"appName":"App","header":"Header","page":{"title":"Page"}}`

// TestTexts has the cases of the documentation's table.
func TestTexts(t *testing.T) {
	dir := titledApp(t, titled, english)
	translations, err := LoadTranslations(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ key, locale, want string }{
		{"page.title", "en-US", "Page"},
		{"page.title", "zh-CN", "flat"},
		{"page.title", "zh-TW", "zh-TW page"},
		{"page.title", "ja-JP", "flat"},
		{"page.title", "fr-FR", "Page"},
		{"appName", "zh-TW", "App"},
		{"appName", "ja-JP", "App"},
		{"header", "zh-TW", "zh-CN header"},
		{"header", "ja-JP", "Kopf"},
		{"header", "fr-FR", "Header"},
		// Cases that are not in the table: a browser's locale, a locale that Forge does not support, and an empty text.
		{"header", "de", "Kopf"},
		{"header", "xx-YY", "Header"},
		{"appName", "de-DE", "App"},
		{"none", "de-DE", ""},
		{"page", "en-US", ""},
	} {
		texts, err := translations.Texts(dir, c.locale)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := texts.Of(c.key); got != c.want || ok != (c.want != "") {
			t.Errorf("%s in %s: got %q, %v, want %q", c.key, c.locale, got, ok, c.want)
		}
	}
}

func TestTitle(t *testing.T) {
	dir := titledApp(t, titled, english)
	translations, err := LoadTranslations(dir)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := translations.Texts(dir, "zh-TW")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		texts  *Texts
		module Module
		want   string
	}{
		"translated":      {texts, Module{Title: "my-page", TitleKey: "page.title"}, "zh-TW page"},
		"not translated":  {texts, Module{Title: "Tasks"}, "Tasks"},
		"an unknown key":  {texts, Module{Title: "my-page", TitleKey: "none"}, "my-page"},
		"no translations": {nil, Module{Title: "my-page", TitleKey: "page.title"}, "my-page"},
	} {
		if got := c.texts.Title(c.module); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Forge does not deploy an app whose default file lacks a text that the manifest uses.
func TestLoadTranslationsMissingText(t *testing.T) {
	for _, c := range []struct{ name, manifest, english, place, msg string }{
		{"a title", titled, `{"header":"Header"}`, "6:9", `there is no text for "page.title"`},
		{"another property", titled, `{"page":{"title":"Page"}}`, "9:11", `there is no text for "header"`},
		{"not an object", titled, `[]`, "16:20", "the translations en.json are not a JSON object: the file has one JSON array"},
		{"not JSON", titled, "{\"ä\": \"ü\",\n\"ö\" 2}", "16:20", "invalid character '2' after object key (line 2, column 5)"},
		{"half of it", titled, `{`, "16:20", "the translations en.json are not a JSON object: unexpected end of JSON input (line 1, column 2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := titledApp(t, c.manifest, c.english)
			_, err := LoadTranslations(dir)
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), filepath.Join(dir, "manifest.yml")+":"+c.place+":") || e.Fix == "" {
				t.Errorf("want an error with advice at %s, got:\n%v", c.place, e)
			}
		})
	}
}

// Forge does not deploy an app with a translation file that is not JSON, whatever its locale.
func TestLoadTranslationsOfAnotherLocale(t *testing.T) {
	dir := titledApp(t, titled, english)
	if err := os.WriteFile(filepath.Join(dir, "de.json"), []byte(`{"header": Kopf}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := LoadTranslations(dir)
	if e := findFault(t, err, "the translations de.json are not a JSON object"); e.Line != 19 || e.Column != 20 {
		t.Errorf("got:\n%v", e)
	}
}

// Forge does not read a manifest with a value that contains itself.
func TestLoadTranslationsCircularAlias(t *testing.T) {
	circle := strings.Replace(titled, "      resource: main\n", "      resource: main\n      more: &more {a: *more, b: [*more, *more]}\n", 1)
	_, err := LoadTranslations(titledApp(t, circle, english))
	if e := findFault(t, err, "the alias *more is inside the value that it refers to"); e.Line != 5 || e.Column != 23 {
		t.Errorf("got:\n%v", e)
	}
}
