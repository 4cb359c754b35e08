// Package product queries Atlassian's services that span products, as the current user: the Teamwork Graph, and
// recommendations of users. For a product's own REST API see [bridge.RequestJira], [bridge.RequestConfluence] and
// [bridge.RequestBitbucket].
package product

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// GraphResult is the answer to a GraphQL query: data, errors, or both if a part of the query failed.
type GraphResult[T any] struct {
	// Data is the answer's data, or the zero value if there is none.
	Data T `json:"data"`
	// Errors are the query's errors.
	Errors []GraphError `json:"errors"`
}

// Err joins the errors, or returns nil if there are none. errors.As finds the first as a [*GraphError].
func (r GraphResult[T]) Err() error {
	var all []error
	for i := range r.Errors {
		all = append(all, &r.Errors[i])
	}
	return errors.Join(all...)
}

// GraphError is one error in the answer to a GraphQL query.
type GraphError struct {
	// Message says what went wrong.
	Message string `json:"message"`
	// Path is the path to the field of the query that failed: names and indexes.
	Path []any `json:"path"`
	// Extensions is what the service adds, as JSON.
	Extensions json.RawMessage `json:"extensions"`
}

// Error returns the message, and the path if there is one.
func (e *GraphError) Error() string {
	text := e.Message
	if text == "" {
		text = "the query failed without a message"
	}
	var path []string
	for _, step := range e.Path {
		switch step := step.(type) {
		case string:
			path = append(path, step)
		case float64:
			path = append(path, strconv.Itoa(int(step)))
		}
	}
	if len(path) > 0 {
		text += " (at " + strings.Join(path, ".") + ")"
	}
	return text
}

// QueryTeamworkGraph sends a GraphQL query to the Teamwork Graph as the current user. The answer's data is decoded into T.
// variables are encoded by encoding/json; if variables is nil, none are sent.
//
// Errors of the query itself are in the result: see its Err method. Other errors: [bridge.ErrInvalidRequest],
// [bridge.ErrNoBridge], [bridge.ErrRejected], [bridge.ErrInvalidResponse] for data that is not a T, and the reason
// why ctx ended.
//
// It is requestTeamworkGraph of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestTeamworkGraph/ Atlassian calls
// it an early access program: it may change.
func QueryTeamworkGraph[T any](ctx context.Context, query string, variables map[string]any) (GraphResult[T], error) {
	var result GraphResult[T]
	err := call(ctx, "requestTeamworkGraph", struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables,omitzero"`
	}{query, variables}, &result)
	return result, err
}

// GetUserRecommendations returns the users whom the current user may mean, based on the text typed so far. An empty
// query returns the default suggestions. The answer is decoded into T.
//
// It is fetchUserRecommendations of @forge/bridge. Atlassian exports it but does not document what the answer
// contains, or which products support it. Errors are those of [QueryTeamworkGraph].
func GetUserRecommendations[T any](ctx context.Context, query string) (T, error) {
	var result T
	err := call(ctx, "fetchUserRecommendations", struct {
		Query string `json:"query,omitempty"`
	}{query}, &result)
	return result, err
}

// call sends the command named op and decodes its answer. If the answer is empty, result does not change.
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
