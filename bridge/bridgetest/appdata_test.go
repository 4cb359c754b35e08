package bridgetest_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/objectstore"
	"github.com/forgego/forgego/bridge/permissions"
)

// TestAdministrator checks that approved addresses are granted, and that a user who declines changes nothing.
func TestAdministrator(t *testing.T) {
	host := bridgetest.NewHost(t)
	ctx := host.Context(t)
	host.SetPermissions(map[string]any{"external": map[string]any{"configurable": map[string]bool{"enabled": true}}})
	cats := permissions.EgressGroup{Key: "cats", Description: "Cats", Configured: []permissions.EgressDomain{{Domain: "https://cats.example", Types: []permissions.EgressType{permissions.EgressImages}}}}
	granted := func() bool {
		t.Helper()
		all, err := permissions.Get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return all.CanLoadResource(permissions.Images, "https://cats.example/1.png")
	}
	host.OnQuestion(func(string, string) bool { return false })
	if _, err := permissions.SetEgress(ctx, cats); !errors.Is(err, bridge.ErrRejected) || granted() {
		t.Errorf("declined: %v, granted: %v", err, granted())
	}
	var asked string
	host.OnQuestion(func(question, detail string) bool {
		asked = question + " " + detail
		return true
	})
	if _, err := permissions.SetEgress(ctx, cats); err != nil || !granted() || asked != "Allow this app to reach these addresses? https://cats.example (Cats)" {
		t.Errorf("approved %q: %v, granted: %v", asked, err, granted())
	}
	if err := permissions.DeleteEgressGroup(ctx, "cats"); err != nil || granted() {
		t.Errorf("deleted: %v, granted: %v", err, granted())
	}
}

// TestObjects checks what the store in memory refuses.
func TestObjects(t *testing.T) {
	host := bridgetest.NewHost(t)
	ctx := host.Context(t)
	host.ObjectStore(bridgetest.ObjectFunctions{Upload: "up", Download: "down", Metadata: "about", Delete: "remove"})
	uploaded, err := objectstore.Upload(ctx, "up", objectstore.Object{Data: []byte("hello")}, objectstore.Object{})
	if err != nil || len(uploaded) != 2 || uploaded[0].Err != nil || uploaded[1].Err != nil {
		t.Fatalf("got %+v (%v)", uploaded, err)
	}
	about, err := objectstore.GetMetadata(ctx, "about", uploaded[0].Key, "none")
	if err != nil || about[0].Size != 5 || about[0].Err != nil || about[1].Err == nil {
		t.Errorf("got %+v (%v)", about, err)
	}
	if err := objectstore.Delete(ctx, "remove", uploaded[0].Key); err != nil {
		t.Error(err)
	}
	if down, err := objectstore.Download(ctx, "down", uploaded[0].Key, uploaded[1].Key); err != nil || len(down) != 1 || down[0].Key != uploaded[1].Key {
		t.Errorf("got %+v (%v)", down, err)
	}
	host.Fail("fetch", bridgetest.Offline())
	if uploaded, err := objectstore.Upload(ctx, "up", objectstore.Object{Data: []byte("x")}); err != nil || !errors.Is(uploaded[0].Err, bridge.ErrNetwork) {
		t.Errorf("offline: %+v (%v)", uploaded, err)
	}
}

// TestTranslations checks the order of locales.
func TestTranslations(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.SetTranslations(bridgetest.Translations{
		Default: "en-US", Fallback: map[string][]string{"fr-FR": {"de-DE"}},
		Files: map[string]any{"en-US": json.RawMessage(`{"a":"A"}`), "de-DE": map[string]any{"a": "Ä"}},
	})
	ctx := host.Context(t)
	for code, want := range map[string]string{"de-DE": "de-DE", "fr-FR": "de-DE", "ja-JP": "en-US"} {
		if got, err := i18n.GetTranslations(ctx, code); err != nil || got.Locale != want {
			t.Errorf("%s: got %+v (%v), want %s", code, got, err, want)
		}
	}
}
