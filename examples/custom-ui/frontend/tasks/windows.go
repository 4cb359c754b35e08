package tasks

import "context"

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
