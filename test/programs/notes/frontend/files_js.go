package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

func (p *notesPage) listenToFiles(ctx context.Context) {
	wasm.ListenFiles(ctx, p.doc.GetElementByID("picture"), func(ctx context.Context, files []wasm.File) error {
		return bridge.Upload(ctx, "notes-api", "/pictures", files[0], 5<<20)
	})
	wasm.ListenFiles(ctx, p.box, func(ctx context.Context, files []wasm.File) error {
		return p.attach(ctx, files[0])
	})
	wasm.ListenFiles(ctx, p.doc.GetElementByID("large"), func(ctx context.Context, files []wasm.File) error {
		return send(ctx, direct, files[0])
	})
}

// send sends a file of any size, without keeping it in memory twice.
func send(ctx context.Context, direct *bridge.Client, file wasm.File) error {
	ctx = bridge.NewContext(ctx, direct)
	_, err := bridge.Post[struct{}](ctx, "notes-api", "/files", bridge.Reader(file.Reader(ctx)))
	return err
}

// attach sends a picture of at most 5 MB and shows it.
func (p *notesPage) attach(ctx context.Context, file wasm.File) error {
	if err := bridge.Upload(ctx, "notes-api", "/pictures", file, 5<<20); err != nil {
		return err
	}
	return preview(ctx, p.doc, file)
}

// preview shows a picture. Its bytes stay with the browser.
func preview(ctx context.Context, doc dom.Document, file wasm.File) error {
	url, stop, err := file.URL()
	if err != nil {
		return err
	}
	image := doc.GetElementByID("preview").(*dom.HTMLImageElement)
	wasm.Listen(ctx, image, "load", func(context.Context, js.Value) error {
		stop()
		return nil
	}, wasm.WithOnce())
	image.SetSrc(url)
	image.RemoveAttribute("hidden")
	return nil
}
