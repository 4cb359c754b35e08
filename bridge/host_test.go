package bridge_test

import (
	"context"
	"errors"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// hostFunc is a Host that is a function.
type hostFunc func(ctx context.Context, call bridge.Call) (bridge.Answer, error)

func (f hostFunc) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return f(ctx, call)
}

// answering returns a client whose host answers every call in the same way, and the calls that the host received.
func answering(payload, body string) (*bridge.Client, *[]bridge.Call) {
	var calls []bridge.Call
	return bridge.New(hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		calls = append(calls, call)
		answer := bridge.Answer{}
		if payload != "" {
			answer.Payload = []byte(payload)
		}
		if body != "" {
			answer.Body = []byte(body)
		}
		return answer, nil
	})), &calls
}

// rejecting returns a client whose host rejects every call with err.
func rejecting(err error) *bridge.Client {
	return bridge.New(hostFunc(func(context.Context, bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{}, err
	}))
}

// operations are the calls of a client, for rules that hold for all of them.
var operations = map[string]func(context.Context, *bridge.Client) error{
	"requestRemote": func(ctx context.Context, c *bridge.Client) error {
		_, err := bridge.RequestRemote(bridge.NewContext(ctx, c), "tasks-api", bridge.Request{Path: "/tasks"})
		return err
	},
	"invokeRemote": func(ctx context.Context, c *bridge.Client) error {
		_, err := bridge.InvokeRemote(bridge.NewContext(ctx, c), bridge.Request{Path: "/tasks"})
		return err
	},
	"invoke": func(ctx context.Context, c *bridge.Client) error {
		_, err := bridge.Invoke[any](bridge.NewContext(ctx, c), "getTasks", nil)
		return err
	},
}

func forEachOperation(t *testing.T, test func(t *testing.T, op string, call func(context.Context, *bridge.Client) error)) {
	for op, call := range operations {
		t.Run(op, func(t *testing.T) { test(t, op, call) })
	}
}

func TestNoBridge(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op string, call func(context.Context, *bridge.Client) error) {
		err := call(t.Context(), bridge.New(nil))
		if !errors.Is(err, bridge.ErrNoBridge) {
			t.Errorf("got %v, want ErrNoBridge", err)
		}
		var e *bridge.Error
		if !errors.As(err, &e) || e.Op != op {
			t.Errorf("got %#v, want an *Error of %s", err, op)
		}
	})
}

func TestDefaultOutsideAPage(t *testing.T) {
	_, err := bridge.RequestRemote(t.Context(), "tasks-api", bridge.Request{Path: "/tasks"})
	if !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("RequestRemote: got %v, want ErrNoBridge", err)
	}
	if _, err := bridge.InvokeRemote(t.Context(), bridge.Request{Path: "/tasks"}); !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("InvokeRemote: got %v, want ErrNoBridge", err)
	}
	if _, err := bridge.Invoke[string](t.Context(), "getTasks", nil); !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("Invoke: got %v, want ErrNoBridge", err)
	}
}

func TestCanceled(t *testing.T) {
	cause := errors.New("the user went away")
	forEachOperation(t, func(t *testing.T, op string, call func(context.Context, *bridge.Client) error) {
		check := func(t *testing.T, err error) {
			t.Helper()
			if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
				t.Errorf("got %v, want context.Canceled and its cause", err)
			}
			if errors.Is(err, bridge.ErrRejected) {
				t.Errorf("%v is ErrRejected", err)
			}
		}
		t.Run("before", func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(cause)
			check(t, call(ctx, bridge.New(hostFunc(func(context.Context, bridge.Call) (bridge.Answer, error) {
				t.Error("the host was called")
				return bridge.Answer{}, nil
			}))))
		})
		t.Run("during", func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			check(t, call(ctx, bridge.New(hostFunc(func(ctx context.Context, _ bridge.Call) (bridge.Answer, error) {
				cancel(cause)
				<-ctx.Done()
				return bridge.Answer{}, context.Cause(ctx)
			}))))
		})
	})
}

func TestRejected(t *testing.T) {
	tests := map[string]struct {
		err  bridge.HostError
		want error
	}{
		"any":            {bridge.HostError{Name: "Error", Message: "An unexpected error happened"}, bridge.ErrRejected},
		"an empty error": {bridge.HostError{}, bridge.ErrRejected},
		"bad FIT":        {bridge.HostError{Message: "Remote could not verify the Forge Invocation Token"}, bridge.ErrUnauthorized},
		"timeout":        {bridge.HostError{Message: "Remote invocation timed out after 25 seconds"}, bridge.ErrTimeout},
		"remote network": {bridge.HostError{Message: "Invalid response from remote - remote network error"}, bridge.ErrNetwork},
		"content type":   {bridge.HostError{Message: "Invalid response from remote - content-type header must be set to application/json and is currently: text/html. Status: 500."}, bridge.ErrInvalidResponse},
		"no JSON":        {bridge.HostError{Message: "Invalid response from remote - cannot parse body as JSON. Status: 502."}, bridge.ErrInvalidResponse},
		"Chromium fetch": {bridge.HostError{Name: "TypeError", Message: "Failed to fetch"}, bridge.ErrNetwork},
		"Firefox fetch":  {bridge.HostError{Name: "TypeError", Message: "NetworkError when attempting to fetch resource."}, bridge.ErrNetwork},
		"Safari fetch":   {bridge.HostError{Name: "TypeError", Message: "Load failed"}, bridge.ErrNetwork},
		"other type":     {bridge.HostError{Name: "TypeError", Message: "x is not a function"}, bridge.ErrRejected},
	}
	kinds := []error{bridge.ErrUnauthorized, bridge.ErrTimeout, bridge.ErrNetwork, bridge.ErrInvalidResponse, bridge.ErrInvalidRequest, bridge.ErrRateLimited, bridge.ErrNoBridge}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, _ string, call func(context.Context, *bridge.Client) error) {
				err := call(t.Context(), rejecting(&tt.err))
				if !errors.Is(err, bridge.ErrRejected) || !errors.Is(err, tt.want) {
					t.Errorf("got %v, want ErrRejected and %v", err, tt.want)
				}
				for _, kind := range kinds {
					if kind != tt.want && errors.Is(err, kind) {
						t.Errorf("%v is also %v", err, kind)
					}
				}
				var host *bridge.HostError
				if !errors.As(err, &host) || *host != tt.err {
					t.Errorf("the cause is %#v", host)
				}
			})
		})
	}
}
