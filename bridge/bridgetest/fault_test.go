package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestFailures checks how each failure looks for each way to a remote.
func TestFailures(t *testing.T) {
	own := errors.New("the host has no time")
	const network = "Invalid response from remote - remote network error"
	const timeout = "Remote invocation timed out after 25 seconds"
	for name, tt := range map[string]struct {
		failure bridgetest.Failure
		// The wanted error and the end of its text, or the status, by way.
		want  map[string]error
		text  map[string]string
		state int
		took  map[string]time.Duration
	}{
		"offline": {failure: bridgetest.Offline(),
			want: map[string]error{"requestRemote": bridge.ErrNetwork, "invokeRemote": bridge.ErrNetwork, "direct": bridge.ErrNetwork},
			text: map[string]string{"requestRemote": "Failed to fetch", "invokeRemote": network}},
		"timed out": {failure: bridgetest.TimedOut(),
			want: map[string]error{"requestRemote": bridge.ErrNetwork, "invokeRemote": bridge.ErrTimeout, "direct": bridge.ErrNetwork},
			text: map[string]string{"invokeRemote": timeout}},
		"hangs": {failure: bridgetest.Hang(),
			want: map[string]error{"requestRemote": context.DeadlineExceeded, "invokeRemote": bridge.ErrTimeout, "direct": context.DeadlineExceeded},
			text: map[string]string{"invokeRemote": timeout},
			took: map[string]time.Duration{"requestRemote": time.Minute, "invokeRemote": 25 * time.Second, "direct": time.Minute}},
		"503": {failure: bridgetest.Status(503, `{"error":"full"}`), state: 503},
		"401": {failure: bridgetest.Status(401, ""), state: 401,
			want: map[string]error{"invokeRemote": bridge.ErrUnauthorized}},
		"rejected": {failure: bridgetest.Reject(own),
			want: map[string]error{"requestRemote": bridge.ErrRejected, "invokeRemote": bridge.ErrRejected, "direct": own},
			text: map[string]string{"requestRemote": own.Error(), "invokeRemote": own.Error()}},
		"blocked": {failure: bridgetest.Reject(bridge.ErrBlocked),
			want: map[string]error{"requestRemote": bridge.ErrRejected, "invokeRemote": bridge.ErrRejected, "direct": bridge.ErrBlocked}},
		"a host's own error": {failure: bridgetest.Reject(&bridge.HostError{Message: "Remote invocation timed out after 25 seconds"}),
			want: map[string]error{"requestRemote": bridge.ErrTimeout, "invokeRemote": bridge.ErrTimeout, "direct": bridge.ErrTimeout}},
	} {
		for _, byCommand := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					host := bridgetest.NewHost(t)
					reached := 0
					host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached++; say(w, r) }))
					for way, call := range waysOf(host) {
						target := "tasks-api"
						if byCommand {
							target = map[string]string{"requestRemote": "fetchRemote", "invokeRemote": "invoke", "direct": "fetch"}[way]
						}
						host.Fail(target, tt.failure)
						ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
						start := time.Now()
						resp, err := call(ctx, bridge.Request{Path: "/"})
						cancel()
						if want := tt.want[way]; want != nil && (!errors.Is(err, want) || !strings.HasSuffix(err.Error(), tt.text[way])) {
							t.Errorf("%s: got %v, want %v with %q", way, err, want, tt.text[way])
						} else if want == nil && (err != nil || resp.Status != tt.state) {
							t.Errorf("%s: got %v (%v), want %d", way, resp, err, tt.state)
						}
						if took := time.Since(start); took != tt.took[way] {
							t.Errorf("%s: it took %v, want %v", way, took, tt.took[way])
						}
						host.Heal(target)
						if resp, err := call(t.Context(), bridge.Request{Path: "/"}); err != nil || resp.Status != 200 {
							t.Errorf("%s: after Heal: %v (%v)", way, resp, err)
						}
					}
					if reached != 3 {
						t.Errorf("%d requests reached the remote, want those after Heal", reached)
					}
				})
			})
		}
	}
}

