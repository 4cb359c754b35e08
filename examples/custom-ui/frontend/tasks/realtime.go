package tasks

import (
	"context"
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/realtime"
)

const (
	// newsChannel is the channel by which windows tell each other of changes. It is a global one, as the tasks are those of
	// the whole installation: everybody who has the app can listen, and learns no more than that something has changed.
	newsChannel = "tasks"
	// subscribeTime is how long the product may take to say whether it has realtime.
	subscribeTime = 10 * time.Second
	// newsTime is how far apart loads are at least, however many windows tell of changes.
	newsTime = 500 * time.Millisecond
	// checkTime is how far apart loads are at most. Nothing tells of a message that was lost.
	checkTime = time.Minute
)

// errNoAnswer is the cause of the end of a subscription that the product has not answered.
var errNoAnswer = errors.New("the product did not answer")

// news is a message of one window to the others. It is no more than a hint: who hears it asks the backend.
type news struct {
	// Task is the id of the task that changed.
	Task string `json:"task"`
	// From names the window that changed it.
	From string `json:"from"`
}

// announce tells other windows that this one has changed a task. It matters to nobody here whether that goes well: they
// look by themselves, too.
func announce(ctx context.Context, task, from string) {
	_, _ = realtime.PublishGlobal(ctx, newsChannel, news{task, from}, nil)
}

// tell announces a change of the page's own, if the product has realtime.
func (p *Page) tell(ctx context.Context, task string) {
	has := false
	p.update(func(*State) { has = p.hasRealtime })
	if has {
		announce(ctx, task, p.name)
	}
}

// newsAbout has the list loaded, if it is kept current by realtime.
func (p *Page) newsAbout() {
	select {
	case p.news <- struct{}{}:
	default: // it is about to be
	}
}

// listen keeps the list current by realtime, until ctx ends or the product refuses. It gives the reason.
func (p *Page) listen(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil) // and with it the subscription
	late := time.AfterFunc(subscribeTime, func() { stop(errNoAnswer) })
	defer late.Stop()
	_, err := realtime.SubscribeGlobal(ctx, newsChannel, func(n news, err error) {
		switch {
		case errors.Is(err, bridge.ErrRejected):
			stop(err) // the channel is broken
		case err != nil || n.From != p.name: // a message of another form is one, too
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

// followNews loads the list whenever there is news, and now and then without.
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
