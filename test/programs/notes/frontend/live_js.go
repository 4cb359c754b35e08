package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
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
		if err := p.load(ctx); err != nil {
			return err
		}
	}
	return nil
}
