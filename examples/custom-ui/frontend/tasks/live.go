package tasks

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/realtime"
)

const (
	// newsChannel is the channel for messages about changes between windows. It is global, because tasks belong to the whole
	// installation. Everybody who has the app can listen, but learns only which task has changed.
	newsChannel = "tasks"
	// subscribeTime limits the wait for the product's answer to a subscription.
	subscribeTime = 10 * time.Second
	// newsTime is the minimum time between two loads, even if many windows report changes.
	newsTime = 500 * time.Millisecond
	// checkTime is the maximum time between two loads, because a message may be lost.
	checkTime = 15 * time.Second
)

// follow keeps the list current, until ctx ends or nothing can keep it current: by realtime if the product has it, and
// otherwise by the backend's own events. Both only say that something has changed. Then the page loads the list. If the list
// is already being kept current, follow does nothing.
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
	loading, stop := context.WithCancel(ctx)
	var loads sync.WaitGroup
	loads.Go(func() { p.keepLoading(loading) })
	// Realtime is preferred because it needs no connection for each window.
	_ = p.listen(ctx)
	var err error
	if ctx.Err() == nil {
		p.setConnected(false)
		err = p.shareStream(ctx)
	}
	stop()
	loads.Wait()
	p.update(func(s *State) {
		p.following, p.connected = false, false
		s.Live = NotLive
		if ctx.Err() == nil {
			s.DirectNote = p.words.Text("live.failed", "reason", p.reason(err))
		}
	})
}

// keepLoading loads the list when there is news, and at least once in checkTime, until ctx ends.
func (p *Page) keepLoading(ctx context.Context) {
	next, failures := checkTime, 0
	for {
		timer := time.NewTimer(next)
		select {
		case <-p.news:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		timer.Stop()
		err := p.reload(ctx)
		if ctx.Err() != nil {
			return
		}
		next = checkTime
		if err != nil {
			next = waitAfter(failures, err)
			failures++
		} else {
			failures = 0
		}
		pause(ctx, newsTime)
	}
}

// reload loads all tasks again, without changing the status.
func (p *Page) reload(ctx context.Context) error {
	var backend *api
	p.update(func(s *State) {
		clear(p.changed)
		backend = p.api(s)
	})
	backend.failed = nil // this is not a call of the user
	all, err := backend.list(ctx)
	if ctx.Err() != nil {
		return err
	}
	p.update(func(s *State) {
		if p.current = err == nil; p.current {
			p.fill(s, all)
		}
		p.showLive(s)
	})
	return err
}

// callFailed ends Live if a call of the user says that the backend cannot be reached, and loads the list to find out.
func (p *Page) callFailed(err error) {
	if refused, ok := errors.AsType[*bridge.StatusError](err); ok && refused.Status < 500 || errors.Is(err, context.Canceled) {
		return
	}
	p.lose()
}

// lose ends Live, until the list is loaded again.
func (p *Page) lose() {
	p.update(func(s *State) {
		p.current = false
		p.showLive(s)
		p.someNews()
	})
}

// SetOnline tells the page whether the browser has a network. In both cases the page finds out whether the backend can be
// reached.
func (p *Page) SetOnline(online bool) {
	p.isOffline.Store(!online)
	p.lose()
}

// Seen reports that the user looks at the page again. Meanwhile the computer may have slept.
func (p *Page) Seen() { p.someNews() }

// setConnected stores whether this window now gets news. If it does, the list must be loaded: it may have changed before.
func (p *Page) setConnected(connected bool) {
	p.update(func(s *State) {
		p.connected, p.current = connected, false
		if connected {
			p.someNews()
		} else {
			p.showLive(s)
		}
	})
}

// showLive shows whether the list is live: this window gets news, and the last load succeeded.
func (p *Page) showLive(s *State) {
	switch {
	case p.connected && p.current:
		s.Live, s.DirectNote = Live, ""
	case s.Live == Live:
		s.Live = Reconnecting
	}
}

// someNews makes the page load the list.
func (p *Page) someNews() {
	select {
	case p.news <- struct{}{}:
	default: // a load is already due
	}
}

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
	_, _ = realtime.PublishGlobal(ctx, newsChannel, news{task, from})
}

// tell announces a change by this page, if the product has realtime.
func (p *Page) tell(ctx context.Context, task string) {
	has := false
	p.update(func(*State) { has = p.hasRealtime })
	if has {
		announce(ctx, task, p.name)
	}
}

// listen gets news by realtime, until ctx ends or the product refuses. It returns the reason.
func (p *Page) listen(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil) // and with it the subscription
	late := time.AfterFunc(subscribeTime, func() { stop(errNoAnswer) })
	defer late.Stop()
	_, err := realtime.SubscribeGlobal(ctx, newsChannel, func(_ context.Context, n news, err error) error {
		switch {
		case errors.Is(err, bridge.ErrRejected):
			stop(err) // the channel is broken
		case err != nil || n.From != p.name: // a message of another form also means a change
			p.someNews()
		}
		return nil
	})
	if err != nil {
		return err
	}
	late.Stop()
	p.update(func(*State) { p.hasRealtime = true })
	p.setConnected(true)
	<-ctx.Done()
	return context.Cause(ctx)
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
	windows.Hear(p.someNews)
}

// shareStream gets news from the backend's events, until ctx ends or until a permanent error, which it returns. If another
// window has the stream, that window passes on the news.
func (p *Page) shareStream(ctx context.Context) error {
	if p.windows == nil {
		return p.stream(ctx)
	}
	release, leads := p.windows.Lead(ctx, false)
	if !leads {
		p.setConnected(true)
		release, leads = p.windows.Lead(ctx, true)
	}
	if !leads {
		return context.Cause(ctx)
	}
	defer release()
	return p.stream(ctx)
}

// stream gets news from the backend's events, until ctx ends or until a permanent error, which it returns.
func (p *Page) stream(ctx context.Context) error {
	f := &feed{
		direct: p.direct,
		connected: func(connected bool) {
			p.setConnected(connected)
			p.tellWindows()
		},
		changed: func() {
			p.someNews()
			p.tellWindows()
		},
		stuck: func(err error) {
			p.update(func(s *State) {
				s.DirectNote = p.words.Text("live.notYet", "reason", p.reason(err))
				if errors.Is(err, bridge.ErrNetwork) && !p.isOffline.Load() {
					s.DirectNote += " " + p.words.Text("live.cors")
				}
			})
		},
	}
	return f.run(ctx)
}

// tellWindows informs the windows that share the stream.
func (p *Page) tellWindows() {
	if p.windows != nil {
		p.windows.Tell()
	}
}
