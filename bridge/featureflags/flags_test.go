package featureflags

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/view"
)

// hostFunc is a bridge.Host that is a function.
type hostFunc func(call bridge.Call) (bridge.Answer, error)

func (f hostFunc) Call(_ context.Context, call bridge.Call) (bridge.Answer, error) { return f(call) }

// answering returns a context whose host always returns this answer, and the calls that the host received.
func answering(ctx context.Context, payload string) (context.Context, *[]bridge.Call) {
	var calls []bridge.Call
	return bridge.NewContext(ctx, bridge.New(hostFunc(func(call bridge.Call) (bridge.Answer, error) {
		calls = append(calls, call)
		if payload == "" {
			return bridge.Answer{}, nil
		}
		return bridge.Answer{Payload: []byte(payload)}, nil
	}))), &calls
}

func TestNewWire(t *testing.T) {
	for name, c := range map[string]struct {
		user        User
		environment view.Environment
		want        string
	}{
		"an empty user": {User{}, "", `{"user":{},"config":{"environment":"development"}}`},
		"in staging":    {User{}, view.Staging, `{"user":{},"config":{"environment":"staging"}}`},
		"an account":    {User{Identifiers: Identifiers{AccountID: "1"}}, view.Production, `{"user":{"identifiers":{"accountId":"1"}},"config":{"environment":"production"}}`},
		"a whole user":  {User{Attributes: map[string]any{"plan": "paid", "seats": 7}, Identifiers: Identifiers{"ari", "1"}}, view.Development, `{"user":{"attributes":{"plan":"paid","seats":7},"identifiers":{"installContext":"ari","accountId":"1"}},"config":{"environment":"development"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, calls := answering(t.Context(), "")
			if _, err := New(ctx, c.user, c.environment); err != nil {
				t.Fatal(err)
			}
			call := (*calls)[0]
			var got, want any
			if err := errors.Join(json.Unmarshal(call.Payload, &got), json.Unmarshal([]byte(c.want), &want)); err != nil {
				t.Fatal(err)
			}
			if call.Command != "initFeatureFlags" || !reflect.DeepEqual(got, want) {
				t.Errorf("sent %s %s, want %s", call.Command, call.Payload, c.want)
			}
		})
	}
}

func TestNewInvalid(t *testing.T) {
	for name, c := range map[string]struct {
		user        User
		environment view.Environment
	}{
		"an environment in lower case": {User{}, "development"},
		"an attribute that is a list":  {User{Attributes: map[string]any{"groups": []string{"a"}}}, ""},
		"an attribute that is nil":     {User{Attributes: map[string]any{"group": nil}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, calls := answering(t.Context(), "")
			if _, err := New(ctx, c.user, c.environment); !errors.Is(err, bridge.ErrInvalidRequest) || len(*calls) > 0 {
				t.Errorf("got %v and %d calls, want ErrInvalidRequest", err, len(*calls))
			}
		})
	}
}

func TestNewFails(t *testing.T) {
	ctx, _ := answering(t.Context(), `{"feature_flags":[]}`)
	if _, err := New(ctx, User{}, ""); !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("flags of another form: got %v, want ErrInvalidResponse", err)
	}
	refused := bridge.NewContext(t.Context(), bridge.New(hostFunc(func(bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{}, &bridge.HostError{Message: "no"}
	})))
	if _, err := New(refused, User{}, ""); !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("got %v, want ErrRejected", err)
	}
}

func TestNewIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, calls := answering(t.Context(), "")
		for range 500 {
			if _, err := New(ctx, User{}, ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := New(ctx, User{}, ""); !errors.Is(err, bridge.ErrRateLimited) || len(*calls) != 500 {
			t.Errorf("call 501: got %v after %d calls, want ErrRateLimited", err, len(*calls))
		}
	})
}

func TestCheckFlag(t *testing.T) {
	const answer = `{"feature_flags":{
		"177670": {"value": true},
		"177671": {"value": true, "disabled": true},
		"177672": {"value": false},
		"177673": {"value": 1},
		"177674": {},
		"177675": null
	}}`
	for _, c := range []struct {
		name, answer, flag string
		otherwise, want    bool
	}{
		{"on", answer, "a", false, true},
		{"disabled", answer, "b", true, false},
		{"off", answer, "c", true, false},
		{"a number", answer, "d", false, true},
		{"no value", answer, "e", true, false},
		{"null", answer, "f", true, true},
		{"unknown", answer, "g", true, true},
		{"unknown, off", answer, "g", false, false},
		{"no name", answer, " ", true, true},
		{"no name, but a flag without one", `{"feature_flags":{"":{"value":true}}}`, " ", false, false},
		{"no flags", `{}`, "a", true, true},
		{"no answer", ``, "a", true, true},
		{"null as the answer", `null`, "a", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, _ := answering(t.Context(), c.answer)
			flags, err := New(ctx, User{}, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := flags.CheckFlag(c.flag, c.otherwise); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestShutdown(t *testing.T) {
	ctx, _ := answering(t.Context(), `{"feature_flags":{"177670":{"value":true}}}`)
	flags, err := New(ctx, User{}, "")
	if err != nil || !flags.IsInitialized() || !flags.CheckFlag("a", false) {
		t.Fatalf("got %v, %v", flags, err)
	}
	flags.Close()
	flags.Close()
	if flags.IsInitialized() || flags.CheckFlag("a", false) || !flags.CheckFlag("a", true) {
		t.Error("the flags are still there")
	}
}

func TestTruthy(t *testing.T) {
	for _, c := range []struct {
		json string
		want bool
	}{{"true", true}, {"false", false}, {"null", false}, {"0", false}, {"-1", true}, {`""`, false}, {`"0"`, true}, {"{}", true}, {"[]", true}} {
		var value any
		if err := json.Unmarshal([]byte(c.json), &value); err != nil {
			t.Fatal(err)
		}
		if got := truthy(value); got != c.want {
			t.Errorf("%s: got %v", c.json, got)
		}
	}
}
