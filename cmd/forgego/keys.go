package main

import (
	"context"
	"os"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/internal/terminal"
)

// keyHelp lists the keys.
const keyHelp = "Keys: r rebuild, o open the page, q quit, h these keys"

// keys are what single keys do while an app runs.
type keys struct {
	console
	loop *devloop.Loop
	quit func()
}

// readKeys reads keys until ctx ends or close is called. Without a terminal there are none.
func readKeys(ctx context.Context, k keys) (close func(), ok bool) {
	if !k.isTerminal || !terminal.IsTerminal(os.Stdin) {
		return func() {}, false
	}
	from, err := terminal.OpenKeys(os.Stdin, k.press)
	if err != nil {
		return func() {}, false
	}
	// The second Ctrl-C kills this process. So the terminal must be as it was before.
	stop := context.AfterFunc(ctx, from.Close)
	return func() {
		stop()
		from.Close()
	}, true
}

func (k keys) press(key byte) {
	switch key {
	case 'r', 'R':
		k.say("Building and starting everything again.")
		k.loop.Rebuild()
	case 'o', 'O':
		go k.openPage(k.loop.Host())
	case 'q', 'Q':
		k.quit()
	case 'h', 'H', '?':
		k.say(keyHelp)
	case '\r', '\n': // People press Enter to separate new output from old.
		k.say("")
	}
}

// openPage opens the page in the browser.
func (c console) openPage(h *devhost.Host) {
	if err := openBrowser(h.BrowserURL()); err != nil {
		c.say("The browser did not start: %v. Open the page yourself: %s", err, h.PageURL())
	}
}
