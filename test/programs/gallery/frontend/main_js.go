// Program frontend is the code of two sections of docs/frontend.md: "The object store" and "Translations".
package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	doc := dom.GetWindow().Document()
	wasm.ListenFiles(ctx, doc.GetElementByID("picture"), func(ctx context.Context, files []wasm.File) error {
		key, err := keep(ctx, files[0])
		if err != nil {
			return err
		}
		doc.GetElementByID("key").SetTextContent(key)
		return nil
	})
	return translate(ctx, doc)
}
