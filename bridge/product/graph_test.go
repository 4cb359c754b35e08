package product_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/product"
)

// hostFunc is a bridge.Host that is a function.
type hostFunc func(call bridge.Call) (bridge.Answer, error)

func (f hostFunc) Call(_ context.Context, call bridge.Call) (bridge.Answer, error) { return f(call) }

// answering returns a context whose host always returns this answer, and the last call that the host received.
func answering(ctx context.Context, payload, body string) (context.Context, *bridge.Call) {
	var last bridge.Call
	return bridge.NewContext(ctx, bridge.New(hostFunc(func(call bridge.Call) (bridge.Answer, error) {
		last = call
		var answer bridge.Answer
		if payload != "" {
			answer.Payload = []byte(payload)
		}
		if body != "" {
			answer.Body = []byte(body)
		}
		return answer, nil
	}))), &last
}

func sameJSON(t *testing.T, got []byte, want string) {
	t.Helper()
	var g, w any
	if err := errors.Join(json.Unmarshal(got, &g), json.Unmarshal([]byte(want), &w)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestTeamworkGraph(t *testing.T) {
	type me struct {
		Name string `json:"name"`
	}
	for name, c := range map[string]struct {
		variables    map[string]any
		sent, answer string
		want         me
		says         string
	}{
		"data": {
			map[string]any{"id": "1"}, `{"query":"{ me }","variables":{"id":"1"}}`,
			`{"data":{"name":"Ada"}}`, me{"Ada"}, "",
		},
		"no variables": {nil, `{"query":"{ me }"}`, `{"data":null}`, me{}, ""},
		"empty variables": {
			map[string]any{}, `{"query":"{ me }","variables":{}}`, ``, me{}, "",
		},
		"errors beside data": {
			nil, `{"query":"{ me }"}`,
			`{"data":{"name":"Ada"},"errors":[{"message":"no team","path":["me","teams",0]},{}]}`,
			me{"Ada"}, "no team (at me.teams.0)\nthe query failed without a message",
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, call := answering(t.Context(), c.answer, "")
			result, err := product.QueryTeamworkGraph[me](ctx, "{ me }", c.variables)
			if err != nil || result.Data != c.want {
				t.Errorf("got %+v, %v", result, err)
			}
			if call.Command != "requestTeamworkGraph" {
				t.Errorf("command %q", call.Command)
			}
			sameJSON(t, call.Payload, c.sent)
			var first *product.GraphError
			if err := result.Err(); c.says == "" && err != nil || c.says != "" && (err.Error() != c.says || !errors.As(err, &first) || first.Path[0] != "me") {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

// An answer may have steps that GraphQL does not know.
func TestGraphErrorWithOddPath(t *testing.T) {
	for want, path := range map[string][]any{
		"no":              nil,
		"no (at teams.0)": {true, "teams", 0.0},
		"no (at me)":      {"me", nil},
		"no path":         {map[string]any{}},
	} {
		message, _, _ := strings.Cut(want, " (")
		if got := (&product.GraphError{Message: message, Path: path}).Error(); got != want {
			t.Errorf("%v: got %q, want %q", path, got, want)
		}
	}
}

func TestTeamworkGraphFails(t *testing.T) {
	ctx, call := answering(t.Context(), `{"data":[]}`, "")
	if _, err := product.QueryTeamworkGraph[struct{}](ctx, "", nil); !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("data of another form: got %v, want ErrInvalidResponse", err)
	}
	call.Command = ""
	if _, err := product.QueryTeamworkGraph[any](ctx, "", map[string]any{"n": math.NaN()}); !errors.Is(err, bridge.ErrInvalidRequest) || call.Command != "" {
		t.Errorf("a variable without JSON: got %v, sent %q; want ErrInvalidRequest", err, call.Command)
	}
}

func TestUserRecommendations(t *testing.T) {
	for name, c := range map[string]struct{ query, sent string }{
		"a query": {"Ad", `{"query":"Ad"}`},
		"none":    {"", `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, call := answering(t.Context(), `["1"]`, "")
			got, err := product.GetUserRecommendations[[]string](ctx, c.query)
			if err != nil || !reflect.DeepEqual(got, []string{"1"}) || call.Command != "fetchUserRecommendations" {
				t.Errorf("got %q, %v, command %q", got, err, call.Command)
			}
			sameJSON(t, call.Payload, c.sent)
		})
	}
}
