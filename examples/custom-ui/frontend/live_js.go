package main

import (
	"context"
	"errors"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
)

// live is the line that says how the list is kept current, and the one that says why it cannot be.
type live struct {
	line, why dom.HTMLElement
	radio     *dom.HTMLInputElement
	// following is set while the backend's events are followed.
	following bool
}

func newLive(doc dom.HTMLDocument) *live {
	return &live{
		line:  find[dom.HTMLElement](doc, "live"),
		why:   find[dom.HTMLElement](doc, "direct-note"),
		radio: find[*dom.HTMLInputElement](doc, "direct"),
	}
}

// show shows how it goes. Screen readers find it where it stands; they are not interrupted.
func (l *live) show(how liveness) {
	l.line.SetTextContent(how.String())
	l.line.SetAttribute("data-state", [...]string{"off", "reconnecting", "on"}[how])
}

// explain says at the choice of the way why direct does not work; "" takes it back.
func (l *live) explain(why string) {
	l.why.SetTextContent(why)
	setHidden(l.why, why == "")
	if why == "" {
		l.radio.RemoveAttribute("aria-describedby")
	} else {
		l.radio.SetAttribute("aria-describedby", l.why.ID())
	}
}

// follow keeps the list current as long as it can.
func (p *page) follow(ctx context.Context) {
	if p.live.following {
		return
	}
	p.live.following = true
	p.live.explain("")
	f := &feed{
		way:     p.direct,
		reload:  p.reload,
		changed: p.board.event,
		live: func(how liveness) {
			p.live.show(how)
			if how == isLive {
				p.live.explain("")
				p.board.follow()
			} else {
				p.board.lost()
			}
		},
		stuck: func(err error) {
			text := "The list is not live yet. " + reason(err)
			if errors.Is(err, bridge.ErrNetwork) {
				text += " If the other ways work, the task service does not allow this page’s own origin by CORS."
			}
			p.live.explain(text)
		},
	}
	err := f.run(ctx)
	p.live.following = false
	if ctx.Err() == nil {
		p.live.explain("The list is not live, and direct does not work. " + reason(err))
	}
}

// reload loads all tasks again, without a word.
func (p *page) reload(ctx context.Context) error {
	p.board.reloading()
	all, err := (&tasks{way: p.direct}).list(ctx)
	if err == nil {
		p.board.fill(all)
	}
	return err
}

// insert, show and remove make the page the screen of its board.

func (p *page) insert(i int, tasks ...task) { p.list.insert(i, tasks...) }

func (p *page) show(t task) { p.list.show(t) }

// remove takes away the row of a task that was deleted in another window. A focus that was there goes to the next row,
// but not to a control of it: a key that is being pressed was not meant for it.
func (p *page) remove(id string) {
	r := p.list.find(id)
	if r == nil {
		return
	}
	hadFocus := hasFocus(r.item)
	hadFocus = p.failures.clear(id) || hadFocus
	r.stop(errDeleted)
	next := p.list.remove(r)
	if !hadFocus {
		return
	}
	p.status.SetTextContent(quoted(r.task.Name) + " was deleted in another window.")
	if next == nil {
		p.field.input.Focus()
		return
	}
	next.item.SetAttribute("tabindex", "-1")
	next.item.Focus()
}
