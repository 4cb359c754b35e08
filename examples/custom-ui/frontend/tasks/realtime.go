package tasks

import (
	"context"
	"errors"
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
