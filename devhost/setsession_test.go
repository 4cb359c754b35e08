//go:build !js

package devhost

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

// openAt opens the socket of a page whose address has a query, and reads its first messages.
func openAt(t *testing.T, h *Host, query string) *websocket.Conn {
	t.Helper()
	conn, _, err := dialAt(t.Context(), h, h.product.Origin, query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	readFirst(t, conn)
	return conn
}

func TestWindows(t *testing.T) {
	h, _ := startApp(t, settings{})
	if open := h.Windows(); open == nil || len(open) != 0 {
		t.Errorf("got %#v, want an empty list", open)
	}
	var want []Window
	for _, c := range []struct {
		query string
		shown Window
	}{
		{"", Window{"panel", "", 1, 1}},
		{"?module=macro&account=2", Window{"macro", "", 2, 1}},
		{"?account=x&site=-1", Window{"panel", "", 0, 0}},
		{"?module=none&view=edit&site=99", Window{"none", "edit", 1, 99}},
	} {
		openAt(t, h, c.query)
		want = append([]Window{c.shown}, want...)
		if got := h.Windows(); !reflect.DeepEqual(got, want) {
			t.Errorf("with %q: got %v, want %v", c.query, got, want)
		}
	}
}

func TestChoices(t *testing.T) {
	h := dataHost(t, "context:\n  accounts: [{name: Agent, id: a}, {name: Admin, id: b, admin: true}]\n  sites: [{name: One, license: {active: true}}]\n")
	got, err := h.Choices()
	want := Choices{
		Accounts: []Account{{Number: 1, ID: "a", Name: "Agent"}, {Number: 2, ID: "b", Name: "Admin", Admin: true}},
		Sites:    []Site{{Number: 1, Name: "One", License: map[string]any{"active": true}}},
	}
	for _, m := range h.current.Load().manifest.Modules {
		want.Modules = append(want.Modules, Module{Key: m.Key})
	}
	if err != nil || len(got.Modules) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	views := startHost(t, fieldManifest(t), settings{})
	if got, err := views.Choices(); err != nil || !reflect.DeepEqual(got.Modules[len(got.Modules)-1], Module{Key: "rating", Views: []string{"edit"}}) {
		t.Errorf("a module with two views: got %+v, %v", got.Modules, err)
	}
	testapp.Write(t, h.dir, "forgego.yml", "context: 7\n")
	if got, err := h.Choices(); err == nil {
		t.Errorf("with a fault in forgego.yml: got %+v, want an error", got)
	}
}

func TestSetSession(t *testing.T) {
	h, dir := startApp(t, settings{})
	if err := h.SetSession(t.Context(), 2, 1); !errors.Is(err, ErrNoWindow) || !strings.Contains(err.Error(), h.URL()) {
		t.Errorf("without a window: got %v, want ErrNoWindow and the address", err)
	}
	openAt(t, h, "?module=macro&account=2")
	conn := openAt(t, h, "?module=macro&site=2")
	if err := h.SetSession(t.Context(), 0, 2); err != nil {
		t.Errorf("what the page has already: got %v", err)
	}
	if err := h.SetSession(t.Context(), 9, 0); err == nil || !strings.Contains(err.Error(), `no account "9"`) {
		t.Errorf("an unknown account: got %v", err)
	}
	set := func(ctx context.Context, account, site int) <-chan error {
		done := make(chan error, 1)
		go func() { done <- h.SetSession(ctx, account, site) }()
		return done
	}
	asked := func() (q question) {
		t.Helper()
		m, err := read(t.Context(), conn)
		if err := errors.Join(err, json.Unmarshal(m.Payload, &q)); err != nil || q.Command != "session" {
			t.Fatalf("the page got %+v (%v)", m, err)
		}
		return q
	}

	done := set(t.Context(), 2, 0)
	q := asked()
	if string(q.Payload) != `{"account":2,"site":2}` {
		t.Errorf("the page is asked for %s", q.Payload)
	}
	post(t, h, "answer", `{"id":"`+q.ID+`","answer":null}`)
	conn.CloseNow()
	openAt(t, h, "?module=macro&account=2&site=1") // another one
	select {
	case err := <-done:
		t.Fatalf("SetSession returned before the page was open: %v", err)
	default:
	}
	conn = openAt(t, h, "?module=macro&account=2&site=2")
	if err := <-done; err != nil {
		t.Errorf("got %v", err)
	}

	done = set(t.Context(), 1, 1)
	post(t, h, "answer", `{"id":"`+asked().ID+`","error":"not now"}`)
	if err := <-done; err == nil || err.Error() != "not now" {
		t.Errorf("an error of the page: got %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	done = set(ctx, 2, 1) // Older windows have these.
	post(t, h, "answer", `{"id":"`+asked().ID+`","answer":null}`)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}

	testapp.Write(t, dir, "forgego.yml", "context: 7\n")
	if err := h.SetSession(t.Context(), 1, 1); err == nil || !strings.Contains(err.Error(), "forgego.yml") {
		t.Errorf("with a fault in forgego.yml: got %v", err)
	}
}
