package product

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// GraphResult is the answer of a GraphQL query: data, errors, or both if a part of the query failed.
type GraphResult[T any] struct {
	// Data is the answer's data, as zero as it was if there is none.
	Data T `json:"data"`
	// Errors are what failed.
	Errors []GraphError `json:"errors"`
}

// Err is nil if nothing failed, and otherwise the errors in one: errors.As finds the first as a [*GraphError].
func (r GraphResult[T]) Err() error {
	var all []error
	for i := range r.Errors {
		all = append(all, &r.Errors[i])
	}
	return errors.Join(all...)
}

// GraphError is one error in the answer of a GraphQL query.
type GraphError struct {
	// Message says what went wrong.
	Message string `json:"message"`
	// Path leads to the field of the query that failed: names and indexes.
	Path []any `json:"path"`
	// Extensions is what the service adds, as JSON.
	Extensions json.RawMessage `json:"extensions"`
}

// Error gives the message, and the path if there is one.
func (e *GraphError) Error() string {
	text := e.Message
	if text == "" {
		text = "the query failed without saying why"
	}
	for i, step := range e.Path {
		separator := "."
		if i == 0 {
			separator = " (at "
		}
		switch step := step.(type) {
		case string:
			text += separator + step
		case float64:
			text += separator + strconv.Itoa(int(step))
		}
	}
	if len(e.Path) > 0 {
		text += ")"
	}
	return text
}

// TeamworkGraph sends a GraphQL query to the Teamwork Graph as the user who looks at the page. T is what the answer's data
// is read into; variables are sent in JSON by encoding/json, and nil sends none.
//
// What the query itself fails with is in the result, whose Err gives it. Other errors: [bridge.ErrInvalidRequest],
// [bridge.ErrNoBridge], [bridge.ErrRejected], [bridge.ErrInvalidResponse] for data that is no T, and what ends ctx.
//
// It is requestTeamworkGraph of @forge/bridge: apis-reference/ui-api-bridge/requestTeamworkGraph. Atlassian calls it an
// early access program: it may change.
func TeamworkGraph[T any](ctx context.Context, query string, variables map[string]any) (GraphResult[T], error) {
	var result GraphResult[T]
	err := call(ctx, "requestTeamworkGraph", struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables,omitzero"`
	}{query, variables}, &result)
	return result, err
}

// UserRecommendations asks which users the one who looks at the page may mean, by what was typed so far. An empty query
// asks for those without any. T is what the answer is read into.
//
// It is fetchUserRecommendations of @forge/bridge, which Atlassian exports but does not document: neither what the answer
// holds nor which products give one. Errors are those of [TeamworkGraph].
func UserRecommendations[T any](ctx context.Context, query string) (T, error) {
	var result T
	err := call(ctx, "fetchUserRecommendations", struct {
		Query string `json:"query,omitempty"`
	}{query}, &result)
	return result, err
}

// call sends the command of the operation's own name and reads its answer, in JSON both ways. An answer of nothing leaves
// the result as it is.
func call(ctx context.Context, op string, value, result any) error {
	data, err := payload.JSON(op, value)
	if err != nil {
		return err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: op, Payload: data})
	if err != nil || answer.Payload == nil {
		return err
	}
	return payload.ReadAs(op, answer.Payload, result)
}
