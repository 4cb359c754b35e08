package tasks

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
)

// follow keeps the list current as long as it can, unless it is being kept so already.
func (p *Page) follow(ctx context.Context) {
	already := false
	p.update(func(s *State) {
		if already = p.following; !already {
			p.following, s.DirectNote = true, ""
		}
	})
	if already {
		return
	}
	f := &feed{
		send:    p.senders[Direct],
		reload:  p.reload,
		changed: func(c change) { p.update(func(*State) { p.board.event(c) }) },
		live:    p.setLive,
		stuck: func(err error) {
			text := "The list is not live yet. " + reason(err)
			if errors.Is(err, bridge.ErrNetwork) {
				text += " If the other ways work, the task service does not allow this page’s own origin by CORS."
			}
			p.update(func(s *State) { s.DirectNote = text })
		},
	}
	err := f.run(ctx)
	p.update(func(s *State) {
		p.following = false
		if ctx.Err() == nil {
			s.DirectNote = "The list is not live, and direct does not work. " + reason(err)
		}
	})
}

func (p *Page) setLive(how Liveness) {
	p.update(func(s *State) {
		s.Live = how
		if how == Live {
			s.DirectNote = ""
			p.board.follow()
		} else {
			p.board.lost()
		}
	})
}

// reload loads all tasks again, without a word.
func (p *Page) reload(ctx context.Context) error {
	p.update(func(*State) { p.board.reloading() })
	all, err := p.by(Direct).list(ctx)
	if err == nil {
		p.update(func(*State) { p.board.fill(all) })
	}
	return err
}
