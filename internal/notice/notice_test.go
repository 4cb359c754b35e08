//go:build !js

package notice

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/internal/usercode"
)

type key struct{}

// TestDone checks which results of the app's code reach the app's function. Its context has the values of the code's
// context, and does not end with it.
func TestDone(t *testing.T) {
	ended, end := context.WithCancelCause(context.WithValue(t.Context(), key{}, "mine"))
	cause := errors.New("the user went on")
	end(cause)
	failure := errors.New("the disk is full")
	for name, tt := range map[string]struct {
		ctx   context.Context
		err   error
		shown bool
	}{
		"success":                            {t.Context(), nil, false},
		"an error":                           {t.Context(), failure, true},
		"an error after the end":             {ended, failure, true},
		"the end of the context":             {ended, context.Canceled, false},
		"its cause, wrapped":                 {ended, fmt.Errorf("saving: %w", cause), false},
		"the end of another context":         {t.Context(), context.Canceled, true},
		"a choice of the user":               {t.Context(), fmt.Errorf("asking: %w", usercode.Choice("left")), false},
		"the end of the goroutine":           {t.Context(), usercode.ErrGoexit, false},
		"a panic":                            {t.Context(), &usercode.PanicError{Value: "text"}, true},
		"an error whose method panics":       {t.Context(), (*badError)(nil), true},
		"that error after the context ended": {ended, (*badError)(nil), true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []error
				OnError(func(ctx context.Context, err error) {
					if ctx.Err() != nil || context.Cause(ctx) != nil || ctx.Value(key{}) != tt.ctx.Value(key{}) {
						t.Errorf("its context has ended (%v), or has other values", context.Cause(ctx))
					}
					child, stop := context.WithCancel(ctx)
					defer stop()
					if child.Err() != nil {
						t.Errorf("a child of its context: %v", child.Err())
					}
					got = append(got, err)
				})
				defer OnError(nil)
				Begin(t).Done(tt.ctx, tt.err)
				synctest.Wait()
				if shown := len(got) == 1 && got[0] == tt.err; shown != tt.shown || len(got) > 1 {
					t.Errorf("the app's function got %v", got)
				}
			})
		})
	}
}

// badError is an error whose methods panic, as those of a nil pointer do.
type badError struct{ err error }

func (e *badError) Error() string { return e.err.Error() }
func (e *badError) Unwrap() error { return e.err }

// TestCall checks that a panic reaches the app's function once, and also the caller, who reports it in its own way.
func TestCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		OnError(func(context.Context, error) { calls.Add(1) })
		defer OnError(nil)
		usercode.Call(func() error {
			Call(t.Context(), t, func(context.Context) error { panic("text") })
			return nil
		}, func(err error) {
			if p, ok := err.(*usercode.PanicError); !ok || p.Value != "text" {
				t.Errorf("the caller got %v", err)
			}
			usercode.ShowPanic(err)
		})
		usercode.Go(func() error {
			Call(t.Context(), t, func(context.Context) error { runtime.Goexit(); return nil })
			return nil
		}, func(err error) {
			if err != usercode.ErrGoexit {
				t.Errorf("after Goexit the caller got %v", err)
			}
		})
		Call(t.Context(), t, func(context.Context) error { return errors.New("the disk is full") })
		Call(t.Context(), t, func(context.Context) error { return nil })
		synctest.Wait()
		if calls.Load() != 2 {
			t.Errorf("the app's function was called %d times, want once for the panic and once for the error", calls.Load())
		}
	})
}

// A panic of the app's function does not call it again.
func TestOnErrorPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		OnError(func(context.Context, error) {
			calls++
			panic("on purpose")
		})
		defer OnError(nil)
		Begin(t).Done(t.Context(), errors.New("the disk is full"))
		synctest.Wait()
		Begin(t).Done(t.Context(), errors.New("the disk is full"))
		synctest.Wait()
		if calls != 2 {
			t.Errorf("it was called %d times, want once for each error", calls)
		}
	})
}

// TestWorkerNoticeLooksTheSame checks that jsglue/notice.js, which shows the notice of a program in a worker, has the styles of
// box_js.go.
func TestWorkerNoticeLooksTheSame(t *testing.T) {
	inPage, inWorker := stylesIn(t, "box_js.go"), stylesIn(t, "../../jsglue/notice.js")
	if len(inPage) != 3 || !maps.Equal(inPage, inWorker) {
		t.Errorf("in the page %q, in a worker %q", inPage, inWorker)
	}
}

// stylesIn returns the constants in a file, of Go or JavaScript, whose names end with Style.
func stylesIn(t *testing.T, file string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	styles := map[string]string{}
	constant := regexp.MustCompile(`(\w+Style)\s*=((?:\s*(?:"[^"]*"|'[^']*')(?:\s*\+)?)+)`)
	for _, found := range constant.FindAllStringSubmatch(string(source), -1) {
		for _, part := range regexp.MustCompile(`"[^"]*"|'[^']*'`).FindAllString(found[2], -1) {
			styles[found[1]] += part[1 : len(part)-1]
		}
	}
	return styles
}
