package bridgetest_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/events"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// TestWindowsOfUsers checks that each window has its own context, in the app and in the tokens of its requests.
func TestWindowsOfUsers(t *testing.T) {
	host := bridgetest.NewHost(t, bridgetest.WithClaims(remotetest.WithAccount("first")))
	host.SetContext(map[string]any{"extension": map[string]any{"issue": map[string]any{"key": "A-1"}}, "license": map[string]bool{"active": true}})
	ben := host.Window("ben")
	ben.SetContext(map[string]string{"accountId": "ben"})
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		_, _ = fmt.Fprintf(w, `{"account":%q,"principal":%q,"extension":%s}`, claims.AccountID(), claims.Principal, claims.Context.Extension.Raw)
	})))
	type seen struct {
		Account, Principal string
		Extension          struct{ Issue struct{ Key string } }
	}
	for name, w := range map[string]*bridgetest.Window{"first": host.Window(""), "ben": ben} {
		ctx := w.Context(t)
		here, err := view.GetContext(ctx)
		if err != nil || here.AccountID != name || here.License == nil || !here.License.Active {
			t.Errorf("%s: the context is %+v (%v)", name, here, err)
		}
		for range 2 { // the second token is a kept one
			got, err := bridge.Get[seen](ctx, "tasks-api", "/")
			if err != nil || got.Account != name || got.Extension.Issue.Key != "A-1" {
				t.Errorf("%s: the backend sees %+v (%v)", name, got, err)
			}
		}
	}
	got, err := bridge.Do[seen](ben.Context(t), bridge.InvokeRemote, bridge.Request{Path: "/"})
	if err != nil || got.Principal != "ben" {
		t.Errorf("the backend of invokeRemote sees %+v (%v)", got, err)
	}
}

// TestRealtimePlaces checks that an event stays at its place, unless it is global.
func TestRealtimePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		var heard []string
		subscribe := func(ctx context.Context, name string, f func(context.Context, string, func(context.Context, string, error) error, ...realtime.Option) (func(), error)) func() {
			t.Helper()
			stop, err := f(ctx, "tasks", func(_ context.Context, text string, err error) error {
				heard = append(heard, name+" "+text)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return stop
		}
		other := host.Window("other")
		other.SetContext(map[string]any{"extension": map[string]any{"issue": map[string]string{"key": "B-2"}}})
		stop := subscribe(host.Window("same").Context(t), "same", realtime.Subscribe[string])
		subscribe(other.Context(t), "other", realtime.Subscribe[string])
		subscribe(other.Context(t), "global", realtime.SubscribeGlobal[string])
		publish := func(f func(context.Context, string, any, ...realtime.Option) (realtime.PublishResult, error), text string) realtime.PublishResult {
			t.Helper()
			result, err := f(host.Context(t), "tasks", text)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			return result
		}
		publish(realtime.Publish, "1")
		publish(realtime.PublishGlobal, "2")
		stop()
		synctest.Wait()
		if result := publish(realtime.Publish, "3"); result.EventID != "" {
			t.Errorf("an event that nobody hears is %+v", result)
		}
		if !slices.Equal(heard, []string{"same 1", "global 2"}) {
			t.Errorf("heard %q", heard)
		}
	})
}

// TestEventsBetweenWindows checks that events reach all windows, also a dialog until it is closed.
func TestEventsBetweenWindows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		if err := modal.Open(host.Context(t), modal.Modal{}); err != nil {
			t.Fatal(err)
		}
		dialog := host.Dialog(t)
		var mu sync.Mutex
		var heard []string
		for name, ctx := range map[string]context.Context{"dialog": dialog.Window().Context(t), "other": host.Window("other").Context(t)} {
			if _, err := events.On(ctx, "saved", func(_ context.Context, id string, err error) error {
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, name+" "+id)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := events.OnPublic(ctx, "saved", func(context.Context, string, error) error { t.Error("a public event came"); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		emit := func(id string) {
			t.Helper()
			if err := events.Emit(host.Context(t), "saved", id); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		emit("1")
		slices.Sort(heard)
		dialog.Dismiss()
		emit("2")
		if !slices.Equal(heard, []string{"dialog 1", "other 1", "other 2"}) {
			t.Errorf("heard %q", heard)
		}
	})
}
