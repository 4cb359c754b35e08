package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
)

// Client makes calls over a bridge. It is safe for use by several goroutines at once.
type Client struct {
	host Host
	// There is one limit each for invokeRemote, invokeService and invoke, as in the official client.
	remoteLimit   *limiter
	serviceLimit  *limiter
	functionLimit *limiter
	// fetcher sends the requests of Fetch. If it is nil, the page's own fetch does.
	fetcher Fetcher
	kept    clientValues
	// direct sends requests to remotes without the host. If it is nil, the host sends them. It is an interface so that
	// a program without [Direct] does not link its code.
	direct interface {
		requestRemote(ctx context.Context, remoteKey string, r Request) (*Response, error)
	}
}

// New returns a client that calls host. To use the page's host with options, pass [PageHost]; [Default] is the page's
// client without options. If host is nil, all calls return [ErrNoBridge].
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

// PageHost returns the host of the page that the program runs in. Use it for a client with options:
//
//	client := bridge.New(bridge.PageHost(), bridge.Direct(bridge.HostTokens()))
//
// Outside a page, its calls return [ErrNoBridge].
func PageHost() Host { return pageClient.host }

// Default returns the client of the page's own bridge, which the package functions use. Outside a page, its calls
// return [ErrNoBridge].
func Default() *Client { return pageClient }

type clientKey struct{}

// NewContext returns a copy of ctx that carries client. The package functions here, such as [RequestRemote], and those
// of the packages below use the client in their context, and [Default] if there is none. A test uses NewContext to run
// an app against its own host.
func NewContext(ctx context.Context, client *Client) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

// FromContext returns the client in ctx, or [Default] if there is none.
func FromContext(ctx context.Context) *Client {
	if c, ok := ctx.Value(clientKey{}).(*Client); ok {
		return c
	}
	return pageClient
}

// Call sends one command and returns the host's answer. Use it for commands that forgego has no function for. The name
// op appears in errors. Every error is an [*Error]; its cause is an error of the host's Call or the reason why ctx
// ended.
func (c *Client) Call(ctx context.Context, op string, call Call) (Answer, error) {
	return c.call(ctx, op, "", call)
}

// call sends one command. Its errors have the form that all operations share.
func (c *Client) call(ctx context.Context, op, remote string, call Call) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, &Error{Op: op, Remote: remote, Err: ctxerr.Of(ctx)}
	}
	answer, err := c.host.Call(ctx, call)
	if err == nil {
		return answer, nil
	}
	return Answer{}, callError(ctx, op, remote, err)
}

// callError converts an error of a host's call to the form that all operations share.
func callError(ctx context.Context, op, remote string, err error) error {
	if ctx.Err() != nil && err == context.Cause(ctx) {
		err = ctxerr.Of(ctx)
	}
	return &Error{Op: op, Remote: remote, Err: err}
}

// starter is a host that can send a command first and wait for the answer later. Calls that run in parallel are then
// sent in the order in which they were made.
type starter interface {
	// Start sends the command by the rules of [Host]'s Call. The function wait returns what Call would return. The
	// caller need not call it.
	Start(ctx context.Context, call Call) (wait func() (Answer, error))
}

// Start sends a command and returns. The function wait waits for the answer; call it once or not at all. Use Start for
// parallel calls, and for calls whose answer is not needed, when the host must receive them in order. If the host
// cannot separate the two steps, Start returns after the host has answered.
func (c *Client) Start(ctx context.Context, op string, call Call) (wait func() (Answer, error)) {
	return c.start(ctx, op, "", call)
}

func (c *Client) start(ctx context.Context, op, remote string, call Call) (wait func() (Answer, error)) {
	host, ok := c.host.(starter)
	if !ok || ctx.Err() != nil {
		answer, err := c.call(ctx, op, remote, call)
		return func() (Answer, error) { return answer, err }
	}
	answered := host.Start(ctx, call)
	return func() (Answer, error) {
		answer, err := answered()
		if err != nil {
			return Answer{}, callError(ctx, op, remote, err)
		}
		return answer, nil
	}
}

// clientValues holds what other packages keep for a client.
type clientValues struct {
	mu     sync.Mutex
	values map[any]any
}

// Keep returns the client's value for key. The first call for a key stores what create returns. Use it for what belongs
// to a client and not to one call, such as a limit or a cache. As with context.WithValue, use
// a key type of your own package.
func (c *Client) Keep(key any, create func() any) any {
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	value, ok := c.kept.values[key]
	if !ok {
		if c.kept.values == nil {
			c.kept.values = map[any]any{}
		}
		value = create()
		c.kept.values[key] = value
	}
	return value
}

// noHost is used if there is no bridge.
type noHost struct{}

func (noHost) Call(ctx context.Context, _ Call) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, context.Cause(ctx)
	}
	return Answer{}, ErrNoBridge
}

func (h noHost) CallWithFunctions(ctx context.Context, call Call, _ ...Callback) (Answer, Object, error) {
	_, err := h.Call(ctx, call)
	return Answer{}, nil, err
}
