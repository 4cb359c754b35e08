package view

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// Dispatch is the function that a UI Kit component Frame was given as its dispatch.
type Dispatch struct{ object bridge.Object }

// GetFrameDispatch gives the dispatch of the Frame that the app is in, for the module global:ui, until ctx ends. If it
// has none, the host gives nothing, as for a function, and the first Call fails.
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

// Call calls the function with these arguments, each as encoding/json makes it, and gives what it returns, as JSON; nil
// is undefined.
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

// arrayOf gives arguments as a JSON array.
func arrayOf(op string, arguments ...any) ([]byte, error) {
	if arguments == nil {
		arguments = []any{}
	}
	return payload.JSON(op, arguments)
}
