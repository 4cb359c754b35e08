package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestPanics checks that a panic in the test's code is reported and does not end the program.
func TestPanics(t *testing.T) {
	reports := make(chan string, 10)
	host := bridgetest.NewHost(t, bridgetest.WithReport(func(problem string) { reports <- problem }))
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			w.(http.Flusher).Flush()
		}
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		panic("a bug in the handler")
	}))
	host.On("broken", func(context.Context, json.RawMessage) (any, error) { panic("a bug in the script") })
	expect := func(want string) {
		t.Helper()
		if got := <-reports; !strings.Contains(got, want) {
			t.Errorf("the report is %q, want %q", got, want)
		}
	}
	for name, call := range waysOf(host) {
		for _, path := range []string{"/", "/late"} {
			resp, err := call(t.Context(), bridge.Request{Path: path})
			if err == nil {
				_, err = resp.Text()
			}
			if !errors.Is(err, bridge.ErrNetwork) {
				t.Errorf("%s: got %v", name, err)
			}
			expect(`the handler of the remote "tasks-api" panicked: a bug in the handler`)
		}
	}
	if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), host.Client()), "tasks-api", bridge.Request{Path: "/abort"}); !errors.Is(err, bridge.ErrNetwork) {
		t.Errorf("got %v", err)
	}
	if _, err := host.Call(t.Context(), bridge.Call{Command: "broken"}); !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("got %v", err)
	}
	expect("the command broken panicked: a bug in the script")

	host.OnWithFunctions("subscribe", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["callback"](1)
		callbacks["callback"](2)
		return nil, nil
	})
	came := make(chan string, 2)
	_, _, err := host.CallWithFunctions(t.Context(), bridge.Call{Command: "subscribe", Payload: []byte(`{}`)}, bridge.Callback{Path: "callback", Func: func(arguments []byte) {
		came <- string(arguments)
		if string(arguments) == "[1]" {
			panic("a bug in the callback")
		}
	}})
	if first, second := <-came, <-came; err != nil || first != "[1]" || second != "[2]" {
		t.Errorf("the callback got %s and %s (%v)", first, second, err)
	}
	expect(`the callback "callback" panicked: a bug in the callback`)
	if len(reports) != 0 {
		t.Errorf("got another report: %s", <-reports)
	}
}

// TestClose checks that closing the host ends its requests, and that later calls are refused.
func TestClose(t *testing.T) {
	host := bridgetest.NewHost(nil)
	came, ended := make(chan bool), false
	host.Remote("tasks-api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		came <- true
		<-r.Context().Done()
		ended = true
	}))
	result := make(chan error)
	go func() {
		_, err := bridge.RequestRemote(bridge.NewContext(context.Background(), host.Client()), "tasks-api", bridge.Request{Path: "/"})
		result <- err
	}()
	<-came
	host.Close()
	if !ended {
		t.Error("Close did not wait for the handler")
	}
	if err := <-result; !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("the pending call returns %v", err)
	}
	for name, call := range waysOf(host) {
		if _, err := call(t.Context(), bridge.Request{Path: "/"}); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("%s: a call after Close returns %v", name, err)
		}
	}
	host.Close()
}

// TestCloseEndsScripts checks that a script and a command that hang end with the host.
func TestCloseEndsScripts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.On("waits", func(ctx context.Context, _ json.RawMessage) (any, error) {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		})
		host.Fail("getContext", bridgetest.Hang())
		results := make(chan error, 2)
		for _, command := range []string{"waits", "getContext"} {
			go func() {
				_, err := host.Call(context.Background(), bridge.Call{Command: command})
				results <- err
			}()
		}
		synctest.Wait()
		host.Close()
		for range 2 {
			if err := <-results; err == nil || !strings.Contains(err.Error(), "closed") {
				t.Errorf("got %v", err)
			}
		}
	})
}

// TestMisuse checks that mistakes of a test are reported at once.
func TestMisuse(t *testing.T) {
	for name, tt := range map[string]struct {
		wrong func(*bridgetest.Host)
		want  string
	}{
		"no handler": {func(h *bridgetest.Host) { h.Remote("a", nil) }, `the remote "a" has no handler`},
		"no URL": {func(h *bridgetest.Host) {
			h.Remote("a", http.NotFoundHandler(), bridgetest.WithBaseURL("a.example.com"))
		}, `"a.example.com" does not begin with`},
		"Fail's name":   {func(h *bridgetest.Host) { h.Fail("task-api", bridgetest.Offline()) }, `no command "task-api"; remotes: tasks-api`},
		"Delay's name":  {func(h *bridgetest.Host) { h.Delay("getcontext", 1) }, `no command "getcontext"`},
		"a bad app id":  {func(*bridgetest.Host) { bridgetest.NewHost(nil, bridgetest.WithAppID("x")).Verifier() }, "making the verifier"},
		"Count is free": {func(h *bridgetest.Host) { h.Count("anything"); panic("bridgetest: well") }, "well"},
	} {
		t.Run(name, func(t *testing.T) {
			host := bridgetest.NewHost(nil)
			defer host.Close()
			host.Remote("tasks-api", http.NotFoundHandler())
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "bridgetest: ") || !strings.Contains(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			}()
			tt.wrong(host)
		})
	}
}
