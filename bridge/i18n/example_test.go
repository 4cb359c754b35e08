//go:build !js

package i18n_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/i18n"
)

func ExampleNewTranslator() {
	ctx := app().context(context.Background()) // in an app, the one of wasm.Run
	t, err := i18n.NewTranslator(ctx, "")      // the user's own language, here German
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Translate("header"), "/", t.Translate("page.title"), "/", t.TranslateOr("page.note", "no note"))
	// Output: Kopf / My page title / no note
}

func ExampleGetTranslations() {
	ctx := app().context(context.Background())
	translations, err := i18n.GetTranslations(ctx, "ja-JP")
	fmt.Println(translations.Locale, translations.Content["header"], err)
	// Output: de-DE Kopf <nil>
}
