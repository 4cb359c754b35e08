package hosttest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/forgego/forgego/bridge"
)

// concurrency tests several calls at once.
var concurrency = []Case{
	{"each of many calls gets its own answer", func(ctx context.Context, host bridge.Host) error {
		return together(200, func(i int) error {
			got, err := echoed(ctx, host, strconv.Itoa(i))
			if err == nil && got != strconv.Itoa(i) {
				err = fmt.Errorf("call %d got %q", i, got)
			}
			return err
		})
	}},
	{"a call that waits does not block another", func(ctx context.Context, host bridge.Host) error {
		ended := make(chan error, 1)
		go func() {
			_, body, err := do(ctx, host, fetch("POST", "/hold/slow", []byte("slow"), nil))
			if err == nil && string(body) != "slow" {
				err = fmt.Errorf("the slow call got %q", body)
			}
			ended <- err
		}()
		if err := waitForHeld(ctx, host, "slow"); err != nil {
			return err
		}
		if got, err := echoed(ctx, host, "quick"); got != "quick" || err != nil {
			return fmt.Errorf("the quick call got %q (%w)", got, err)
		}
		if _, _, err := do(ctx, host, fetch("POST", "/release/slow", nil, nil)); err != nil {
			return err
		}
		select {
		case err := <-ended:
			return err
		case <-ctx.Done():
			return errors.New("the slow call was never answered")
		}
	}},
	{"Start sends the call before its answer is awaited", func(ctx context.Context, host bridge.Host) error {
		starter, ok := host.(bridge.Starter)
		if !ok {
			return errors.New("the host is no bridge.Starter")
		}
		wait := starter.Start(ctx, fetch("POST", "/hold/started", []byte("started"), nil))
		if err := waitForHeld(ctx, host, "started"); err != nil {
			return err
		}
		if _, _, err := do(ctx, host, fetch("POST", "/release/started", nil, nil)); err != nil {
			return err
		}
		if answer, err := wait(); string(answer.Body) != "started" || err != nil {
			return fmt.Errorf("got %q (%w)", answer.Body, err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		wait = starter.Start(ended, fetch("POST", "/count/started", nil, nil))
		if _, err := wait(); !errors.Is(err, context.Canceled) {
			return fmt.Errorf("with an ended context: %v", err)
		}
		if _, body, err := do(ctx, host, fetch("GET", "/count/started", nil, nil)); string(body) != "0" || err != nil {
			return fmt.Errorf("with an ended context, it was sent: %s (%w)", body, err)
		}
		return nil
	}},
}

// together calls f with 0 to n−1 concurrently and joins the errors.
func together(n int, f func(i int) error) error {
	problems := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { problems[i] = f(i) })
	}
	wg.Wait()
	return errors.Join(problems...)
}
