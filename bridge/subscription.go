package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/internal/usercode"
)

// Subscribe sends a command whose payload has callbacks. The host must answer with {unsubscribe()}. The callbacks are
// called until stop is called or ctx ends. stop does not wait for the host. It may be called several times, also by a
// callback; after it, no further call of a callback starts. The name op appears in errors, which are those of Call.
func (c *Client) Subscribe(ctx context.Context, op string, call Call, callbacks ...Callback) (stop func(), err error) {
	_, object, err := c.CallWithFunctions(ctx, op, call, callbacks...)
	if err != nil {
		return nil, err
	}
	s := &subscription{object: object, watched: make(chan struct{})}
	s.unwatch = context.AfterFunc(ctx, func() {
		<-s.watched
		usercode.Run(s.stop)
	})
	close(s.watched)
	return s.stop, nil
}

// subscription is a set of callbacks that the host may call until stop.
type subscription struct {
	object Object
	once   sync.Once
	// unwatch stops watching the context.
	unwatch func() bool
	// watched is closed when unwatch is set. If the context has ended already, its callback starts before that.
	watched chan struct{}
}

func (s *subscription) stop() {
	s.once.Do(func() {
		s.unwatch()
		s.object.Mute()
		// A goroutine, because the host may be the app's own and may block.
		go usercode.Run(func() {
			// The result is ignored. The timeout frees the object in any case.
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			defer s.object.Release()
			if _, result, err := s.object.Apply(ctx, "unsubscribe", []byte("[]")); err == nil {
				result.Release()
			}
		})
	})
}

// CallWithFunctions is that of [FunctionHost], with the errors of Call. If the host does not support functions, it
// returns [ErrNoFunctions].
func (c *Client) CallWithFunctions(ctx context.Context, op string, call Call, callbacks ...Callback) (Answer, Object, error) {
	host, ok := c.host.(FunctionHost)
	switch {
	case ctx.Err() != nil:
		return Answer{}, nil, &Error{Op: op, Err: ctxerr.Of(ctx)}
	case !ok:
		return Answer{}, nil, &Error{Op: op, Err: ErrNoFunctions}
	}
	answer, object, err := host.CallWithFunctions(ctx, call, callbacks...)
	if err != nil {
		return Answer{}, nil, callError(ctx, op, "", err)
	}
	return answer, object, nil
}
