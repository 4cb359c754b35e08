package view

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// Dispatch is the function that was passed as dispatch to the UI Kit component Frame.
type Dispatch struct{ object bridge.Object }

// GetFrameDispatch returns the dispatch of the Frame that contains the app, for the module global:ui. It is valid
// until ctx ends. If there is no dispatch, the first Call fails, because the host answers in the same way in both
// cases.
//
// It is view.getFrameDispatch.
func GetFrameDispatch(ctx context.Context) (*Dispatch, error) {
	_, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, "view.getFrameDispatch", bridge.Call{Command: "getFrameDispatch"})
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { usercode.Run(object.Release) })
	return &Dispatch{object}, nil
}

// Call calls the function with these arguments, each encoded by encoding/json. It returns the result as JSON, or nil
// for undefined.
func (d *Dispatch) Call(ctx context.Context, arguments ...any) (json.RawMessage, error) {
	const op = "view.getFrameDispatch"
	list, err := arrayOf(op, arguments...)
	if err != nil {
		return nil, err
	}
	answer, result, err := d.object.Apply(ctx, "", list)
	if err != nil {
		return nil, payload.Failed(ctx, op, err)
	}
	result.Release()
	return answer.Payload, nil
}

// arrayOf encodes arguments as a JSON array.
func arrayOf(op string, arguments ...any) ([]byte, error) {
	if arguments == nil {
		arguments = []any{}
	}
	return payload.JSON(op, arguments)
}
