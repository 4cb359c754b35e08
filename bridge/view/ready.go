package view

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// readyEvent is the event that says that an extension is ready.
const readyEvent = "EXTENSION_READY"

// EmitReadyEvent tells Confluence that the macro has loaded, so that an export can include it. It sends the event
// EXTENSION_READY with the macro's local id, and then a command. Some places refuse the command; that is not an
// error.
//
// It is view.emitReadyEvent.
func EmitReadyEvent(ctx context.Context) error {
	const op = "view.emitReadyEvent"
	client := bridge.FromContext(ctx)
	here, err := getContext(ctx, op)
	if err != nil {
		return err
	}
	type detail struct {
		LocalID string `json:"localId,omitempty"`
	}
	event, err := payload.JSON(op, struct {
		Event   string `json:"event"`
		Payload detail `json:"payload"`
	}{readyEvent, detail{here.LocalID}})
	if err != nil {
		return err
	}
	if _, err := client.Call(ctx, op, bridge.Call{Command: "emit", Payload: event}); err != nil {
		return err
	}
	if _, err := client.Call(ctx, op, bridge.Call{Command: "emitReadyEvent"}); !errors.Is(err, bridge.ErrRejected) {
		return err
	}
	return nil
}
