//go:build !js

package devhost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/forgego/forgego/devhost/internal/realtime"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/devhost/internal/window"
	events "github.com/forgego/forgego/internal/realtime"
)

const (
	// maxEvent is the largest size of an event, and maxQueue that of a window's queue, in bytes.
	maxEvent = 1 << 20
	maxQueue = 16 << 20
)

// dial opens a web socket of the host from an origin. If origin is empty, it sends none.
func dial(ctx context.Context, h *Host, origin string) (*websocket.Conn, *http.Response, error) {
	return dialAt(ctx, h, origin, "")
}

// dialAt opens a web socket as a page does whose address has a query.
func dialAt(ctx context.Context, h *Host, origin, query string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	return websocket.Dial(ctx, h.URL()+"_host/socket"+query, &websocket.DialOptions{HTTPHeader: header})
}

// read returns the next message. It skips heartbeats.
func read(ctx context.Context, conn *websocket.Conn) (m window.Message, err error) {
	for {
		_, text, err := conn.Read(ctx)
		if err == nil {
			m = window.Message{}
			err = json.Unmarshal(text, &m)
		}
		if err != nil || m.Type != "beat" {
			return m, err
		}
	}
}

// readFirst reads the messages that each window gets first, and returns the window's name.
func readFirst(t *testing.T, conn *websocket.Conn) (name string) {
	t.Helper()
	for _, want := range []string{"window", "versions", "faults"} {
		m, err := read(t.Context(), conn)
		if err != nil {
			t.Fatal(err)
		}
		if m.Type != want {
			t.Fatalf("got %+v, want a message of the type %q", m, want)
		}
		if want == "window" {
			name = m.Window
		}
	}
	if name == "" {
		t.Fatal("the window has no name")
	}
	return name
}

// openSocket opens the socket of a window. It returns a function that reads the next message, and the window's name.
func openSocket(t *testing.T, h *Host) (next func() window.Message, name string) {
	t.Helper()
	conn, _, err := dial(t.Context(), h, h.product.Origin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	conn.SetReadLimit(2 * maxEvent)
	name = readFirst(t, conn)
	return func() window.Message {
		t.Helper()
		m, err := read(t.Context(), conn)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}, name
}

func TestSocketOrigin(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	for name, origin := range map[string]string{
		"no origin":                        "",
		"the app's own page":               h.app.Origin,
		"another website":                  "https://evil.example",
		"the same address by another name": "http://" + h.product.Hosts[1],
		"a sandboxed page":                 "null",
	} {
		t.Run(name, func(t *testing.T) {
			conn, response, err := dial(t.Context(), h, origin)
			if err == nil {
				conn.CloseNow()
				t.Fatal("the host accepted the socket")
			}
			if response == nil || response.StatusCode != http.StatusForbidden {
				t.Errorf("got %v, %v", response, err)
			}
		})
	}
	if r, text := testapp.Ask(t, "GET", h.URL()+"_host/socket", "", "Origin", h.product.Origin); r.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a request without an upgrade gets %s: %s", r.Status, text)
	}
}

// TestSocketRefusesMessages checks that a message from the page ends the connection.
func TestSocketRefusesMessages(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	conn, _, err := dial(t.Context(), h, h.product.Origin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	readFirst(t, conn)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t.Context(), conn); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("the connection ends with %v, want a policy violation", err)
	}
}

// TestSlowSocket checks that a window that does not read is disconnected, and that other windows get their events.
func TestSlowSocket(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	next, name := openSocket(t, h)
	slow, _, err := dial(t.Context(), h, h.product.Origin)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.CloseNow()
	_, text, err := slow.Read(t.Context())
	var first window.Message
	if err := errors.Join(err, json.Unmarshal(text, &first)); err != nil {
		t.Fatal(err)
	}
	for _, subscriber := range []string{name, first.Window} {
		if got := askHost(t, h, "subscribe", `{"window":"`+subscriber+`","subscription":1,"moduleKey":"panel","channelName":"c"}`); got != "{}" {
			t.Fatalf("subscribe returns %s, want {}", got)
		}
	}
	channel := realtime.Channel{ModuleKey: "panel", Channel: events.Channel{ChannelName: "c"}}
	large := json.RawMessage(`"` + strings.Repeat("x", maxEvent-2) + `"`)
	for i := 0; h.windows.Get(first.Window) != nil; i++ {
		// The system buffers some megabytes.
		if i == 4*maxQueue/maxEvent {
			t.Fatal("the slow window is still connected")
		}
		if _, err := h.current.Load().realtime.Publish(t.Context(), session(t, h, ""), realtime.PublishInput{Channel: channel, EventPayload: large}); err != nil {
			t.Fatal(err)
		}
		if m := next(); len(m.Payload) != maxEvent {
			t.Fatalf("the other window gets %d bytes", len(m.Payload))
		}
	}
}

