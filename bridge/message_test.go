//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/wasm"
)

// TestMessage checks that each kind of failure has a text for people.
func TestMessage(t *testing.T) {
	failed := func(err error) error { return &bridge.Error{Op: "requestRemote", Remote: "tasks-api", Err: err} }
	refused := func(text string) error { return failed(&bridge.HostError{Name: "Error", Message: text}) }
	status := func(status int, message string) error {
		return failed(&bridge.StatusError{Status: status, StatusText: "Nope", Message: message})
	}
	const reload, late = "You are not signed in to the app’s server. Reload the page.", "The app’s server took too long to answer. Try again."
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"what the backend said":     {status(422, "The title is missing."), "The title is missing."},
		"it is wrapped":             {fmt.Errorf("the task was not saved: %w", status(422, "The title is missing.")), "the task was not saved: The title is missing."},
		"a status error itself":     {&bridge.StatusError{Status: 500, Message: "Out of memory."}, "Out of memory."},
		"400":                       {status(400, ""), "The app’s server refused the request (400)."},
		"401":                       {status(401, ""), reload},
		"403":                       {status(403, ""), "You are not allowed to do this."},
		"404":                       {status(404, ""), "It was not found."},
		"412":                       {status(412, ""), "It has changed in the meantime. Reload the page."},
		"413":                       {status(413, ""), "It is too large."},
		"429":                       {status(429, ""), "Too many requests. Try again later."},
		"500":                       {status(500, ""), "The app’s server has a problem. Try again later."},
		"504":                       {status(504, ""), late},
		"too many calls":            {failed(&bridge.RateLimitError{Limit: 500, RetryAfter: 1100 * time.Millisecond}), "Too many requests. Try again in 2 s."},
		"no network":                {failed(bridge.ErrNetwork), "The app’s server could not be reached. Try again."},
		"no network, by the host":   {refused("Invalid response from remote - remote network error"), "The app’s server could not be reached. Try again."},
		"a time limit, by the host": {refused("Remote invocation timed out after 25 seconds"), late},
		"a refused token":           {refused("Remote could not verify the Forge Invocation Token"), reload},
		"the host's own text":       {refused("Only admins may do this."), "Only admins may do this."},
		"a refusal without a text":  {refused(""), "The product refused the request."},
		"blocked":                   {failed(bridge.ErrBlocked), "This page may not reach the app’s server."},
		"an unknown remote":         {failed(bridge.ErrUnknownRemote), "The app’s server is not known."},
		"a forgotten token":         {failed(bridge.ErrForgotten), "The request was not sent. Try again."},
		"no bridge":                 {failed(bridge.ErrNoBridge), "This page works only inside a product, such as Jira or Confluence."},
		"a request that is wrong":   {failed(bridge.ErrInvalidRequest), "The app made a request that cannot be sent."},
		"an answer that is wrong":   {failed(bridge.ErrInvalidResponse), "The app did not understand the answer."},
		"the end of a context":      {failed(context.DeadlineExceeded), "It took too long. Try again."},
		"a panic of a source":       {failed(fmt.Errorf("no token: %w", &wasm.PanicError{Value: "x"})), "Something went wrong in the app. The browser’s console has the details."},
		"another error of a source": {failed(errors.New("you are signed out")), "you are signed out"},
		"the app's own":             {errors.New("the title is missing"), "the title is missing"},
		"nil":                       {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := bridge.Message(tt.err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestMessageOfCalls checks the errors of real calls, which name the operation and the remote.
func TestMessageOfCalls(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.NotFoundHandler())
	host.Product("jira", http.NotFoundHandler())
	ctx := host.Context(t)
	_, remote := bridge.Get[any](ctx, "tasks-api", "/x")
	_, unknown := bridge.Get[any](ctx, "other", "/x")
	_, product := bridge.Get[any](ctx, bridge.RequestJira, "/x")
	host.Fail("tasks-api", bridgetest.Offline())
	_, offline := bridge.Get[any](ctx, "tasks-api", "/x")
	for _, tt := range []struct {
		err  error
		want string
	}{
		{remote, "It was not found."},
		{unknown, "The app’s server is not known."},
		{product, "It was not found."},
		{offline, "The app’s server could not be reached. Try again."},
	} {
		if got := bridge.Message(tt.err); got != tt.want || !strings.HasPrefix(tt.err.Error(), "bridge: ") {
			t.Errorf("the message of %q is %q, want %q", tt.err, got, tt.want)
		}
	}
}
