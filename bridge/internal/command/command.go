// Package command holds what only the packages below bridge need of a client: calls that are sent in order, requests of
// the page itself, and limits.
package command

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/limit"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/bridge/internal/state"
)

// Start sends a command by the client in ctx and returns. The function wait waits for the answer; call it once or not
// at all. The host receives calls in the order of Start. If the host is not a [bridge.Starter], Start returns after
// the host has answered. Errors are those of [bridge.Client]'s Call.
func Start(ctx context.Context, op string, call bridge.Call) (wait func() (bridge.Answer, error)) {
	host, ok := state.FromContext(ctx).Host.(bridge.Starter)
	if !ok || ctx.Err() != nil {
		answer, err := bridge.FromContext(ctx).Call(ctx, op, call)
		return func() (bridge.Answer, error) { return answer, err }
	}
	answered := host.Start(ctx, call)
	return func() (bridge.Answer, error) {
		answer, err := answered()
		if err != nil {
			return bridge.Answer{}, payload.Failed(ctx, op, err)
		}
		return answer, nil
	}
}

// Fetch sends a request without a token from the page itself, as the page's own fetch does, or the client's
// [bridge.Fetcher]. The errors are those of the Fetcher, and the reason why ctx ended.
func Fetch(ctx context.Context, op string, request bridge.FetchRequest) (bridge.FetchResponse, error) {
	if ctx.Err() != nil {
		return bridge.FetchResponse{}, payload.Failed(ctx, op, context.Cause(ctx))
	}
	fetcher, ok := state.FromContext(ctx).Fetcher.(bridge.Fetcher)
	if !ok {
		fetcher = bridge.PageFetcher()
	}
	response, err := fetcher.Fetch(ctx, request)
	if err != nil {
		return bridge.FetchResponse{}, payload.Failed(ctx, op, err)
	}
	return response, nil
}

// Limited counts a call in l. If there were too many calls, it returns a [*bridge.RateLimitError] of op.
func Limited(op string, l *limit.Limiter) error {
	if wait := l.Take(); wait > 0 {
		return &bridge.Error{Op: op, Err: &bridge.RateLimitError{Limit: limit.Calls, Window: limit.Window, RetryAfter: wait}}
	}
	return nil
}
