package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

// fetch returns the command fetchRemote to the contract's remote. A nil body means none.
func fetch(method, path string, body []byte, header map[string]string) bridge.Call {
	payload, err := json.Marshal(map[string]any{
		"remoteKey":        RemoteKey,
		"fetchRequestInit": map[string]any{"path": path, "method": method, "headers": header, "body": nil},
	})
	if err != nil {
		panic(err) // cannot fail for maps of strings
	}
	return bridge.Call{Command: "fetchRemote", Payload: payload, Fetch: true, Body: body}
}

// response is the payload of an answer to fetchRemote.
type response struct {
	Status       int               `json:"status"`
	StatusText   string            `json:"statusText"`
	Headers      map[string]string `json:"headers"`
	IsAttachment bool              `json:"isAttachment"`
	Body         *string           `json:"body"`
}

// do sends a fetch and reads its answer.
func do(ctx context.Context, host bridge.Host, call bridge.Call) (response, []byte, error) {
	answer, err := host.Call(ctx, call)
	if err != nil {
		return response{}, nil, err
	}
	var r response
	if err := json.Unmarshal(answer.Payload, &r); err != nil {
		return r, nil, fmt.Errorf("the payload is %q: %w", answer.Payload, err)
	}
	return r, answer.Body, nil
}

// echoed sends a body and returns the remote's answer, which should be the same body.
func echoed(ctx context.Context, host bridge.Host, body string) (string, error) {
	_, b, err := do(ctx, host, fetch("POST", "/echo", []byte(body), nil))
	return string(b), err
}

// waitForHeld waits until the remote holds a request with that name.
func waitForHeld(ctx context.Context, host bridge.Host, name string) error {
	_, _, err := do(ctx, host, fetch("GET", "/held/"+name, nil, nil))
	return err
}

// refused returns an error unless err is a refusal of the host with a message.
func refused(err error) error {
	var refusal *bridge.HostError
	switch {
	case err == nil:
		return errors.New("the host answered, but should have refused")
	case !errors.As(err, &refusal) || !errors.Is(err, bridge.ErrRejected):
		return fmt.Errorf("the error is %T %q, not a *bridge.HostError", err, err)
	case refusal.Message == "":
		return errors.New("the refusal has no message")
	}
	return nil
}
