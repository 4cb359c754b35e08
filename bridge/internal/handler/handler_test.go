//go:build !tinygo

package handler_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/events"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/wasm"
)

// handlers are all functions of the bridge that take a handler. add adds f, which returns the result of the handler. path
// is the one of the callback, and arguments are what the host calls it with.
var handlers = map[string]struct {
	add             func(ctx context.Context, f func(ctx context.Context) error) (stop func(), err error)
	path, arguments string
	// lives means that the handler's context does not end with stop, which removes what the handler belongs to.
	lives bool
}{
	"flag.Show": {func(ctx context.Context, f func(context.Context) error) (func(), error) {
		shown, err := flag.Show(ctx, flag.Flag{ID: "a", Actions: []flag.Action{{Text: "Undo", OnClick: f}}})
		return func() { _ = shown.Close(ctx) }, err
	}, "actions.0.onClick", "[]", true},
	"modal.Open": {func(ctx context.Context, f func(context.Context) error) (func(), error) {
		err := modal.Open(ctx, modal.Modal{}, modal.WithOnClose(func(ctx context.Context, _ int, err error) error { return errors.Join(err, f(ctx)) }))
		return func() {}, err
	}, "onClose", "[7]", true},
	"view.OnClose": {view.OnClose, "", "[]", false},
	"view.History.Listen": {func(ctx context.Context, f func(context.Context) error) (func(), error) {
		h, err := view.NewHistory(ctx)
		if err != nil {
			return nil, err
		}
		return h.Listen(ctx, func(ctx context.Context, _ view.Change, err error) error { return errors.Join(err, f(ctx)) }), nil
	}, "0", `[{"pathname":"/1"},"PUSH"]`, false},
	"events.On":                {on(events.On[int]), "callback", "[7]", false},
	"events.OnPublic":          {on(events.OnPublic[int]), "callback", "[7]", false},
	"realtime.Subscribe":       {subscribe(realtime.Subscribe[int]), "onEvent", "[7]", false},
	"realtime.SubscribeGlobal": {subscribe(realtime.SubscribeGlobal[int]), "onEvent", "[7]", false},
}

type listen = func(ctx context.Context, f func(context.Context) error) (stop func(), err error)

func on(add func(context.Context, string, func(context.Context, int, error) error) (func(), error)) listen {
	return func(ctx context.Context, f func(context.Context) error) (func(), error) {
		return add(ctx, "saved", func(ctx context.Context, _ int, err error) error { return errors.Join(err, f(ctx)) })
	}
}

func subscribe(add func(context.Context, string, func(context.Context, int, error) error, ...realtime.Option) (func(), error)) listen {
	return on(func(ctx context.Context, name string, f func(context.Context, int, error) error) (func(), error) {
		return add(ctx, name, f)
	})
}

// TestHandlers checks that each handler has the context in which it was added, with its client, and that its error is shown
// like one of an event of the page.
func TestHandlers(t *testing.T) {
	for name, tt := range handlers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := &stubhost.Host{Answers: map[string]string{"createHistory": `{"location":{"pathname":"/"},"action":"POP"}`}}
				ctx := host.Context(t)
				client := bridge.FromContext(ctx)
				var shown []error
				wasm.OnError(func(ctx context.Context, err error) {
					if bridge.FromContext(ctx) != client {
						t.Error("the function of OnError has another client")
					}
					shown = append(shown, err)
				})
				defer wasm.OnError(nil)
				failure := errors.New("the disk is full")
				var handled []context.Context
				stop, err := tt.add(ctx, func(ctx context.Context) error {
					handled = append(handled, ctx)
					return failure
				})
				if err != nil {
					t.Fatal(err)
				}
				host.Fire(tt.path, tt.arguments)
				synctest.Wait()
				if len(handled) != 1 || bridge.FromContext(handled[0]) != client || handled[0].Err() != nil {
					t.Fatalf("it was called with %v", handled)
				}
				if len(shown) != 1 || !errors.Is(shown[0], failure) {
					t.Errorf("shown: %v", shown)
				}
				stop()
				if ended := handled[0].Err() != nil; ended == tt.lives {
					t.Errorf("after stop, its context has ended: %t", ended)
				}
				host.Fire(tt.path, tt.arguments)
				if synctest.Wait(); len(handled) > 1 {
					t.Error("it was called after stop")
				}
			})
		})
	}
}

// TestDismissedDialogIsNoError checks that a handler may return what Ask returns if the user has closed the dialog.
func TestDismissedDialogIsNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{}
		ctx := host.Context(t)
		wasm.OnError(func(_ context.Context, err error) { t.Errorf("shown: %v", err) })
		defer wasm.OnError(nil)
		wasm.Go(ctx, func(ctx context.Context) error {
			yes, err := modal.Ask[bool](ctx, modal.Modal{})
			if !errors.Is(err, modal.ErrDismissed) || yes {
				t.Errorf("got %t, %v", yes, err)
			}
			return err
		})
		synctest.Wait()
		host.Fire("onClose", "[]")
		synctest.Wait()
	})
}
