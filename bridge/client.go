package bridge

import (
	"context"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/bridge/internal/limit"
	"github.com/forgego/forgego/bridge/internal/state"
	"github.com/forgego/forgego/internal/growstack"
	"github.com/forgego/forgego/internal/nesting"
)

// Client holds what belongs to one bridge: its [Host], its limits and its tokens. A context carries the client, and all
// functions take it from there: see [NewContext]. A Client is safe for use by several goroutines at once.
//
// Its methods are for packages that add commands to the bridge:
//
//   - [Client.Call] sends a command.
//   - [Client.CallWithFunctions] sends a command that has callbacks, or whose answer has functions.
//   - [Client.Subscribe] sends a command whose answer is an object with the function unsubscribe.
type Client struct {
	host Host
	// There is one limit each for invokeRemote, invokeService and invoke, as in the official client. That of invoke is
	// in the state.
	remoteLimit, serviceLimit limit.Limiter
	state                     state.State
	// direct sends requests to remotes without the host. If it is nil, the host sends them. It is an interface so that
	// a program without [WithDirect] does not link its code.
	direct interface {
		requestRemote(ctx context.Context, remoteKey string, r Request) (*Response, error)
	}
}

// New returns a client that calls host. To use the page's host with options, pass [PageHost]; [Default] is the page's
// client without options. If host is nil, all calls return [ErrNoBridge]. A nil option changes nothing.
func New(host Host, options ...Option) *Client {
	if host == nil {
		host = noHost{}
	}
	c := &Client{host: host}
	c.state.Host = host
	for _, option := range options {
		if option != nil {
			option(c)
		}
	}
	return c
}

var pageClient = newPageClient()

func newPageClient() *Client {
	c := New(newPageHost())
	state.Default = &c.state
	return c
}

// PageHost returns the host of the page that the program runs in. Use it for a client with options:
//
//	client := bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.HostTokens()))
//
// Outside a page, its calls return [ErrNoBridge].
func PageHost() Host { return pageClient.host }

// Default returns the client of the page's own bridge, which is used if there is no client in the context. Outside a
// page, its calls return [ErrNoBridge].
func Default() *Client { return pageClient }

// NewContext returns a copy of ctx that carries client. All functions of this package and of the packages below it use
// the client in their context, and [Default] if there is none. What a function returns, such as a flag or a history,
// keeps the client that it was made with. If client is nil, NewContext returns ctx with Default.
func NewContext(ctx context.Context, client *Client) context.Context {
	if client == nil {
		client = pageClient
	}
	return state.NewContext(ctx, client, &client.state)
}

// FromContext returns the client in ctx, or [Default] if there is none.
func FromContext(ctx context.Context) *Client {
	if c, ok := state.Client(ctx).(*Client); ok {
		return c
	}
	return pageClient
}

// Call sends one command and returns the host's answer. Use it for commands that forgego has no function for. The name
// op appears in errors. Every error is an [*Error]; its cause is an error of the host's Call or the reason why ctx
// ended.
func (c *Client) Call(ctx context.Context, op string, call Call) (Answer, error) {
	growstack.ForCall()
	return c.call(ctx, op, "", call)
}

// call sends one command. Its errors have the form that all operations share.
func (c *Client) call(ctx context.Context, op, remote string, call Call) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, &Error{Op: op, Remote: remote, Err: ctxerr.Of(ctx)}
	}
	_, isPage := c.host.(copier)
	call.apart = call.apart && isPage
	answer, err := c.host.Call(ctx, call)
	if isPage && call.encoded != nil {
		nesting.Recycle(call.encoded)
	}
	if err == nil {
		return answer, nil
	}
	return Answer{}, callError(ctx, op, remote, err)
}

// callError converts an error of a host's call to the form that all operations share.
func callError(ctx context.Context, op, remote string, err error) error {
	return &Error{Op: op, Remote: remote, Err: ctxerr.Replace(ctx, err)}
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
