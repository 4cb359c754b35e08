package main

import (
	"context"
	"io"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/internal/mcpserver"
)

// mcpCommand runs an app for an agent.
type mcpCommand struct{ appFlags }

// Run serves the app until ctx ends or the client closes standard input, which is not an error.
func (m *mcpCommand) Run(ctx context.Context, c console) error {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var loop *devloop.Loop
	screen := newScreen(c, m.NoWatch, func(string) {
		// Without the key, because agents read this too.
		c.say("ready: %s", loop.Host().URL())
		if m.Open {
			go func() {
				if err := openBrowser(loop.Host().BrowserURL()); err != nil {
					c.say("The browser did not start: %v.", err)
				}
			}()
		}
	})
	log := mcpserver.NewLog()
	loop, err := m.newLoop(c, func(e devhost.Event) {
		log.Add(e)
		screen.print(e)
	})
	if err != nil {
		return err
	}
	server := mcpserver.New(mcpserver.Options{
		Loop: loop, Log: log, OpenPage: openBrowser, Version: moduleVersion(),
	})
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- server.Run(ctx, &mcp.IOTransport{Reader: os.Stdin, Writer: keepOpen{c.out}})
	}()
	defer context.AfterFunc(ctx, screen.close)()
	err = loop.Run(ctx)
	screen.close()
	switch {
	case ctx.Err() == nil:
		return err
	case outer.Err() != nil:
		return nil
	}
	return <-served // The client has ended the session.
}

// keepOpen is a writer whose Close does nothing.
type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }
