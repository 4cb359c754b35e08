package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge/i18n"
)

// translate shows the page's texts in the user's language.
func translate(ctx context.Context, doc dom.Document) error {
	t, err := i18n.NewTranslator(ctx, "")
	if err != nil {
		return err
	}
	doc.GetElementByID("heading").SetTextContent(t.Translate("notes.heading"))
	doc.GetElementByID("add").SetTextContent(t.TranslateOr("notes.add", "Add"))
	return nil
}
