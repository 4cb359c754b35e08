// Package flag shows flags: short messages at the edge of the product's page. It is showFlag of @forge/bridge.
//
//	shown, err := flag.Show(ctx, flag.Flag{
//		ID:      "deleted-42",
//		Title:   "Task deleted",
//		Type:    flag.Success,
//		Actions: []flag.Action{{Text: "Undo", OnClick: undo}},
//	})
//
// Calls use the client in ctx: see [bridge.NewContext]. Their errors are those of [bridge.Client]'s Call.
//
// Source: https://developer.atlassian.com/platform/forge/custom-ui-bridge/showFlag/ and the types of @forge/bridge
// 7.2.0.
package flag

import (
	"context"
	"strconv"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// Type is the kind of a flag's message.
type Type string

// The types.
const (
	Info    Type = "info"
	Success Type = "success"
	Warning Type = "warning"
	Error   Type = "error"
)

// Flag is a message for [Show].
type Flag struct {
	// ID identifies the flag. It is required.
	ID string
	// Title and Description are the message's texts.
	Title, Description string
	// Type decides the icon; the default is [Info].
	Type Type
	// Appearance, if set, makes the flag bold and replaces Type.
	Appearance Type
	// Actions are the flag's buttons.
	Actions []Action
	// AutoDismiss removes the flag automatically after a while.
	AutoDismiss bool
}

// Action is a button in a flag.
type Action struct {
	Text string
	// OnClick is called each time the user presses the button. It may wait. Its context is the one of Show. An error is
	// shown as wasm.OnError says.
	OnClick func(ctx context.Context) error
}

// Shown is a flag that has been shown. It keeps the client that showed it.
type Shown struct {
	// client is the client that showed the flag.
	client *bridge.Client
	id     string
	// release releases the actions; it may be called several times.
	release func()
}

// Show shows the flag and returns when it is shown. Its actions are called until Close or the end of ctx, because a
// host does not report when the user closes a flag. A flag without an ID returns [bridge.ErrInvalidRequest].
//
// It is showFlag(options), which does not wait; there, close reports errors.
func Show(ctx context.Context, f Flag) (*Shown, error) {
	const op = "showFlag"
	if f.ID == "" {
		return nil, payload.InvalidRequest(op, "the flag has no ID")
	}
	argument, err := f.payload(op)
	if err != nil {
		return nil, err
	}
	client, call := bridge.FromContext(ctx), bridge.Call{Command: "showFlag", Payload: argument}
	var callbacks []bridge.Callback
	for i, action := range f.Actions {
		if action.OnClick != nil {
			path := "actions." + strconv.Itoa(i) + ".onClick"
			callbacks = append(callbacks, handler.Callback(ctx, path, func(ctx context.Context, _ []byte) error { return action.OnClick(ctx) }))
		}
	}
	if callbacks == nil {
		_, err := client.Call(ctx, op, call)
		if err != nil {
			return nil, err
		}
		return &Shown{client, f.ID, func() {}}, nil
	}
	_, object, err := client.CallWithFunctions(ctx, op, call, callbacks...)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { usercode.Run(object.Release) })
	return &Shown{client, f.ID, func() {
		if stop() {
			object.Release()
		}
	}}, nil
}

func (f Flag) payload(op string) ([]byte, error) {
	type action struct {
		Text string `json:"text"`
	}
	var actions []action
	for _, a := range f.Actions {
		actions = append(actions, action{a.Text})
	}
	if f.Type == "" {
		f.Type = Info
	}
	return payload.JSON(op, struct {
		ID          string   `json:"id"`
		Title       string   `json:"title,omitempty"`
		Description string   `json:"description,omitempty"`
		Type        Type     `json:"type"`
		Appearance  Type     `json:"appearance,omitempty"`
		Actions     []action `json:"actions,omitempty"`
		AutoDismiss bool     `json:"isAutoDismiss,omitempty"`
	}{f.ID, f.Title, f.Description, f.Type, f.Appearance, actions, f.AutoDismiss})
}

// Close removes the flag. It is not an error if the host no longer has the flag.
//
// It is the flag's close. Forge does not document what that returns.
func (s *Shown) Close(ctx context.Context) error {
	const op = "showFlag close"
	argument, err := payload.JSON(op, map[string]string{"id": s.id})
	if err != nil {
		return err
	}
	_, err = s.client.Call(ctx, op, bridge.Call{Command: "closeFlag", Payload: argument})
	if err == nil {
		s.release()
	}
	return err
}
