//go:build !tinygo

package usercode

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// userError is an error with a text for the user.
type userError struct{}

func (userError) Error() string       { return "bridge: op: E42" }
func (userError) UserMessage() string { return "The server is down." }

func TestMessage(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"no error":                  {nil, ""},
		"the app's own":             {errors.New("the title is missing"), "the title is missing"},
		"a text for the user":       {userError{}, "The server is down."},
		"it is wrapped":             {fmt.Errorf("saving: %w", userError{}), "saving: The server is down."},
		"it is wrapped twice":       {fmt.Errorf("saving: %w", fmt.Errorf("now: %w", userError{})), "saving: now: The server is down."},
		"two are wrapped":           {fmt.Errorf("%w; %w", errors.New("a"), userError{}), "a; The server is down."},
		"some are joined":           {errors.Join(errors.New("a"), userError{}), "a\nThe server is down."},
		"its text is not in it":     {hiding{userError{}}, "it failed"},
		"an error without a text":   {fmt.Errorf("saving%w", errors.New("")), "saving"},
		"a time limit":              {fmt.Errorf("saving: %w", context.DeadlineExceeded), "saving: It took too long. Try again."},
		"a context that was ended":  {context.Canceled, "It was cancelled."},
		"a panic":                   {&PanicError{Value: "text"}, "Something went wrong in the app. The browser’s console has the details."},
		"a method that panics":      {(*badError)(nil), "Something went wrong in the app. The browser’s console has the details."},
		"an error of another error": {hiding{nil}, "it failed"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Message(tt.err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// hiding is an error whose text does not have that of its cause.
type hiding struct{ err error }

func (hiding) Error() string   { return "it failed" }
func (h hiding) Unwrap() error { return h.err }

func TestIsChoice(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"a choice":             {Choice("left"), true},
		"a wrapped choice":     {fmt.Errorf("asking: %w", Choice("left")), true},
		"an error":             {errors.New("left"), false},
		"a method that panics": {(*badError)(nil), false},
		"no error":             {nil, false},
	} {
		if got := IsChoice(tt.err); got != tt.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// A panic that is passed on is the same error, so it is shown once.
func TestCallPassesPanicOn(t *testing.T) {
	p := &PanicError{Value: "text"}
	Call(func() error { panic(p) }, func(err error) {
		if err != p {
			t.Errorf("got %#v", err)
		}
	})
}
