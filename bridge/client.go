package bridge

import (
	"context"
	"time"
)

// Client makes calls over a bridge. It is safe for use by several goroutines at once.
type Client struct {
	host Host
	// One limit each for invokeRemote, invokeService and invoke, as in the official client.
	remoteLimit   *limiter
	serviceLimit  *limiter
	functionLimit *limiter
	// fetcher makes the requests of Fetch; nil is the page's own fetch.
	fetcher Fetcher
	kept    keeper
	// direct sends requests to remotes without the host; nil if the host does. Behind an interface, so that a program
	// without [Direct] links nothing of it.
	direct interface {
		requestRemote(ctx context.Context, remoteKey string, r Request) (*Response, error)
	}
}

// New gives a client of host with these options. The page's own is [PageHost]; without options, [Default] is its client.
// A nil host gives a client whose calls return [ErrNoBridge].
func New(host Host, options ...Option) *Client {
	if host == nil {
		host = noHost{}
	}
	const calls, window = 500, 25 * time.Second
	c := &Client{host: host, remoteLimit: newLimiter(calls, window), serviceLimit: newLimiter(calls, window), functionLimit: newLimiter(calls, window)}
	for _, option := range options {
		option(c)
	}
	return c
}

var pageClient = New(newPageHost())

// PageHost gives the host of the page that the program runs in, for a client with options of its own:
//
//	client := bridge.New(bridge.PageHost(), bridge.Direct(bridge.HostTokens()))
//
// Outside a page its calls return [ErrNoBridge].
func PageHost() Host { return pageClient.host }

// Default gives the client of the page's own bridge, the one that the package functions use. Outside a page its calls
// return [ErrNoBridge].
func Default() *Client { return pageClient }

// noHost is the host where there is no bridge.
type noHost struct{}

func (noHost) Call(ctx context.Context, _ Call) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, context.Cause(ctx)
	}
	return Answer{}, ErrNoBridge
}

// Call sends one command and gives the host's answer: for commands that no package of forgego has a function for. op is
// the operation's name in errors. Errors are an [*Error] with what [Host]'s Call gives, or with what ended ctx.
func (c *Client) Call(ctx context.Context, op string, call Call) (Answer, error) {
	return c.call(ctx, op, "", call)
}

func (h noHost) CallWithFunctions(ctx context.Context, call Call, _ ...Callback) (Answer, Object, error) {
	_, err := h.Call(ctx, call)
	return Answer{}, nil, err
}

// callError gives what a host's call failed with the form that all operations share.
func callError(ctx context.Context, op, remote string, err error) error {
	if ctx.Err() != nil && err == context.Cause(ctx) {
		err = contextError(ctx)
	}
	return &Error{Op: op, Remote: remote, Err: err}
}

// call sends one command, and gives failures the form that all operations share.
func (c *Client) call(ctx context.Context, op, remote string, call Call) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, &Error{Op: op, Remote: remote, Err: contextError(ctx)}
	}
	answer, err := c.host.Call(ctx, call)
	if err == nil {
		return answer, nil
	}
	return Answer{}, callError(ctx, op, remote, err)
}