// TestFailedCommands checks how each failure looks for a command that does not go to a remote.
func TestFailedCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.On("view.close", func(context.Context, json.RawMessage) (any, error) { return true, nil })
		host.OnFunction("getTasks", func(context.Context, json.RawMessage) (any, error) { return 1, nil })
		for name, tt := range map[string]struct {
			failure bridgetest.Failure
			want    error
			text    string
		}{
			"offline":   {bridgetest.Offline(), bridge.ErrNetwork, "Failed to fetch"},
			"timed out": {bridgetest.TimedOut(), bridge.ErrTimeout, "Remote invocation timed out after 25 seconds"},
			"hangs":     {bridgetest.Hang(), context.DeadlineExceeded, ""},
			"401":       {bridgetest.Status(401, ""), bridge.ErrUnauthorized, ""},
			"500":       {bridgetest.Status(500, "{}"), bridge.ErrRejected, "An unexpected error happened"},
			"rejected":  {bridgetest.Reject(errors.New("no")), bridge.ErrRejected, "no"},
		} {
			for _, command := range []string{"view.close", "getContext", "invoke"} {
				call := bridge.Call{Command: command}
				if command == "invoke" {
					call.Payload = []byte(`{"functionKey":"getTasks"}`)
				}
				host.Fail(command, tt.failure.Times(1))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				if _, err := host.Call(ctx, call); !errors.Is(err, tt.want) || !strings.HasSuffix(err.Error(), tt.text) {
					t.Errorf("%s, %s: got %v, want %v with %q", name, command, err, tt.want, tt.text)
				}
				cancel()
				if _, err := host.Call(t.Context(), call); err != nil {
					t.Errorf("%s, %s: the second call: %v", name, command, err)
				}
			}
		}
	})
}

func TestFailureTimes(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(say))
	host.Remote("other", http.HandlerFunc(say))
	host.Fail("tasks-api", bridgetest.Status(503, "").Times(2))
	client := host.Client()
	for i, want := range []int{503, 503, 200, 200} {
		for key, want := range map[string]int{"tasks-api": want, "other": 200} {
			resp, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), key, bridge.Request{Path: "/"})
			if err != nil || resp.Status != want {
				t.Errorf("call %d to %s returns %v (%v), want %d", i+1, key, resp, err, want)
			}
		}
	}
}

// TestDelay checks that the delay passes before the answer, and that it counts for limits.
func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t, bridgetest.WithInvokeTimeout(10*time.Second))
		host.Remote("tasks-api", http.HandlerFunc(say))
		host.Delay("tasks-api", 3*time.Second)
		host.Delay("signInvocationTokenForUI", time.Second)
		want := map[string]time.Duration{"requestRemote": 3 * time.Second, "invokeRemote": 3 * time.Second, "direct": 4 * time.Second}
		for way, call := range waysOf(host) {
			start := time.Now()
			if _, err := call(t.Context(), bridge.Request{Path: "/"}); err != nil || time.Since(start) != want[way] {
				t.Errorf("%s: it took %v (%v), want %v", way, time.Since(start), err, want[way])
			}
		}
		host.Delay("tasks-api", 11*time.Second)
		start := time.Now()
		_, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), host.Client()), bridge.Request{Path: "/"})
		if !errors.Is(err, bridge.ErrTimeout) || !strings.HasSuffix(err.Error(), "after 10 seconds") || time.Since(start) != 10*time.Second {
			t.Errorf("a remote slower than the platform's limit returns %v after %v", err, time.Since(start))
		}
		host.Delay("tasks-api", 0)
		start = time.Now()
		if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), host.Client()), bridge.Request{Path: "/"}); err != nil || time.Since(start) != 0 {
			t.Errorf("without a delay it takes %v (%v)", time.Since(start), err)
		}
	})
}
