package tasks

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
)

// follow keeps the list current: by realtime if the product has it, and otherwise by the backend's own events. If the list is
// already being kept current, follow does nothing.
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
	// Realtime is preferred because it needs no connection for each window.
	_ = p.listen(ctx)
	var err error
	if ctx.Err() == nil {
		p.update(func(s *State) {
			if s.Live == Live {
				s.Live = Reconnecting
				p.board.lost()
			}
		})
		err = p.shareStream(ctx)
	}
	p.update(func(s *State) {
		p.following = false
		if ctx.Err() == nil {
			s.DirectNote = p.words.Text("live.failed", "reason", p.words.reason(err))
		}
	})
}

// stream keeps the list current by the backend's events, until ctx ends or until a permanent error, which it returns.
func (p *Page) stream(ctx context.Context) error {
	f := &feed{
		send: p.senders[Direct],
		reload: func(ctx context.Context) error {
			p.update(func(*State) { p.board.follow() })
			defer p.tellWindows()
			return p.reload(ctx, Direct)
		},
		changed: func(c change) (inOrder bool) {
			p.update(func(*State) { inOrder = p.board.event(c) })
			p.tellWindows()
			return inOrder
		},
		live: func(how Liveness) {
			p.setLive(how)
			p.tellWindows()
		},
		stuck: func(err error) {
			text := p.words.Text("live.notYet", "reason", p.words.reason(err))
			if errors.Is(err, bridge.ErrNetwork) {
				text += " " + p.words.Text("live.cors")
			}
			p.update(func(s *State) { s.DirectNote = text })
		},
	}
	return f.run(ctx)
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

// reload loads all tasks again by this way, without changing the status.
func (p *Page) reload(ctx context.Context, w Way) error {
	p.update(func(*State) { p.board.reloading() })
	all, err := p.by(w).list(ctx)
	if err == nil {
		p.update(func(*State) { p.board.fill(all) })
	}
	return err
}
