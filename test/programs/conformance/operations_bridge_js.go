package main

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

// bridgeOperations are the operations of package bridge.
var bridgeOperations = map[string]operation{
	"invoke": func(ctx context.Context, args arguments) (any, error) {
		if len(args) > 2 {
			return invokeWithMetadata(ctx, args)
		}
		return invoked(bridge.Invoke[json.RawMessage](ctx, args.text(0), args.value(1)))
	},
	"makeInvoke": func(context.Context, arguments) (any, error) {
		return &object{value: "[function]", methods: map[string]operation{
			".": func(ctx context.Context, args arguments) (any, error) {
				return invoked(bridge.MakeInvoke[any, json.RawMessage](args.text(0))(ctx, args.value(1)))
			},
		}}, nil
	},
	"invokeService": invokeService,
}

func invoked(result json.RawMessage, err error) (any, error) {
	if result == nil {
		return nothing, err
	}
	return result, err
}

func invokeWithMetadata(ctx context.Context, args arguments) (any, error) {
	var asked struct{ RateLimitProperties bool }
	if err := args.read(2, &asked); err != nil {
		return nil, err
	}
	result, err := bridge.InvokeWithMetadata[json.RawMessage](ctx, args.text(0), args.value(1), bridge.InvokeMetadata{RateLimit: asked.RateLimitProperties})
	told := map[string]any{}
	if limit := result.RateLimit; limit != nil {
		told["rateLimitProperties"] = map[string]any{
			"rateLimitLimit": limit.Limit, "rateLimitRemaining": limit.Remaining, "rateLimitReset": limit.Reset.Unix(),
		}
	}
	return map[string]any{"body": result.Body, "metadata": told}, err
}

func invokeService(ctx context.Context, args arguments) (any, error) {
	var input struct {
		Path, Method string
		Headers      map[string]string
		Body         any
	}
	if err := args.read(0, &input); err != nil {
		return nil, err
	}
	request := bridge.Request{Method: input.Method, Path: input.Path}
	for name, value := range input.Headers {
		if request.Header == nil {
			request.Header = bridge.Header{}
		}
		request.Header[name] = []string{value}
	}
	if input.Body != nil {
		request.Body = bridge.JSON(input.Body)
	}
	response, err := bridge.InvokeService(ctx, request)
	if err != nil {
		return nil, err
	}
	text, err := response.Text()
	value := map[string]any{"status": response.Status}
	headers := map[string]string{}
	for _, field := range list(response.Header, spec.InvokeRemote) {
		headers[field[0]] = field[1]
	}
	value["headers"] = headers
	if text != "" {
		value["body"] = json.RawMessage(text)
	}
	return value, err
}
