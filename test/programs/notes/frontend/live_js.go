package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

// direct makes requests from the page itself, with tokens of the backend.
var direct = bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens("/token")))

// follow loads the notes again after each change, until the page is closed.
func (p *notesPage) follow(ctx context.Context) error {
	ctx = bridge.NewContext(ctx, direct)
	for _, err := range bridge.ServerSentEvents(ctx, "notes-api", bridge.Request{Path: "/notes/events"}) {
		if err != nil {
			return err
		}
		err = p.load(ctx)
		wasm.Go(ctx, func(context.Context) error { return err }) // shows an error; the next event loads again
	}
	return nil
}
