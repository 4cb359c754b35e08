package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/usercode"
)

// Subscription is a host's promise to call back. It ends with Unsubscribe.
type Subscription struct {
	object Object
	once   sync.Once
	// unwatch stops watching the context.
	unwatch func() bool
	// watched is closed when unwatch is set: a context that has ended already calls back before that.
	watched chan struct{}
}

// Subscribe sends a command whose payload has callbacks, and which the host answers with {unsubscribe()}: a subscription,
// which ends by Unsubscribe or with ctx. op is the operation's name in errors, which are those of Call.
func (c *Client) Subscribe(ctx context.Context, op string, call Call, callbacks ...Callback) (*Subscription, error) {
	_, object, err := c.CallWithFunctions(ctx, op, call, callbacks...)
	if err != nil {
		return nil, err
	}
	s := &Subscription{object: object, watched: make(chan struct{})}
	s.unwatch = context.AfterFunc(ctx, func() {
		<-s.watched
		usercode.Run(s.Unsubscribe)
	})
	close(s.watched)
	return s, nil
}

// Unsubscribe ends the subscription: no call of a callback begins any more. The host is told, and not waited for.
// Unsubscribe may be called several times, and by a callback.
func (s *Subscription) Unsubscribe() {
	s.once.Do(func() {
		s.unwatch()
		s.object.Mute()
		// The host may be the app's own.
		go usercode.Run(func() {
			// It does not matter to anybody what comes of it; the object must not stay for ever.
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			defer s.object.Release()
			if _, result, err := s.object.Apply(ctx, "unsubscribe", []byte("[]")); err == nil {
				result.Release()
			}
		})
	})
}

// CallWithFunctions is [FunctionHost]'s, with the errors of Call. A host over which no functions cross gives
// [ErrNoFunctions].
func (c *Client) CallWithFunctions(ctx context.Context, op string, call Call, callbacks ...Callback) (Answer, Object, error) {
	host, ok := c.host.(FunctionHost)
	switch {
	case ctx.Err() != nil:
		return Answer{}, nil, &Error{Op: op, Err: contextError(ctx)}
	case !ok:
		return Answer{}, nil, &Error{Op: op, Err: ErrNoFunctions}
	}
	answer, object, err := host.CallWithFunctions(ctx, call, callbacks...)
	if err != nil {
		return Answer{}, nil, callError(ctx, op, "", err)
	}
	return answer, object, nil
}
