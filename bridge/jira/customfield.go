package jira

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// FieldData is the state of the custom field that the app shows.
type FieldData[V any] struct {
	// Value is the field's value. JSON's null is V's zero value.
	Value V `json:"fieldValue"`
}

// OnFieldData calls f with the state of the custom field that the app shows, at each change that UI modifications of an
// app make, until stop is called or ctx ends. Whether Jira also calls it at once is not documented.
//
// V is the value's type, as for encoding/json; json.RawMessage takes any. If a value is not a V, f gets an error that
// is [bridge.ErrInvalidResponse].
//
// It is customFieldApi.getFieldData. Atlassian's documentation has no page about it yet; this follows the types of
// @forge/jira-bridge 0.40.1.
func OnFieldData[V any](ctx context.Context, f func(ctx context.Context, data FieldData[V], err error) error) (stop func(), err error) {
	const op = "customFieldApi.getFieldData"
	return onFieldData(ctx, op, func(ctx context.Context, arguments []json.RawMessage) error {
		var data, none FieldData[V]
		if len(arguments) == 0 {
			return f(ctx, none, payload.Invalid(op, "the host passed no data"))
		}
		if err := payload.ReadAs(op, arguments[0], &data); err != nil {
			return f(ctx, none, err)
		}
		return f(ctx, data, nil)
	})
}

func onFieldData(ctx context.Context, op string, f func(ctx context.Context, arguments []json.RawMessage) error) (stop func(), err error) {
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "getCustomFieldInternalAPI"})
	if err != nil {
		return nil, err
	}
	var api struct {
		Actions struct {
			OnFieldDataChange json.RawMessage `json:"onFieldDataChange"`
		} `json:"actions"`
	}
	err = payload.Read(op, answer.Payload, &api)
	if err == nil && !exists(api.Actions.OnFieldDataChange) {
		err = payload.Invalid(op, "the host has no custom field here")
	}
	if err != nil {
		object.Release()
		return nil, err
	}
	own, end := context.WithCancel(ctx)
	_, heard, err := object.Apply(ctx, "actions.onFieldDataChange", []byte("[null]"), appCallback(own, op, func(ctx context.Context, arguments []json.RawMessage) ([]byte, error) {
		return nil, f(ctx, arguments)
	}))
	if err != nil {
		end()
		object.Release()
		return nil, payload.Failed(ctx, op, err)
	}
	return handler.Stop(ctx, end, func() { heard.Release(); object.Release() }), nil
}
