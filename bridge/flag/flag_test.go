package flag_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/internal/stubhost"
)

func nothing(context.Context) error { return nil }

func TestShow(t *testing.T) {
	for name, tt := range map[string]struct {
		flag flag.Flag
		sent string
	}{
		"only an ID": {flag.Flag{ID: "a"}, `showFlag {"id":"a","type":"info"}`},
		"everything": {flag.Flag{ID: "a", Title: "Deleted", Description: "It is gone.", Type: flag.Success, Appearance: flag.Warning, AutoDismiss: true,
			Actions: []flag.Action{{"Undo", nothing}, {"Nothing", nil}, {"More", nothing}}},
			`showFlag {"id":"a","title":"Deleted","description":"It is gone.","type":"success","appearance":"warning",` +
				`"actions":[{"text":"Undo"},{"text":"Nothing"},{"text":"More"}],"isAutoDismiss":true} -> actions.0.onClick actions.2.onClick`},
		"an error": {flag.Flag{ID: "a", Type: flag.Error}, `showFlag {"id":"a","type":"error"}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			if _, err := flag.Show(host.Context(t), tt.flag); err != nil {
				t.Fatal(err)
			}
			if got := host.Calls(); got[0] != tt.sent {
				t.Errorf("the host got %q, want %q", got, tt.sent)
			}
		})
	}
}

func TestActions(t *testing.T) {
	for name, end := range map[string]struct {
		by    func(t *testing.T, ctx context.Context, shown *flag.Shown, cancel func())
		calls []string // the commands after showFlag
	}{
		"until Close": {func(t *testing.T, ctx context.Context, shown *flag.Shown, _ func()) {
			for range 2 {
				if err := shown.Close(ctx); err != nil {
					t.Error(err)
				}
			}
		}, []string{`closeFlag {"id":"a"}`, "release", `closeFlag {"id":"a"}`}},
		"until the end of the context": {func(_ *testing.T, _ context.Context, _ *flag.Shown, cancel func()) { cancel() }, []string{"release"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := &stubhost.Host{}
				ctx, cancel := context.WithCancel(host.Context(t))
				defer cancel()
				var pressed []string
				shown, err := flag.Show(ctx, flag.Flag{ID: "a", Actions: []flag.Action{
					{"Undo", func(context.Context) error { pressed = append(pressed, "undo"); return nil }},
					{"More", func(context.Context) error { pressed = append(pressed, "more"); return nil }},
				}})
				if err != nil {
					t.Fatal(err)
				}
				host.Fire("actions.1.onClick", "[]")
				host.Fire("actions.0.onClick", "[{}]")
				host.Fire("actions.0.onClick", "[]")
				end.by(t, ctx, shown, cancel)
				synctest.Wait()
				host.Fire("actions.0.onClick", "[]")
				if want := []string{"more", "undo", "undo"}; !slices.Equal(pressed, want) {
					t.Errorf("pressed %q, want %q", pressed, want)
				}
				if got := host.Calls()[1:]; !slices.Equal(got, end.calls) {
					t.Errorf("the host got %q, want %q", got, end.calls)
				}
			})
		})
	}
}

func TestClose(t *testing.T) {
	host := &stubhost.Host{Answers: map[string]string{"closeFlag": "false"}}
	ctx := host.Context(t)
	shown, err := flag.Show(ctx, flag.Flag{ID: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if err := shown.Close(ctx); err != nil {
		t.Error(err)
	}
	refusal := &bridge.HostError{Message: "no"}
	host.Errors = map[string]error{"closeFlag": refusal}
	if err := shown.Close(ctx); !errors.Is(err, refusal) {
		t.Errorf("got %v", err)
	}
	if got := host.Calls(); !slices.Contains(got, `closeFlag {"id":"a"}`) {
		t.Errorf("the host got %q", got)
	}
}

// A flag is closed by the client that showed it, whatever the context of Close.
func TestCloseWithAnotherContext(t *testing.T) {
	host, other := &stubhost.Host{}, &stubhost.Host{}
	for name, f := range map[string]flag.Flag{"without actions": {ID: "a"}, "with actions": {ID: "a", Actions: []flag.Action{{"Undo", nothing}}}} {
		for of, ctx := range map[string]context.Context{"no client": t.Context(), "another client": other.Context(t)} {
			shown, err := flag.Show(host.Context(t), f)
			if err != nil {
				t.Fatal(err)
			}
			before := len(host.Calls())
			if err := shown.Close(ctx); err != nil || host.Calls()[before] != `closeFlag {"id":"a"}` {
				t.Errorf("%s, closed with %s: %v, and its host got %q", name, of, err, host.Calls()[before:])
			}
		}
	}
	if calls := other.Calls(); len(calls) != 0 {
		t.Errorf("the other client's host got %q", calls)
	}
}

func TestShowFails(t *testing.T) {
	refusal := &bridge.HostError{Message: "no flags here"}
	for name, f := range map[string]flag.Flag{"without actions": {ID: "a"}, "with actions": {ID: "a", Actions: []flag.Action{{"Undo", nothing}}}} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Errors: map[string]error{"showFlag": refusal}}
			_, err := flag.Show(host.Context(t), f)
			if failed, ok := errors.AsType[*bridge.Error](err); !ok || failed.Op != "showFlag" || !errors.Is(err, refusal) {
				t.Errorf("got %v", err)
			}
		})
	}
	host := &stubhost.Host{}
	if _, err := flag.Show(host.Context(t), flag.Flag{Title: "no id"}); !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
		t.Errorf("without an ID: %v, and the host got %q", err, host.Calls())
	}
}