// TestSocketEndsWithHost checks that Serve returns although a socket is open, and that the socket is closed.
func TestSocketEndsWithHost(t *testing.T) {
	h, err := newHost(testapp.Manifest(t), settings{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx) }()
	conn, _, err := dial(t.Context(), h, h.product.Origin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	readFirst(t, conn)
	stop()
	if _, err := read(t.Context(), conn); err == nil {
		t.Error("the socket is still open")
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestRealtimeOverSocket(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	want := func(name, body, answer string) {
		t.Helper()
		if got := askHost(t, h, name, body); got != answer {
			t.Errorf("%s %s returns %s, want %s", name, body, got, answer)
		}
	}
	next, name := openSocket(t, h)
	const noSubscriber = `{"eventId":null,"eventTimestamp":null}`
	want("publish", `{"moduleKey":"panel","channelName":"c","eventPayload":"early"}`, noSubscriber)
	want("subscribe", `{"window":"`+name+`","subscription":1,"moduleKey":"panel","channelName":"c","options":{"replaySeconds":1e300}}`, `{}`)
	want("subscribe", `{"window":"`+name+`","subscription":2,"moduleKey":"panel","channelName":"c"}`, `{}`)
	if m := next(); m.Type != "realtime" || m.Subscription != 1 || string(m.Payload) != `"early"` {
		t.Errorf("the replay is %+v", m)
	}
	if answer := askHost(t, h, "publish", `{"moduleKey":"panel","channelName":"c","eventPayload":{"a":1}}`); strings.Contains(answer, "null") {
		t.Errorf("publish returns %s, want an id and a time", answer)
	}
	got := map[int]string{}
	for range 2 {
		m := next()
		got[m.Subscription] = string(m.Payload)
	}
	if got[1] != `{"a":1}` || got[2] != `{"a":1}` {
		t.Errorf("the subscriptions got %v", got)
	}
	for _, id := range []string{"1", "2"} {
		want("unsubscribe", `{"window":"`+name+`","subscription":`+id+`}`, `{}`)
	}
	want("publish", `{"moduleKey":"panel","channelName":"c","eventPayload":1}`, noSubscriber)
	want("subscribe", `{"window":"x","subscription":1,"moduleKey":"panel","channelName":"c"}`, `{"error":{"message":"the page's connection to the host is closed","code":"INTERNAL"}}`)
	want("publish", `{"moduleKey":"none","channelName":"c"}`, `{"error":{"message":"`+unknownModule(t, h)+`","code":"UNKNOWN_MODULE"}}`)
	for _, name := range []string{"subscribe", "unsubscribe", "publish"} {
		r, _ := testapp.Ask(t, "POST", h.URL()+"_host/realtime/"+name, "{}", "Content-Type", "application/json", "Origin", strings.TrimSuffix(h.AppURL(), "/"))
		if r.StatusCode != http.StatusForbidden {
			t.Errorf("%s from the app's own page: got status %d, want 403", name, r.StatusCode)
		}
	}
}

// TestRealtimeOfSites checks that an event reaches all users of its site, and nobody else.
func TestRealtimeOfSites(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	for _, kind := range []string{``, `,"isGlobal":true`, `,"options":{"contextOverrides":["issue"]}`} {
		channel := `"moduleKey":"panel","channelName":"c"` + kind
		_, name := openSocket(t, h)
		if answer := askHost(t, h, "subscribe?account=2", `{"window":"`+name+`","subscription":1,`+channel+`}`); answer != `{}` {
			t.Fatal(answer)
		}
		for query, heard := range map[string]bool{"": true, "?account=3": true, "?site=2": false, "?account=2&site=2": false} {
			if answer := askHost(t, h, "publish"+query, `{`+channel+`,"eventPayload":1}`); strings.Contains(answer, "null") == heard {
				t.Errorf("%s %q: publish returns %s; want the user to hear it: %v", kind, query, answer, heard)
			}
		}
	}
}

// askHost makes a request about realtime as the product's page does, and returns the answer.
func askHost(t *testing.T, h *Host, name, body string) string {
	t.Helper()
	_, text := testapp.Ask(t, "POST", h.URL()+"_host/realtime/"+name, body, "Content-Type", "application/json", "Origin", h.product.Origin)
	return strings.TrimSpace(text)
}

// unknownModule returns the error text for the module "none" as JSON, without the quotes.
func unknownModule(t *testing.T, h *Host) string {
	t.Helper()
	_, err := h.current.Load().installed.Module("none")
	text, _ := json.Marshal(fmt.Sprint(err))
	return strings.Trim(string(text), `"`)
}

// TestWindowsShowFaults checks that each change of the faults reaches all windows, whoever makes it.
func TestWindowsShowFaults(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	first, _ := openSocket(t, h)
	second, _ := openSocket(t, h)
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"a program sets it", func() { _ = h.Faults().FailNext(2) }, `{"failNext":2,"delayMs":0,"mints":0,"failures":0,"revocations":0,"revision":1}`},
		{"a request fails", func() { post(t, h, "token", `{"moduleKey":"panel","remoteKey":"tasks-api"}`) }, `{"failNext":1,"delayMs":0,"mints":0,"failures":1,"revocations":0,"revision":2}`},
		{"a page sets it", func() { post(t, h, "faults", `{"failNext":0}`) }, `{"failNext":0,"delayMs":0,"mints":0,"failures":1,"revocations":0,"revision":3}`},
		{"a token is issued", func() { mint(t, h, "panel") }, `{"failNext":0,"delayMs":0,"mints":1,"failures":1,"revocations":0,"revision":4}`},
		{"a page revokes", func() { post(t, h, "faults", `{"revoke":true}`) }, `{"failNext":0,"delayMs":0,"mints":1,"failures":1,"revocations":1,"revision":5}`},
	} {
		step.do()
		for i, next := range []func() window.Message{first, second} {
			if m := next(); m.Type != "faults" || string(m.Payload) != step.want {
				t.Errorf("%s: window %d got %s %s, want %s", step.name, i+1, m.Type, m.Payload, step.want)
			}
		}
	}
}
