package tasks

import (
	"context"
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/realtime"
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

const (
	// newsChannel is the channel for messages about changes between windows. It is global, because tasks belong to the whole
	// installation. Everybody who has the app can listen, but learns only which task has changed.
	newsChannel = "tasks"
	// subscribeTime limits the wait for the product's answer to a subscription.
	subscribeTime = 10 * time.Second
	// newsTime is the minimum time between two loads, even if many windows report changes.
	newsTime = 500 * time.Millisecond
	// checkTime is the maximum time between two loads, because a message may be lost.
	checkTime = time.Minute
)

// errNoAnswer ends a subscription that the product has not answered.
var errNoAnswer = errors.New("the product did not answer")

// news is a message of one window to the others. It is only a hint: the receiver asks the backend.
type news struct {
	// Task is the id of the task that changed.
	Task string `json:"task"`
	// From identifies the window that changed it.
	From string `json:"from"`
}

// announce sends the message that this window has changed a task. The result is ignored, because the others also load the
// list from time to time.
func announce(ctx context.Context, task, from string) {
	_, _ = realtime.PublishGlobal(ctx, newsChannel, news{task, from}, nil)
}

// tell announces a change by this page, if the product has realtime.
func (p *Page) tell(ctx context.Context, task string) {
	has := false
	p.update(func(*State) { has = p.hasRealtime })
	if has {
		announce(ctx, task, p.name)
	}
}

// newsAbout makes followNews load the list, if realtime keeps it current.
func (p *Page) newsAbout() {
	select {
	case p.news <- struct{}{}:
	default: // a load is already due
	}
}

// listen keeps the list current by realtime, until ctx ends or the product refuses. It returns the reason.
func (p *Page) listen(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil) // and with it the subscription
	late := time.AfterFunc(subscribeTime, func() { stop(errNoAnswer) })
	defer late.Stop()
	_, err := realtime.SubscribeGlobal(ctx, newsChannel, func(n news, err error) {
		switch {
		case errors.Is(err, bridge.ErrRejected):
			stop(err) // the channel is broken
		case err != nil || n.From != p.name: // a message of another form also means a change
			p.newsAbout()
		}
	}, nil)
	if err != nil {
		return err
	}
	late.Stop()
	p.update(func(*State) { p.hasRealtime = true })
	return p.followNews(ctx)
}

// followNews loads the list when there is news, and at least once in checkTime.
func (p *Page) followNews(ctx context.Context) error {
	wasLive, failures := false, 0
	for {
		var way Way
		p.update(func(s *State) {
			p.board.follow()
			way = s.Way
		})
		err := p.reload(ctx, way)
		next := checkTime
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil:
			wasLive, failures = true, 0
			p.setLive(Live)
		case wasLive:
			p.setLive(Reconnecting)
		default:
			p.setLive(NotLive)
		}
		if err != nil {
			next = waitAfter(failures, err)
			failures++
		}
		pause(ctx, newsTime)
		timer := time.NewTimer(next)
		select {
		case <-p.news:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Windows connects the windows of one browser that show the page. They share one event stream of the backend, because a browser
// opens six HTTP/1.1 connections to an origin. With a stream for each window, the seventh could not make a request.
type Windows interface {
	// Lead makes this window the leader, which has the stream, if no other window is. If wait is true, it waits until this
	// window leads or ctx ends. It reports whether this window leads. The window leads until release is called or it is
	// closed.
	Lead(ctx context.Context, wait bool) (release func(), leads bool)
	// Tell informs the other windows that the list may have changed.
	Tell()
	// Hear calls told when another window calls Tell. Hear is called only once.
	Hear(told func())
}

// Share shares the backend's event stream with other windows. Without it the page has its own stream. Call it before Run.
func (p *Page) Share(windows Windows) {
	p.windows = windows
	windows.Hear(p.newsAbout)
}

// shareStream keeps the list current by the backend's events, until ctx ends or until a permanent error, which it returns. If
// another window has the stream, this one loads the list when that window reports a change.
func (p *Page) shareStream(ctx context.Context) error {
	if p.windows == nil {
		return p.stream(ctx)
	}
	release, leads := p.windows.Lead(ctx, false)
	if !leads {
		release, leads = p.followLeader(ctx)
	}
	if !leads {
		return context.Cause(ctx)
	}
	defer release()
	return p.stream(ctx)
}

// followLeader loads the list when another window reports a change, until this one leads or ctx ends.
func (p *Page) followLeader(ctx context.Context) (release func(), leads bool) {
	following, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.followNews(following)
	}()
	release, leads = p.windows.Lead(ctx, true)
	stop()
	<-done
	return release, leads
}

// tellWindows informs the windows that share the stream.
func (p *Page) tellWindows() {
	if p.windows != nil {
		p.windows.Tell()
	}
}
