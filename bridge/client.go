package bridge

import (
	"context"
	"sync"
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

type clientKey struct{}

// NewContext gives a context whose calls go by client: those of the package functions here, such as [RequestRemote], and of
// the packages below this one. Without it they go by [Default]. It is how a test has an app use the host that it made.
func NewContext(ctx context.Context, client *Client) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

// FromContext gives the client that [NewContext] put into ctx, and [Default] if there is none.
func FromContext(ctx context.Context) *Client {
	if c, ok := ctx.Value(clientKey{}).(*Client); ok {
		return c
	}
	return pageClient
}

// Call sends one command and gives the host's answer: for commands that no package of forgego has a function for. op is
// the operation's name in errors. Errors are an [*Error] with what [Host]'s Call gives, or with what ended ctx.
func (c *Client) Call(ctx context.Context, op string, call Call) (Answer, error) {
	return c.call(ctx, op, "", call)
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

// callError gives what a host's call failed with the form that all operations share.
func callError(ctx context.Context, op, remote string, err error) error {
	if ctx.Err() != nil && err == context.Cause(ctx) {
		err = contextError(ctx)
	}
	return &Error{Op: op, Remote: remote, Err: err}
}

// starter is a host that sends a command in one step and waits for the answer in another, so that calls that run side by
// side are sent in the order in which they were made.
type starter interface {
	// Start sends the command, with the rules of [Host]'s Call; wait gives what Call gives, and may never be called.
	Start(ctx context.Context, call Call) (wait func() (Answer, error))
}

// Start is Call in two steps: the command is sent when Start returns, and wait, to be called once or not at all, waits for
// its answer. It is for calls that run side by side and for those whose answer nobody needs, where the host is to see them
// in their order. A host that cannot tell the two steps apart has answered when Start returns.
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

// keeper holds what packages above this one keep with a client.
type keeper struct {
	mu     sync.Mutex
	values map[any]any
}

// Keep gives the client's own value for key, as made by create the first time: where a package keeps what belongs to a
// client and not to one call, such as a limit or a cache. As with context.WithValue, key is of the package's own type.
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

// noHost is the host where there is no bridge.
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
