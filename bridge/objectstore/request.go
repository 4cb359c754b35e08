package objectstore

import (
	"context"
	"errors"
	"strconv"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/command"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// track announces a call to the product, as the official client does. It does not wait for the answer of a host that is a
// [bridge.Starter], and ignores it.
func track(ctx context.Context, op, action string) {
	command.Start(ctx, op, bridge.Call{
		Command: "trackObjectStoreAction",
		Payload: []byte(`{"action":"` + action + `"}`),
	})
}

// check checks what every call needs.
func check(op, functionKey string, count int, what string) error {
	switch {
	case functionKey == "":
		return payload.InvalidRequest(op, "functionKey is empty; it is the name that the app's resolver defines")
	case count == 0:
		return payload.InvalidRequest(op, "no "+what)
	}
	return nil
}

// send makes a request to an address that a function returned.
func send(ctx context.Context, op string, request bridge.FetchRequest) (bridge.FetchResponse, error) {
	response, err := command.Fetch(ctx, op, request)
	if errors.Is(err, bridge.ErrBlocked) {
		return response, &bridge.Error{Op: op, Err: ErrBlocked}
	}
	return response, err
}

// attempt calls f, which uses the app's Fetcher, and then done. If f panics or ends the goroutine, done gets an
// error.
func attempt(op string, f func(), done func(err error)) {
	usercode.Call(func() error {
		f()
		return nil
	}, func(err error) {
		if err != nil {
			usercode.ShowPanic(err)
			err = &bridge.Error{Op: op, Err: err}
		}
		done(err)
	})
}

// refused returns the error for a response that is not OK.
func refused(op string, status int) error {
	if status >= 200 && status <= 299 {
		return nil
	}
	return &bridge.Error{Op: op, Status: status, Err: errors.New("the object store answered " + strconv.Itoa(status))}
}
