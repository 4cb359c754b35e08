package host

import "testing"

// TestLanguage checks that a title that is a translation key is shown in the product's language. The app gets this language
// too.
func TestLanguage(t *testing.T) {
	host, _ := serveData(t, false)
	page, app := openData(t, host)
	page.Wait("the title in the browser's language", `[...document.querySelectorAll(".side .title")].some((title) => title.textContent === "Go in English")`)
	if got, want := evaluate(t, app, `bridge.view.getContext().then(({ locale }) => locale === navigator.language)`), "true"; got != want {
		t.Errorf("the context has another locale than the browser")
	}
	page.Find("combobox", "Language").Call(`function () { this.value = "de-DE"; this.dispatchEvent(new Event("change")); }`, nil)
	page.Wait("the title in German", `[...document.querySelectorAll(".side .title")].some((title) => title.textContent === "Go auf Deutsch")`)
	app.Wait("the app", `globalThis.bridge`)
	if got, want := evaluate(t, app, `Promise.all([bridge.view.getContext(), bridge.i18n.getTranslations("de-DE")]).then(([{ locale }, { translations }]) => [locale, translations.greeting])`), `["de-DE","Hallo"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// Another window of the same product has the same language.
	other, _ := openData(t, host)
	if got := other.Find("combobox", "Language").Value(); got != "de-DE" {
		t.Errorf("the switch of another window shows %q", got)
	}
	page.Quiet()
}
