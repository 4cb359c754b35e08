//go:build !tinygo

package usercode

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// badError is an error whose methods panic, as those of a nil pointer do.
type badError struct{ err error }

func (e *badError) Error() string { return e.err.Error() }
func (e *badError) Unwrap() error { return e.err }

// exitError is an error whose method ends the goroutine, as t.Fatal does.
type exitError struct{}

func (exitError) Error() string { runtime.Goexit(); return "" }

func TestCall(t *testing.T) {
	mine := errors.New("mine")
	for name, tt := range map[string]struct {
		f    func() error
		want func(err error) bool
	}{
		"returns":              {func() error { return nil }, func(err error) bool { return err == nil }},
		"returns an error":     {func() error { return mine }, func(err error) bool { return err == mine && !Failed(err) }},
		"panics with text":     {func() error { panic("text") }, isPanic("panic: text")},
		"panics with an error": {func() error { panic(mine) }, func(err error) bool { return isPanic("panic: mine")(err) && errors.Is(err, mine) }},
		"panics with a number": {func() error { panic(7) }, isPanic("panic: 7")},
		"panics with nil": {func() error { panic(nil) }, func(err error) bool {
			_, ok := errors.AsType[*runtime.PanicNilError](err)
			return ok && Failed(err)
		}},
		"panics with a struct":    {func() error { panic(struct{}{}) }, isPanic("panic: a value without a text")},
		"panics with a bad error": {func() error { panic((*badError)(nil)) }, isPanic("panic: a value without a text")},
		"calls Goexit":            {func() error { runtime.Goexit(); return nil }, func(err error) bool { return err == ErrGoexit && Failed(err) }},
		"panics while it exits": {func() error {
			defer func() { panic("text") }()
			runtime.Goexit()
			return nil
		}, isPanic("panic: text")},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan error, 1)
			Go(tt.f, func(err error) { got <- err })
			if err := <-got; !tt.want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
	Call(func() error { panic("ignored") }, nil)
}

func isPanic(text string) func(error) bool {
	return func(err error) bool {
		p, ok := errors.AsType[*PanicError](err)
		return ok && Failed(err) && err.Error() == text && strings.Contains(string(p.Stack), "usercode_test.go")
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n, err := Wait(t.Context(), func() (int, error) { return 5, nil }); n != 5 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		if _, err := Wait(t.Context(), func() (int, error) { runtime.Goexit(); return 5, nil }); err != ErrGoexit {
			t.Errorf("Goexit: got %v", err)
		}
		if _, err := Wait(t.Context(), func() (int, error) { return 5, exitError{} }); err != (exitError{}) {
			t.Errorf("an error whose method ends the goroutine: got another error")
		}
		cause := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
		defer cancel()
		if n, err := Wait(ctx, func() (int, error) { time.Sleep(time.Minute); return 5, nil }); n != 0 || err != cause {
			t.Errorf("a context that ends: got %d, %v", n, err)
		}
		time.Sleep(time.Minute) // the late result is discarded
	})
}

// TestLook checks the text that is shown for an error. A panic is shown once, also a panic in an error's methods.
func TestLook(t *testing.T) {
	p := &PanicError{Value: "text"}
	for name, tt := range map[string]struct {
		err  error
		text string
		is   bool
	}{
		"an error":        {errors.New("mine"), "mine", false},
		"a panic":         {p, "panic: text", true},
		"a wrapped panic": {errors.Join(errors.New("mine"), p), "mine\npanic: text", true},
		"a bad error":     {(*badError)(nil), "panic: runtime error: invalid memory address or nil pointer dereference", true},
		"no error":        {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if p, text := look(tt.err); (p != nil) != tt.is || text != tt.text {
				t.Errorf("got %v, %q", p, text)
			}
		})
	}
}
