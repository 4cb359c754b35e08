package hosttest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

var errLeft = errors.New("the caller has left")

// contexts tests the end of a context.
var contexts = []Case{
	{"a call with an ended context sends nothing", func(ctx context.Context, host bridge.Host) error {
		ended, cancel := context.WithCancelCause(ctx)
		cancel(errLeft)
		if _, err := host.Call(ended, fetch("POST", "/count/ended", nil, nil)); err != errLeft {
			return fmt.Errorf("the error is %v, not the context's cause", err)
		}
		_, body, err := do(ctx, host, fetch("GET", "/count/ended", nil, nil))
		if err == nil && string(body) != "0" {
			err = fmt.Errorf("the remote was called %s times", body)
		}
		return err
	}},
	{"a call whose context ends returns the cause", func(ctx context.Context, host bridge.Host) error {
		leaving, cancel := context.WithCancelCause(ctx)
		ended := make(chan error, 1)
		go func() {
			_, err := host.Call(leaving, fetch("POST", "/hold/left", []byte("x"), nil))
			ended <- err
		}()
		if err := waitForHeld(ctx, host, "left"); err != nil {
			cancel(err)
			return err
		}
		cancel(errLeft)
		select {
		case err := <-ended:
			if err != errLeft {
				return fmt.Errorf("the error is %v, not the context's cause", err)
			}
		case <-ctx.Done():
			return errors.New("the call still waits")
		}
		return release(ctx, host, "left")
	}},
	{"a deadline is context.DeadlineExceeded", func(ctx context.Context, host bridge.Host) error {
		bounded, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		if _, err := host.Call(bounded, fetch("POST", "/hold/deadline", nil, nil)); !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("the error is %v, not context.DeadlineExceeded", err)
		}
		return release(ctx, host, "deadline")
	}},
	{"a call returns its own answer or its context's cause", func(ctx context.Context, host bridge.Host) error {
		// Some contexts end before the answer arrives, some at that moment, some not at all.
		return together(100, func(i int) error {
			leaving, cancel := context.WithCancelCause(ctx)
			defer cancel(nil)
			if i%2 == 0 {
				time.AfterFunc(time.Duration(i)*50*time.Microsecond, func() { cancel(errLeft) })
			}
			answer, err := host.Call(leaving, fetch("POST", "/echo", []byte(strconv.Itoa(i)), nil))
			switch {
			case err == nil && string(answer.Body) != strconv.Itoa(i):
				return fmt.Errorf("call %d got %q", i, answer.Body)
			case err != nil && (i%2 == 1 || err != errLeft):
				return fmt.Errorf("call %d: %w", i, err)
			}
			return nil
		})
	}},
}

// release releases a held request, and checks that the answer, for which no call waits, does not disturb the next
// call.
func release(ctx context.Context, host bridge.Host, name string) error {
	if _, _, err := do(ctx, host, fetch("POST", "/release/"+name, nil, nil)); err != nil {
		return err
	}
	got, err := echoed(ctx, host, "next")
	if err == nil && got != "next" {
		err = fmt.Errorf("the next call got %q", got)
	}
	return err
}
