//go:build !tinygo

package view_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/wasm"
)

const start = `{"action":"POP","length":1,"location":{"pathname":"/","search":"?a","hash":"#b","state":{"n":1},"key":"k"}}`

func newHistory(t *testing.T, ctx context.Context) *view.History {
	t.Helper()
	h, err := view.NewHistory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func same(a, b view.Location) bool {
	return a.Pathname == b.Pathname && a.Search == b.Search && a.Hash == b.Hash && string(a.State) == string(b.State)
}

func TestHistoryListen(t *testing.T) {
	host := &stubhost.Host{Answers: map[string]string{"createHistory": start}}
	h := newHistory(t, host.Context(t))
	checkCalls(t, host, "createHistory", ".listen [null] -> 0")
	if got := h.Location(); !same(got, view.Location{Pathname: "/", Search: "?a", Hash: "#b", State: json.RawMessage(`{"n":1}`)}) || h.Action() != view.Pop {
		t.Errorf("it starts at %+v by %s", got, h.Action())
	}
	var got []string
	listen := func(name string) func() {
		return h.Listen(t.Context(), func(_ context.Context, c view.Change, err error) error {
			if errors.Is(err, bridge.ErrInvalidResponse) {
				got = append(got, name+" invalid")
				return nil
			}
			if !same(c.Location, h.Location()) || c.Action != h.Action() {
				t.Errorf("%s gets %+v while the history is at %+v", name, c, h.Location())
			}
			got = append(got, name+" "+string(c.Action)+" "+c.Location.Pathname)
			return nil
		})
	}
	stopA := listen("a")
	listen("b")
	host.Fire("0", `[{"pathname":"/1"},"PUSH"]`)
	stopA()
	host.Fire("0", `[{"pathname":"/2"},"REPLACE"]`)
	host.Fire("0", `[{"pathname":"/3"}]`)
	for _, broken := range []string{`[]`, `null`, `[7]`, `[{"pathname":"/4"},{}]`} {
		host.Fire("0", broken)
	}
	if want := []string{"a PUSH /1", "b PUSH /1", "b REPLACE /2", "b REPLACE /3", "b invalid", "b invalid", "b invalid", "b invalid"}; !slices.Equal(got, want) || h.Location().Pathname != "/3" {
		t.Errorf("got %q at %+v", got, h.Location())
	}
}

func TestHistoryNavigate(t *testing.T) {
	for name, tt := range map[string]struct {
		move func(context.Context, *view.History) error
		sent string
	}{
		"push":              {func(ctx context.Context, h *view.History) error { return h.Push(ctx, "/a?b", nil) }, `.push ["/a?b"]`},
		"push with a state": {func(ctx context.Context, h *view.History) error { return h.Push(ctx, "/a", 1) }, `.push ["/a",1]`},
		"push a location": {func(ctx context.Context, h *view.History) error {
			return h.PushLocation(ctx, view.Location{Pathname: "/a"})
		}, `.push [{"pathname":"/a"}]`},
		"replace":            {func(ctx context.Context, h *view.History) error { return h.Replace(ctx, "/a", nil) }, `.replace ["/a"]`},
		"replace by a state": {func(ctx context.Context, h *view.History) error { return h.Replace(ctx, "/a", []int{}) }, `.replace ["/a",[]]`},
		"replace the location": {func(ctx context.Context, h *view.History) error {
			return h.ReplaceLocation(ctx, view.Location{Pathname: "/a", Search: "?b", Hash: "#c", State: json.RawMessage("1")})
		}, `.replace [{"pathname":"/a","search":"?b","hash":"#c","state":1}]`},
		"go":         {func(ctx context.Context, h *view.History) error { return h.Go(ctx, -2) }, `.go [-2]`},
		"go back":    {func(ctx context.Context, h *view.History) error { return h.GoBack(ctx) }, `.goBack []`},
		"go forward": {func(ctx context.Context, h *view.History) error { return h.GoForward(ctx) }, `.goForward []`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{"createHistory": start}}
			ctx := host.Context(t)
			h := newHistory(t, ctx)
			if err := tt.move(ctx, h); err != nil {
				t.Error(err)
			}
			if got := host.Calls()[2:]; !slices.Equal(got, []string{tt.sent, "release"}) {
				t.Errorf("the host got %q", got)
			}
			command, _, _ := strings.Cut(tt.sent, " ")
			refusal := &bridge.HostError{Message: "no"}
			host.Errors = map[string]error{command: refusal}
			if err := tt.move(ctx, h); !errors.Is(err, refusal) {
				t.Errorf("a refusal returns %v", err)
			}
		})
	}
}

func TestHistoryBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{Answers: map[string]string{"createHistory": start}}
		ctx := host.Context(t)
		h := newHistory(t, ctx)
		stop, err := h.Block(ctx, "Leave?")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Block(ctx, ""); err != nil {
			t.Fatal(err)
		}
		stop()
		stop()
		synctest.Wait()
		if want := []string{`.block ["Leave?"]`, `.block []`, ". []", "release", "release"}; !slices.Equal(host.Calls()[2:], want) {
			t.Errorf("the host got %q", host.Calls()[2:])
		}
		host.Errors = map[string]error{".block": &bridge.HostError{Name: "TypeError"}}
		if _, err := h.Block(ctx, ""); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("without a block: %v", err)
		}
	})
}

func TestHistoryEnds(t *testing.T) {
	for name, end := range map[string]func(h *view.History, cancel func()){
		"by Close":       func(h *view.History, _ func()) { h.Close() },
		"by its context": func(_ *view.History, cancel func()) { cancel() },
		"by both":        func(h *view.History, cancel func()) { h.Close(); cancel(); h.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := &stubhost.Host{Answers: map[string]string{"createHistory": start}}
				ctx, cancel := context.WithCancel(host.Context(t))
				defer cancel()
				h := newHistory(t, ctx)
				h.Listen(ctx, func(context.Context, view.Change, error) error {
					t.Error("the listener was called after the context ended")
					return nil
				})
				end(h, cancel)
				synctest.Wait()
				host.Fire("0", `[{"pathname":"/1"},"PUSH"]`)
				if want := []string{"mute", ". []", "release", "release", "release"}; !slices.Equal(host.Calls()[2:], want) {
					t.Errorf("the host got %q, want %q", host.Calls()[2:], want)
				}
			})
		})
	}
}

// A change that the host reports after Close reaches no listener, even if the host does not know yet that it is closed.
func TestHistoryCloseMutesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{Answers: map[string]string{"createHistory": start}}
		ctx := host.Context(t)
		h := newHistory(t, ctx)
		h.Listen(ctx, func(context.Context, view.Change, error) error {
			t.Error("the listener was called after Close")
			return nil
		})
		h.Close()
		host.Fire("0", `[{"pathname":"/1"},"PUSH"]`)
		synctest.Wait()
	})
}

// A listener that panics does not stop the other listeners, and the caller of the callback reports the panic.
func TestHistoryListenerPanics(t *testing.T) {
	host := &stubhost.Host{Answers: map[string]string{"createHistory": start}}
	h := newHistory(t, host.Context(t))
	called := false
	h.Listen(t.Context(), func(context.Context, view.Change, error) error { panic("on purpose") })
	h.Listen(t.Context(), func(context.Context, view.Change, error) error { called = true; return nil })
	func() {
		defer func() {
			if got, ok := recover().(*wasm.PanicError); !ok || got.Value != "on purpose" {
				t.Errorf("the panic is %v", got)
			}
		}()
		host.Fire("0", `[{"pathname":"/1"},"PUSH"]`)
	}()
	if !called {
		t.Error("the second listener is not called")
	}
}

func TestNewHistoryFails(t *testing.T) {
	refusal := &bridge.HostError{Message: "no history here"}
	for name, tt := range map[string]struct {
		host *stubhost.Host
		want error
	}{
		"refused":  {&stubhost.Host{Errors: map[string]error{"createHistory": refusal}}, refusal},
		"nothing":  {&stubhost.Host{}, view.ErrNoHistory},
		"null":     {&stubhost.Host{Answers: map[string]string{"createHistory": "null"}}, view.ErrNoHistory},
		"false":    {&stubhost.Host{Answers: map[string]string{"createHistory": "false"}}, view.ErrNoHistory},
		"an array": {&stubhost.Host{Answers: map[string]string{"createHistory": "[1]"}}, bridge.ErrInvalidResponse},
		"without listen": {&stubhost.Host{Answers: map[string]string{"createHistory": start},
			Errors: map[string]error{".listen": refusal}}, refusal},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := view.NewHistory(tt.host.Context(t)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if got := tt.host.Calls(); name != "refused" && got[len(got)-1] != "release" {
				t.Errorf("the answer is kept: %q", got)
			}
		})
	}
}
