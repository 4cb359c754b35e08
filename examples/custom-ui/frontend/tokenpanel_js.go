package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// tokenPanel is the panel that shows the state of the token cache. It is updated only while it is open.
type tokenPanel struct {
	doc dom.HTMLDocument
	box dom.HTMLElement

	seconds, mints, hits, renewals, failures *text
	// stop ends the updates; nil if there are none.
	stop context.CancelFunc
}

func newTokenPanel(doc dom.HTMLDocument) *tokenPanel {
	return &tokenPanel{
		doc:      doc,
		box:      find[dom.HTMLElement](doc, "token"),
		seconds:  newText(doc, "token-seconds"),
		mints:    newText(doc, "token-mints"),
		hits:     newText(doc, "token-hits"),
		renewals: newText(doc, "token-renewals"),
		failures: newText(doc, "token-failures"),
	}
}

func (p *tokenPanel) listen(page *tasks.Page) {
	p.box.AddEventListener("toggle", false, func(dom.Event) { p.look(page) })
	p.look(page)
}

// look starts or stops the updates.
func (p *tokenPanel) look(page *tasks.Page) {
	isOpen := p.box.Underlying().Get("open").Bool()
	switch {
	case isOpen && p.stop == nil:
		open, cancel := context.WithCancel(context.Background())
		p.stop = cancel
		start(func(ctx context.Context) {
			defer context.AfterFunc(ctx, cancel)()
			page.WatchToken(open, p.isSeen)
		})
	case !isOpen && p.stop != nil:
		p.stop()
		p.stop = nil
	}
}

// isSeen is called for each update. An event would come once more after the page, and the program, have ended.
func (p *tokenPanel) isSeen() bool {
	return p.doc.Underlying().Get("visibilityState").String() == "visible"
}

func (p *tokenPanel) show(f tasks.TokenFacts) {
	if f == (tasks.TokenFacts{}) {
		return // the panel has not been opened yet
	}
	p.seconds.show(f.Seconds)
	p.mints.show(f.Mints)
	p.hits.show(f.Hits)
	p.renewals.show(f.Renewals)
	p.failures.show(f.Failures)
}
