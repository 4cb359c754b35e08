//go:build !js

package i18n_test

import (
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/i18n"
)

// tasks stands in for the product, with an app that has two languages.
func tasks() *bridgetest.Host {
	host := bridgetest.NewHost(nil)
	host.SetLocale("de-DE")
	host.SetTranslations(bridgetest.Translations{Default: "en-US", Files: map[string]any{
		"de-DE": i18n.Content{"header": "Aufgaben"},
		"en-US": i18n.Content{"header": "Tasks", "page": map[string]string{"title": "My tasks"}},
	}})
	return host
}

func ExampleNewTranslator() {
	host := tasks()
	defer host.Close()
	ctx := host.Context(nil)              // in an app, the one of wasm.Run
	t, err := i18n.NewTranslator(ctx, "") // the user's own language, here German
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Translate("header"), "/", t.Translate("page.title"), "/", t.TranslateOr("page.note", "no note"))
	// Output: Aufgaben / My tasks / no note
}

func ExampleGetTranslations() {
	host := tasks()
	defer host.Close()
	translations, err := i18n.GetTranslations(host.Context(nil), "ja-JP")
	fmt.Println(translations.Locale, translations.Content["header"], err)
	// Output: en-US Tasks <nil>
}
