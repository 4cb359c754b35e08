package payload_test

import (
	"context"
	"errors"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

func TestJSON(t *testing.T) {
	for name, tt := range map[string]struct {
		value any
		want  string
	}{
		"nothing":  {nil, ""},
		"a text":   {"ü", `"ü"`},
		"an array": {[]any{}, `[]`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := payload.JSON("view.submit", tt.value)
			if string(got) != tt.want || err != nil {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
	_, err := payload.JSON("view.submit", make(chan int))
	failed, ok := errors.AsType[*bridge.Error](err)
	if !ok || failed.Op != "view.submit" || !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("a channel returns %v", err)
	}
}

func TestRead(t *testing.T) {
	var text string
	if err := payload.Read("x", []byte(`"a"`), &text); err != nil || text != "a" {
		t.Errorf("got %q, %v", text, err)
	}
	for name, answer := range map[string][]byte{"nothing": nil, "another type": []byte("1"), "no JSON": []byte("{")} {
		t.Run(name, func(t *testing.T) {
			if err := payload.Read("x", answer, &text); !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFailed(t *testing.T) {
	cause := errors.New("the user went away")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	err := payload.Failed(ctx, "x", context.Cause(ctx))
	if !errors.Is(err, cause) || !errors.Is(err, context.Canceled) || err.Error() != "bridge: x: the user went away" {
		t.Errorf("got %v", err)
	}
	refusal := &bridge.HostError{Message: "no"}
	if err := payload.Failed(t.Context(), "x", refusal); !errors.Is(err, bridge.ErrRejected) || errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
