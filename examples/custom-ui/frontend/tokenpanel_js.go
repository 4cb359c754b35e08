package main

import (
	"context"
	"time"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
)

// tokenPanel is the panel that shows what the token cache does. It looks once a second, while it is open and the page is
// seen, and costs nothing otherwise.
type tokenPanel struct {
	doc   dom.HTMLDocument
	cache *bridge.TokenCache
	box   dom.HTMLElement
	texts map[string]dom.HTMLElement
	shown map[string]string
	// stop ends the looking; nil if it does not look.
	stop context.CancelFunc
}

func newTokenPanel(doc dom.HTMLDocument, cache *bridge.TokenCache) *tokenPanel {
	p := &tokenPanel{
		doc:   doc,
		cache: cache,
		box:   find[dom.HTMLElement](doc, "token"),
		texts: make(map[string]dom.HTMLElement),
		shown: make(map[string]string),
	}
	for _, f := range tokenFacts(bridge.TokenStats{}, time.Time{}, false, time.Time{}) {
		p.texts[f.id] = find[dom.HTMLElement](doc, f.id)
	}
	p.box.AddEventListener("toggle", false, func(dom.Event) { p.look() })
	p.look()
	return p
}

// look begins or ends the looking.
func (p *tokenPanel) look() {
	isOpen := p.box.Underlying().Get("open").Bool()
	switch {
	case isOpen && p.stop == nil:
		ctx, cancel := context.WithCancel(context.Background())
		p.stop = cancel
		p.show()
		start(func(page context.Context) { p.tick(page, ctx) })
	case !isOpen && p.stop != nil:
		p.stop()
		p.stop = nil
	}
}

func (p *tokenPanel) tick(page, open context.Context) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-second.C:
			// Asked each time: an event that tells of it comes once more when the page has gone, and the program with it.
			if p.doc.Underlying().Get("visibilityState").String() == "visible" {
				p.show()
			}
		case <-open.Done():
			return
		case <-page.Done():
			return
		}
	}
}

// show changes only what is not as it was.
func (p *tokenPanel) show() {
	expiresAt, has := p.cache.ExpiresAt(remoteKey)
	for _, f := range tokenFacts(p.cache.Stats(), expiresAt, has, time.Now()) {
		if p.shown[f.id] != f.text {
			p.shown[f.id] = f.text
			p.texts[f.id].SetTextContent(f.text)
		}
	}
}
