package ctxerr

import (
	"context"
	"errors"
	"testing"
)

func TestOf(t *testing.T) {
	left := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(left)
	if err := Of(ctx); !errors.Is(err, left) || !errors.Is(err, context.Canceled) || err.Error() != left.Error() {
		t.Errorf("with a cause: %v", err)
	}
	plain, stop := context.WithCancel(t.Context())
	stop()
	if err := Of(plain); err != context.Canceled {
		t.Errorf("without a cause: %v", err)
	}
}
