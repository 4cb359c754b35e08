package dashboards_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/dashboards"
	"github.com/forgego/forgego/bridge/internal/stubhost"
)

type config struct {
	Title string `json:"title"`
}

func newHost() *stubhost.Host {
	return &stubhost.Host{Answers: map[string]string{
		"getContext":       `{"accountId":"a","extension":{"context":{"widgetId":"w","dashboardId":"d"}}}`,
		"getWidgetEditApi": `{"onSave":{},"onProductSave":{},"onSaveError":{},"updateConfig":{}}`,
		"getWidgetApi":     `{"setPreviewConfig":{}}`,
	}}
}

func TestHandlers(t *testing.T) {
	failed := errors.New("full")
	for method, tt := range map[string]struct {
		set    func(ctx context.Context, fail error) (stop func(), err error)
		call   string // the host's arguments
		got    string // what the handler got
		result string
	}{
		"onSave": {func(ctx context.Context, fail error) (func(), error) {
			return dashboards.OnSave(ctx, func(_ context.Context, save dashboards.Save[config]) error {
				return check(fail, save.Config.Title+" "+save.Widget.ID+" "+save.Widget.DashboardID+" "+save.Widget.Context.AccountID)
			})
		}, `[{"title":"T"},"new"]`, "T new d a", ""},
		"onProductSave": {func(ctx context.Context, fail error) (func(), error) {
			return dashboards.OnProductSave(ctx, func(_ context.Context, save dashboards.Save[config]) (*config, error) {
				save.Config.Title += "!"
				return &save.Config, check(fail, save.Config.Title+" "+save.Widget.ID+" "+save.Widget.DashboardID+" "+save.Widget.Context.AccountID)
			})
		}, `[{"title":"T"}]`, "T! w d a", `{"title":"T!"}`},
		"onSaveError": {func(ctx context.Context, fail error) (func(), error) {
			return dashboards.OnSaveError(ctx, func(_ context.Context, failure error, w dashboards.Widget) error {
				return check(fail, failure.Error()+" "+w.ID+" "+w.DashboardID+" "+w.Context.AccountID)
			})
		}, `[{"name":"Error","message":"no room"}]`, "no room w d a", ""},
	} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, fail := range []error{nil, failed} {
					host := newHost()
					ctx, cancel := context.WithCancel(host.Context(t))
					stop, err := tt.set(ctx, expect{tt.got, fail})
					if err != nil {
						t.Fatal(err)
					}
					if got, want := host.Calls(), []string{"getContext", "getWidgetEditApi", "." + method + " [null] -> 0"}; !slices.Equal(got, want) {
						t.Errorf("the host got %q, want %q", got, want)
					}
					result, err := host.Ask("0", tt.call)
					if !errors.Is(err, fail) || err == nil && result != tt.result {
						t.Errorf("the result is %s, %v", result, err)
					}
					if fail == nil {
						stop()
					} else {
						cancel()
						synctest.Wait()
						stop()
					}
					if result, _ := host.Ask("0", tt.call); result != "gone" {
						t.Errorf("after the end, the handler is called: %s", result)
					}
					cancel()
				}
				for _, arguments := range []string{`{}`, `[7]`} {
					if method == "onSaveError" && arguments == `[7]` {
						continue
					}
					host := newHost()
					stop, err := tt.set(host.Context(t), expect{tt.got, nil})
					if err != nil {
						t.Fatal(err)
					}
					if _, err := host.Ask("0", arguments); !errors.Is(err, bridge.ErrInvalidResponse) {
						t.Errorf("%s: got %v", arguments, err)
					}
					stop()
				}
			})
		})
	}
}

// expect is an error that says what a handler must get, and which error it returns.
type expect struct {
	got  string
	fail error
}

func (expect) Error() string { return "" }

func check(e error, got string) error {
	if want := e.(expect).got; got != want {
		return errors.New("the handler got " + got + ", want " + want)
	}
	return e.(expect).fail
}

func TestNothingIsSaved(t *testing.T) {
	host := newHost()
	stop, err := dashboards.OnProductSave(host.Context(t), func(context.Context, dashboards.Save[json.RawMessage]) (*json.RawMessage, error) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if result, err := host.Ask("0", `[{}]`); result != "null" || err != nil {
		t.Errorf("the result is %s, %v, want null", result, err)
	}
}

func TestFailureWithoutReason(t *testing.T) {
	host := newHost()
	var came error
	stop, err := dashboards.OnSaveError(host.Context(t), func(_ context.Context, failure error, _ dashboards.Widget) error {
		came = failure
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for _, arguments := range []string{`[]`, `[null]`, `[7]`, `[{}]`} {
		came = nil
		host.Fire("0", arguments)
		if !errors.Is(came, bridge.ErrRejected) || came.Error() != "the product did not say why the widget was not saved" {
			t.Errorf("%s: the failure is %v", arguments, came)
		}
	}
}

func TestConfig(t *testing.T) {
	for method, tt := range map[string]struct {
		set func(ctx context.Context, config any) error
		api string
	}{
		"updateConfig":     {dashboards.UpdateConfig, "getWidgetEditApi"},
		"setPreviewConfig": {dashboards.SetPreviewConfig, "getWidgetApi"},
	} {
		host := newHost()
		if err := tt.set(host.Context(t), config{"T"}); err != nil {
			t.Error(err)
		}
		if got, want := host.Calls(), []string{tt.api, "." + method + ` [{"title":"T"}]`, "release", "release"}; !slices.Equal(got, want) {
			t.Errorf("the host got %q, want %q", got, want)
		}
		for _, bad := range []any{nil, 7, []int{}, make(chan int)} {
			host := newHost()
			if err := tt.set(host.Context(t), bad); !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
				t.Errorf("%s(%T): got %v; the host got %q", method, bad, err, host.Calls())
			}
		}
	}
}

func TestRefused(t *testing.T) {
	refusal := &bridge.HostError{Message: "not here"}
	saved := func(context.Context, dashboards.Save[config]) error { return nil }
	for op, call := range map[string]func(ctx context.Context) error{
		"widgetEdit.onSave": func(ctx context.Context) error { _, err := dashboards.OnSave(ctx, saved); return err },
		"widgetEdit.onSaveError": func(ctx context.Context) error {
			_, err := dashboards.OnSaveError(ctx, func(context.Context, error, dashboards.Widget) error { return nil })
			return err
		},
		"widgetEdit.updateConfig": func(ctx context.Context) error { return dashboards.UpdateConfig(ctx, config{}) },
		"widget.setPreviewConfig": func(ctx context.Context) error { return dashboards.SetPreviewConfig(ctx, config{}) },
	} {
		for _, at := range [][]string{{"getContext", "getWidgetApi"}, {"getWidgetEditApi", "getWidgetApi"},
			{".onSave", ".onSaveError", ".updateConfig", ".setPreviewConfig"}} {
			host := newHost()
			host.Errors = map[string]error{}
			for _, name := range at {
				host.Errors[name] = refusal
			}
			err := call(host.Context(t))
			if at[0] == "getContext" && op == "widgetEdit.updateConfig" {
				if err != nil {
					t.Errorf("%s: %v", op, err)
				}
				continue
			}
			if !errors.Is(err, bridge.ErrRejected) || err.Error() != "bridge: "+op+": not here" {
				t.Errorf("%s, refused at %s: got %v", op, at, err)
			}
		}
	}
}
