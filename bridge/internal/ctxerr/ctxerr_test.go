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

// listError is an error that cannot be compared.
type listError []string

func (e listError) Error() string { return e[0] }

func TestReplace(t *testing.T) {
	left, refused := errors.New("the user left"), errors.New("the host refused")
	for name, tt := range map[string]struct {
		cause, err error
		// canceled means that the result is the reason why the context ended.
		canceled bool
	}{
		"no cause":                              {nil, context.Canceled, true},
		"the cause":                             {left, left, true},
		"another error":                         {left, refused, false},
		"a cause that cannot be compared":       {listError{"left"}, listError{"left"}, true},
		"another error that cannot be compared": {left, listError{"refused"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			if got := Replace(ctx, refused); got != refused {
				t.Errorf("before the end: %v", got)
			}
			cancel(tt.cause)
			got := Replace(ctx, tt.err)
			if errors.Is(got, context.Canceled) != tt.canceled || got.Error() != tt.err.Error() {
				t.Errorf("got %v", got)
			}
		})
	}
}
