// Package metrics counts events in the front end, in metrics that the app's developer has registered in the developer
// console.
//
//	clicks, err := metrics.NewCounter(ctx, "button-click")
//	…
//	err = clicks.Incr(ctx)
//
// It is frontendCustomMetrics of @forge/bridge 7.2.0, which calls it experimental and not yet ready for use.
package metrics

import (
	"context"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Counter is a metric that only grows. It keeps the client that it was made with. It is safe for concurrent use.
type Counter struct {
	client *bridge.Client
	name   string
}

// longest is in UTF-16 code units.
const longest = 50

// NewCounter returns the counter with that name, as registered in the developer console, for the client in ctx. It does
// not call the host. A name has 1 to 50 letters a to z and A to Z, digits, dots and hyphens. It starts and ends with a
// letter or a digit, and has no two dots or two hyphens in a row. Any other name returns [bridge.ErrInvalidRequest].
//
// It is frontendCustomMetrics.counter.
func NewCounter(ctx context.Context, name string) (*Counter, error) {
	if problem := nameProblem(name); problem != "" {
		return nil, payload.InvalidRequest("frontendCustomMetrics.counter", "the metric's name "+problem)
	}
	return &Counter{bridge.FromContext(ctx), name}, nil
}

func nameProblem(name string) string {
	if strings.TrimSpace(name) == "" {
		return "is empty"
	}
	if len(utf16.Encode([]rune(name))) > longest {
		return "is longer than 50 characters"
	}
	for i := range len(name) {
		c := name[i]
		isAlphanumeric := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
		atEnd := i == 0 || i == len(name)-1
		if !isAlphanumeric && (atEnd || c != '.' && c != '-') {
			return "must start and end with a letter or a digit, and hold only letters, digits, dots and hyphens"
		}
	}
	if strings.Contains(name, "..") || strings.Contains(name, "--") {
		return "has two dots or two hyphens in a row"
	}
	return ""
}

// Incr adds 1. Errors are those of [bridge.Client]'s Call.
//
// It is incr of a counter.
func (c *Counter) Incr(ctx context.Context) error {
	return c.emit(ctx, "frontendCustomMetrics.incr", 1)
}

// IncrBy adds value, which must be positive and finite; otherwise it returns [bridge.ErrInvalidRequest].
//
// It is incrBy of a counter.
func (c *Counter) IncrBy(ctx context.Context, value float64) error {
	const op = "frontendCustomMetrics.incrBy"
	if !(value > 0) || math.IsInf(value, 1) {
		return payload.InvalidRequest(op, "a counter can only grow by a positive number")
	}
	return c.emit(ctx, op, value)
}

func (c *Counter) emit(ctx context.Context, op string, value float64) error {
	if c.client == nil {
		return payload.InvalidRequest(op, "this counter has no name; make it with metrics.NewCounter")
	}
	argument, err := payload.JSON(op, struct {
		Name  string  `json:"customMetricName"`
		Value float64 `json:"value"`
	}{c.name, value})
	if err != nil {
		return err
	}
	_, err = c.client.Call(ctx, op, bridge.Call{Command: "emitFrontendCustomMetric", Payload: argument})
	return err
}
