package modal

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// GetContext returns, in the page of a dialog, the value of the field Context with which the dialog was opened. If the
// page is not in a dialog, it returns [ErrNoModal].
//
// It is (await view.getContext()).extension.modal.
func GetContext[T any](ctx context.Context) (T, error) {
	const op = "view.getContext"
	var value T
	own, err := opened(ctx, op)
	if err == nil {
		err = payload.ReadAs(op, own, &value)
	}
	return value, err
}

func opened(ctx context.Context, op string) (json.RawMessage, error) {
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "getContext"})
	if err != nil {
		return nil, err
	}
	var here struct {
		Extension struct {
			Modal json.RawMessage `json:"modal"`
		} `json:"extension"`
	}
	if err := payload.Read(op, answer.Payload, &here); err != nil {
		return nil, err
	}
	if here.Extension.Modal == nil {
		return nil, &bridge.Error{Op: op, Err: ErrNoModal}
	}
	return here.Extension.Modal, nil
}
