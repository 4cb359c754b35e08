package bridge

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/internal/usercode"
)

// follower follows the events of one remote over many connections.
type follower struct {
	to      any
	request Request
	stream  eventStream
	// states gets each change of the state, if it is not nil.
	states func(ServerSentState)
	// most is the longest wait that the follower chooses itself.
	most time.Duration
	// maxSilence is the longest time without a byte, or 0.
	maxSilence time.Duration
	// again asks for a new connection. asked means that the app has asked while a connection was open.
	again <-chan struct{}
	asked bool
	// offline and online get the browser's changes. They are nil if another Fetcher than the page's sends the requests.
	offline, online <-chan struct{}
}

func (f *follower) report(phase ServerSentPhase, until time.Time, err error) {
	if f.states != nil {
		f.states(ServerSentState{Phase: phase, Until: until, Err: err, LastEventID: f.stream.lastID})
	}
}

// follow makes connections until one ends the loop. It returns why, or nil if the remote ended it.
func (f *follower) follow(ctx context.Context, yield func(ServerSentEvent) bool) error {
	ctx = context.WithValue(ctx, streamKey{}, new(sync.Map))
	worked := false
	for failures := 0; ; failures++ {
		c := connection{follower: f, op: "serverSentEvents"}
		err := c.run(ctx, yield)
		if c.last || err != nil && !heals(err, worked || c.opened) {
			return err
		}
		if c.opened {
			worked, failures = true, 0
		}
		f.wait(ctx, failures, err)
		if ctx.Err() != nil {
			return &Error{Op: c.op, Remote: c.remote, Err: ctxerr.Of(ctx)}
		}
	}
}

// wait waits before the next connection. failures counts those since the last connection that was open, and err is the
// last one.
func (f *follower) wait(ctx context.Context, failures int, err error) {
	if ctx.Err() != nil || f.asked {
		f.asked = false
		return
	}
	asked := time.Duration(0)
	if status, ok := errors.AsType[*StatusError](err); ok {
		asked = min(status.RetryAfter(), maxAskedWait)
	}
	d := reopenAfter(f.stream.retry, asked, f.most, failures)
	f.report(ServerSentWaiting, time.Now().Add(d), err)
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case _, ok := <-f.again:
			if !ok {
				f.again = nil // there are no more signs
				continue
			}
		case <-timer.C:
		case <-f.online:
		case <-ctx.Done():
		}
		return
	}
}

// connection is one connection of a follower.
type connection struct {
	*follower
	op, remote string
	// opened means that the answer was a stream of events, and last that no other connection should follow.
	opened, last bool
	// silent ends the connection if nothing arrives for too long. It is nil if there is no limit.
	silent *time.Timer
}

// run sends the request and reads the events of the answer. It returns why the connection ended, or nil if the remote
// ended it.
func (c *connection) run(ctx context.Context, yield func(ServerSentEvent) bool) error {
	c.report(ServerSentConnecting, time.Time{}, nil)
	// When own ends, the connection stops, before or after its header has arrived.
	own, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if c.maxSilence > 0 {
		c.silent = time.AfterFunc(c.maxSilence, func() {
			stop(&kindError{ErrTimeout, "nothing has arrived for " + c.maxSilence.String()})
		})
		defer c.silent.Stop()
	}
	resp, err := c.open(own)
	if err != nil {
		return c.reason(own, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if c.last = resp.Status == 204; c.last {
		return nil
	}
	c.opened = true
	c.report(ServerSentOpen, time.Time{}, nil)
	watched := make(chan struct{})
	usercode.Go(func() error {
		c.watch(own, stop, resp)
		return nil
	}, func(error) { close(watched) })
	stream := &connectionBody{connection: c, body: resp.Body}
	err = c.stream.read(stream, yield)
	reason := c.reason(own, stream.err)
	stop(nil)
	<-watched
	if err != nil {
		c.last = true
		if err != errLeft {
			err = &Error{Op: c.op, Remote: c.remote, Status: resp.Status, Err: err}
		}
		return err
	}
	_, c.last = resp.Body.(*body)
	return reason
}

// open sends the request. The answer is a stream of events, or has the status 204.
func (c *connection) open(own context.Context) (*Response, error) {
	request := c.request
	if c.stream.hasID {
		request.Header = withLastEventID(request.Header, c.stream.lastID)
	}
	resp, err := send(own, c.to, request)
	if err != nil {
		if failed, ok := errors.AsType[*Error](err); ok {
			c.op, c.remote = failed.Op, failed.Remote
		}
		return nil, err
	}
	c.op, c.remote = resp.op, resp.remote
	if err := checkEventStream(resp); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

// reason returns why the connection ended: why the follower itself has stopped it, or err.
func (c *connection) reason(own context.Context, err error) error {
	if broken, ok := context.Cause(own).(*kindError); ok {
		err = broken
	}
	if _, ok := err.(*Error); ok || err == nil {
		return err
	}
	return &Error{Op: c.op, Remote: c.remote, Err: err}
}

// watch stops an open connection when there is a sign that it is broken.
func (c *connection) watch(own context.Context, stop context.CancelCauseFunc, resp *Response) {
	var failed <-chan struct{}
	if resp.failure != nil {
		failed = resp.failure()
	}
	select { // the browser was offline before this connection
	case <-c.offline:
	default:
	}
	for {
		select {
		case _, ok := <-c.again:
			if !ok {
				c.again = nil // there are no more signs
				continue
			}
			c.asked = true
			stop(&kindError{ErrNetwork, "the app has asked for a new connection"})
		case <-c.offline:
			stop(&kindError{ErrNetwork, "the browser is offline"})
		case <-failed:
			stop(&kindError{ErrNetwork, "another request to the remote has failed"})
		case <-own.Done():
		}
		return
	}
}

// connectionBody is the body of an open connection. It keeps the error that ended it.
type connectionBody struct {
	*connection
	body io.Reader
	err  error
}

// Read reads the body. The time in which the app handles an event does not count as silence.
func (b *connectionBody) Read(p []byte) (int, error) {
	if b.silent != nil {
		b.silent.Reset(b.maxSilence)
		defer b.silent.Stop()
	}
	n, err := b.body.Read(p)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
