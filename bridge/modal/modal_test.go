package modal_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/modal"
)

func TestPayload(t *testing.T) {
	for name, tt := range map[string]struct {
		modal modal.Modal
		want  string
	}{
		"the defaults": {modal.Modal{}, `{"resource":null,"size":"medium","context":{},"closeOnEscape":true,"closeOnOverlayClick":true,"title":"","icon":""}`},
		"everything": {modal.Modal{Resource: "task/edit", Size: modal.XLarge, Context: map[string]int{"task": 42}, KeepOnEscape: true, KeepOnOverlayClick: true, Title: "Task", Icon: "./icon.png"},
			`{"resource":"task/edit","size":"xlarge","context":{"task":42},"closeOnEscape":false,"closeOnOverlayClick":false,"title":"Task","icon":"./icon.png"}`},
		"a width":    {modal.Modal{Width: "500px"}, `{"resource":null,"size":{"width":"500px"},"context":{},"closeOnEscape":true,"closeOnOverlayClick":true,"title":"","icon":""}`},
		"both sides": {modal.Modal{Width: "500px", Height: "60vh", Context: ""}, `{"resource":null,"size":{"width":"500px","height":"60vh"},"context":{},"closeOnEscape":true,"closeOnOverlayClick":true,"title":"","icon":""}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			if err := modal.Open(host.Context(t), tt.modal); err != nil {
				t.Fatal(err)
			}
			sent, ok := strings.CutPrefix(host.Calls()[0], "openModal ")
			sent, paths, _ := strings.Cut(sent, " -> ")
			var got, want any
			if !ok || paths != "onClose" || json.Unmarshal([]byte(sent), &got) != nil || json.Unmarshal([]byte(tt.want), &want) != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("the host got %q", host.Calls()[0])
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for _, size := range []modal.Size{modal.Small, modal.Medium, modal.Large, modal.XLarge, modal.Max, modal.Fullscreen, modal.Resizable} {
		host := &stubhost.Host{}
		if err := modal.Open(host.Context(t), modal.Modal{Size: size}); err != nil || !strings.Contains(host.Calls()[0], `"size":"`+string(size)+`"`) {
			t.Errorf("%s: %v, %q", size, err, host.Calls())
		}
	}
	for name, m := range map[string]modal.Modal{
		"unknown":                {Size: "huge"},
		"a height only":          {Height: "10px"},
		"a name and a width":     {Size: modal.Small, Width: "10px"},
		"a context without JSON": {Context: func() {}},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			if err := modal.Open(host.Context(t), m); !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
				t.Errorf("got %v; the host got %q", err, host.Calls())
			}
		})
	}
}

func TestOnClose(t *testing.T) {
	for name, tt := range map[string]struct{ arguments, want string }{
		"with a value": {`[{"saved":true}]`, `{"saved":true}`},
		"with nothing": {`[]`, "dismissed"},
		"with null":    {`[null]`, "dismissed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := &stubhost.Host{}
				var closed []string
				err := modal.Open(host.Context(t), modal.Modal{}, nil, modal.WithOnClose(func(_ context.Context, value json.RawMessage, err error) error {
					if errors.Is(err, modal.ErrDismissed) {
						value = json.RawMessage("dismissed")
					} else if err != nil {
						t.Error(err)
					}
					closed = append(closed, string(value))
					return nil
				}))
				if err != nil {
					t.Fatal(err)
				}
				host.Fire("onClose", tt.arguments)
				host.Fire("onClose", tt.arguments)
				synctest.Wait()
				host.Fire("onClose", tt.arguments)
				if !slices.Equal(closed, []string{tt.want}) {
					t.Errorf("OnClose got %q", closed)
				}
				if calls := host.Calls(); calls[len(calls)-1] != "release" {
					t.Errorf("a closed modal is kept: %q", calls)
				}
			})
		})
	}
}

func TestCloseWithoutOnClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{}
		if err := modal.Open(host.Context(t), modal.Modal{}); err != nil {
			t.Fatal(err)
		}
		host.Fire("onClose", "[]")
		synctest.Wait()
		if calls := host.Calls(); len(calls) != 2 || calls[1] != "release" {
			t.Errorf("the host got %q", calls)
		}
	})
}

func TestOnCloseCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{}
		ctx, cancel := context.WithCancel(host.Context(t))
		if err := modal.Open(ctx, modal.Modal{}, modal.WithOnClose(func(context.Context, json.RawMessage, error) error { t.Error("the callback is called"); return nil })); err != nil {
			t.Fatal(err)
		}
		cancel()
		synctest.Wait()
		host.Fire("onClose", "[]")
	})
}

func TestOpenFails(t *testing.T) {
	refusal := &bridge.HostError{Message: "no such resource"}
	for name, tt := range map[string]struct {
		host *stubhost.Host
		want error
		// The error must not match not.
		not error
	}{
		"false":            {&stubhost.Host{Answers: map[string]string{"openModal": "false"}}, modal.ErrNotOpened, bridge.ErrRejected},
		"the host refuses": {&stubhost.Host{Errors: map[string]error{"openModal": refusal}}, refusal, modal.ErrNotOpened},
	} {
		t.Run(name, func(t *testing.T) {
			err := modal.Open(tt.host.Context(t), modal.Modal{})
			failed, ok := errors.AsType[*bridge.Error](err)
			if !ok || failed.Op != "Modal.open" || !errors.Is(err, tt.want) || errors.Is(err, tt.not) {
				t.Errorf("got %v", err)
			}
			if _, err := modal.Ask[string](tt.host.Context(t), modal.Modal{}); !errors.Is(err, tt.want) {
				t.Errorf("Ask: got %v", err)
			}
		})
	}
}

func TestAsk(t *testing.T) {
	closeWith := func(host *stubhost.Host, arguments string) {
		synctest.Wait()
		host.Fire("onClose", arguments)
	}
	for name, tt := range map[string]struct {
		arguments, want string
		kind            error
	}{
		"a value":         {`["kept"]`, "kept", nil},
		"nothing":         {`[]`, "", modal.ErrDismissed},
		"null":            {`[null]`, "", modal.ErrDismissed},
		"of another type": {`[7]`, "", bridge.ErrInvalidResponse},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := &stubhost.Host{}
				go closeWith(host, tt.arguments)
				got, err := modal.Ask[string](host.Context(t), modal.Modal{})
				failed, ok := errors.AsType[*bridge.Error](err)
				if got != tt.want || !errors.Is(err, tt.kind) || (err == nil) != (tt.kind == nil) || ok && failed.Op != "Modal.open" {
					t.Errorf("got %q, %v", got, err)
				}
				synctest.Wait() // until the first dialog is released
				go closeWith(host, tt.arguments)
				if _, err := modal.Ask[struct{}](host.Context(t), modal.Modal{}); err != nil {
					t.Errorf("if the value is ignored: %v", err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("the user went away")
		ctx, cancel := context.WithCancelCause((&stubhost.Host{}).Context(t))
		go func() {
			synctest.Wait()
			cancel(cause)
		}()
		if _, err := modal.Ask[string](ctx, modal.Modal{}); !errors.Is(err, cause) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestContext(t *testing.T) {
	type task struct{ Task int }
	for name, tt := range map[string]struct {
		host *stubhost.Host
		task int
		want error
	}{
		"in a modal":      {&stubhost.Host{Answers: map[string]string{"getContext": `{"extension":{"modal":{"task":42}}}`}}, 42, nil},
		"in none":         {&stubhost.Host{Answers: map[string]string{"getContext": `{"extension":{}}`}}, 0, modal.ErrNoModal},
		"of another type": {&stubhost.Host{Answers: map[string]string{"getContext": `{"extension":{"modal":7}}`}}, 0, bridge.ErrInvalidResponse},
		"no context":      {&stubhost.Host{}, 0, bridge.ErrInvalidResponse},
		"refused":         {&stubhost.Host{Errors: map[string]error{"getContext": bridge.ErrNoBridge}}, 0, bridge.ErrNoBridge},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := modal.GetContext[task](tt.host.Context(t))
			if got.Task != tt.task || !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v, want %v", got, err, tt.want)
			}
		})
	}
}
