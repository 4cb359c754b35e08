package bridge

import "context"

// Start is [starter]'s.
func (h *pageHost) Start(ctx context.Context, call Call) (wait func() (Answer, error)) {
	w := waiters.Get().(*waiter)
	id, ok := h.start(&call, 0, w)
	return func() (Answer, error) {
		if !ok {
			return Answer{}, ErrNoBridge
		}
		_, answer, err := h.await(ctx, id, w)
		return answer, err
	}
}
