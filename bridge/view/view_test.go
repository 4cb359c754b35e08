//go:build !tinygo

package view_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/view"
)

// commands are the functions that send one command each.
var commands = []struct {
	name    string
	command string
	// sent is what the host gets, and no is the error if it answers false.
	sent string
	no   error
	call func(context.Context) error
}{
	{"Submit", "submit", `submit {"a":1}`, view.ErrNotSubmittable, func(ctx context.Context) error { return view.Submit(ctx, map[string]int{"a": 1}) }},
	{"Submit of nothing", "submit", `submit`, view.ErrNotSubmittable, func(ctx context.Context) error { return view.Submit(ctx, nil) }},
	{"Close", "close", `close "done"`, view.ErrNotClosable, func(ctx context.Context) error { return view.Close(ctx, "done") }},
	{"Close with nothing", "close", `close`, view.ErrNotClosable, func(ctx context.Context) error { return view.Close(ctx, nil) }},
	{"Open", "open", `open`, view.ErrNotOpenable, view.Open},
	{"Refresh", "refresh", `refresh`, view.ErrNotRefreshable, func(ctx context.Context) error { return view.Refresh(ctx, nil) }},
	{"Refresh with a value", "refresh", `refresh [1]`, view.ErrNotRefreshable, func(ctx context.Context) error { return view.Refresh(ctx, []int{1}) }},
	{"OnClose", "onClose", `onClose ->`, view.ErrNotClosable, func(ctx context.Context) error {
		_, err := view.OnClose(ctx, func(context.Context) error { return nil })
		return err
	}},
	{"EnableTheme", "enableTheming", `enableTheming`, nil, view.EnableTheme},
	{"ChangeWindowTitle", "changeWindowTitle", `changeWindowTitle "Tasks"`, nil, func(ctx context.Context) error { return view.ChangeWindowTitle(ctx, "Tasks") }},
}

func TestCommands(t *testing.T) {
	for _, tt := range commands {
		t.Run(tt.name, func(t *testing.T) {
			host := &stubhost.Host{}
			if err := tt.call(host.Context(t)); err != nil {
				t.Error(err)
			}
			checkCalls(t, host, tt.sent)

			host = &stubhost.Host{Answers: map[string]string{tt.command: "false"}}
			if err := tt.call(host.Context(t)); !errors.Is(err, tt.no) {
				t.Errorf("after false: %v, want %v", err, tt.no)
			}

			refusal := &bridge.HostError{Message: "the form is not complete"}
			host = &stubhost.Host{Errors: map[string]error{tt.command: refusal}}
			err := tt.call(host.Context(t))
			if !errors.Is(err, refusal) || tt.no != nil && errors.Is(err, tt.no) {
				t.Errorf("after a refusal: %v", err)
			}
			if failed, ok := errors.AsType[*bridge.Error](err); !ok || failed.Op == "" {
				t.Errorf("%v names no operation", err)
			}
		})
	}
}

func TestSubmitUnencodable(t *testing.T) {
	host := &stubhost.Host{}
	if err := view.Submit(host.Context(t), func() {}); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("got %v", err)
	}
	checkCalls(t, host)
}

func TestOnClose(t *testing.T) {
	for name, end := range map[string]func(stop, cancel func()){
		"by stop":        func(stop, _ func()) { stop() },
		"by its context": func(_, cancel func()) { cancel() },
		"by both":        func(stop, cancel func()) { stop(); cancel(); stop() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := &stubhost.Host{}
				ctx, cancel := context.WithCancel(host.Context(t))
				defer cancel()
				closed := 0
				stop, err := view.OnClose(ctx, func(context.Context) error { closed++; return nil })
				if err != nil {
					t.Fatal(err)
				}
				host.Fire("", "[]")
				if closed != 1 {
					t.Errorf("it was called %d times", closed)
				}
				end(stop, cancel)
				synctest.Wait()
				host.Fire("", "[]")
				if closed != 1 {
					t.Error("the callback was called after its end")
				}
				checkCalls(t, host, "onClose ->", "release")
			})
		})
	}
}

func TestOnCloseFails(t *testing.T) {
	host := &stubhost.Host{Answers: map[string]string{"onClose": "false"}}
	called := false
	if _, err := view.OnClose(host.Context(t), func(context.Context) error { called = true; return nil }); !errors.Is(err, view.ErrNotClosable) {
		t.Errorf("got %v", err)
	}
	host.Fire("", "[]")
	if called {
		t.Error("the callback was called")
	}
}

func TestEmitReadyEvent(t *testing.T) {
	all := []string{"getContext", `emit {"event":"EXTENSION_READY","payload":{"localId":"macro-1"}}`, "emitReadyEvent"}
	refusal := &bridge.HostError{Message: "not here"}
	for name, tt := range map[string]struct {
		answers map[string]string
		errors  map[string]error
		calls   []string
		want    error
	}{
		"ready":               {map[string]string{"getContext": `{"localId":"macro-1"}`}, nil, all, nil},
		"no local id":         {map[string]string{"getContext": `{}`}, nil, []string{"getContext", `emit {"event":"EXTENSION_READY","payload":{}}`, "emitReadyEvent"}, nil},
		"the command refused": {map[string]string{"getContext": `{"localId":"macro-1"}`}, map[string]error{"emitReadyEvent": refusal}, all, nil},
		"the event refused":   {map[string]string{"getContext": `{"localId":"macro-1"}`}, map[string]error{"emit": refusal}, all[:2], refusal},
		"the context refused": {nil, map[string]error{"getContext": refusal}, all[:1], refusal},
		"the bridge gone":     {map[string]string{"getContext": `{"localId":"macro-1"}`}, map[string]error{"emitReadyEvent": bridge.ErrNoBridge}, all, bridge.ErrNoBridge},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Answers: tt.answers, Errors: tt.errors}
			if err := view.EmitReadyEvent(host.Context(t)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			checkCalls(t, host, tt.calls...)
		})
	}
}

func TestDispatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{Answers: map[string]string{".": `"done"`}}
		ctx, cancel := context.WithCancel(host.Context(t))
		defer cancel()
		dispatch, err := view.GetFrameDispatch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := dispatch.Call(ctx, "go", map[string]int{"n": 1}); string(got) != `"done"` || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
		if _, err := dispatch.Call(ctx); err != nil {
			t.Error(err)
		}
		if _, err := dispatch.Call(ctx, func() {}); !errors.Is(err, bridge.ErrInvalidRequest) {
			t.Errorf("a function returns %v", err)
		}
		cancel()
		synctest.Wait()
		checkCalls(t, host, "getFrameDispatch", `. ["go",{"n":1}]`, "release", ". []", "release", "release")

		refusal := &bridge.HostError{Name: "TypeError"}
		host.Errors = map[string]error{".": refusal, "getFrameDispatch": refusal}
		if _, err := dispatch.Call(ctx); !errors.Is(err, refusal) {
			t.Errorf("without a dispatch: %v", err)
		}
		if _, err := view.GetFrameDispatch(host.Context(t)); !errors.Is(err, refusal) {
			t.Errorf("got %v", err)
		}
	})
}
