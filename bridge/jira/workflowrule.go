package jira

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// OnConfigure calls f when the user adds or updates a workflow rule whose form the app shows, until stop is called or
// ctx ends. What f returns is encoded by encoding/json and saved as the rule's configuration, with which Jira calls the
// app's function, and which the extension of the view's context has as validatorConfig, conditionConfig or
// postFunctionConfig. The configuration of a post function has at most 100 kB.
//
// If f returns [ErrKeepForm], Jira keeps the form open and saves nothing. What Jira does after another error is not
// documented. If the place shows no form of a workflow rule, OnConfigure returns [ErrNotConfigurable].
//
// It is workflowRules.onConfigure. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/workflowRules/
func OnConfigure[C any](ctx context.Context, f func(ctx context.Context) (C, error)) (stop func(), err error) {
	const op = "workflowRules.onConfigure"
	return onConfigure(ctx, op, func(ctx context.Context, _ []byte) ([]byte, error) {
		config, err := f(ctx)
		if errors.Is(err, ErrKeepForm) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := payload.JSON(op, &config)
		if err != nil {
			return nil, err
		}
		return payload.JSON(op, string(text))
	})
}

func onConfigure(ctx context.Context, op string, f func(ctx context.Context, arguments []byte) ([]byte, error)) (stop func(), err error) {
	own, end := context.WithCancel(ctx)
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op,
		bridge.Call{Command: "setWorkflowRuleConfigurationCallback", Payload: []byte(`{"data":{}}`)},
		handler.Answer(own, "data.onConfigure", f))
	if err != nil {
		end()
		return nil, err
	}
	if payload.False(answer) {
		end()
		object.Release()
		return nil, &bridge.Error{Op: op, Err: ErrNotConfigurable}
	}
	return handler.Stop(ctx, end, object.Release), nil
}
