package bridge

import "context"

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
