package bridge_test

import (
	"context"
	"io"
	"reflect"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

// dispatch makes the browser report that it is offline or online.
func dispatch(event string) {
	js.Global().Call("dispatchEvent", js.Global().Get("Event").New(event))
}

// silentBody is a body on which nothing arrives. It ends with its context.
type silentBody struct{ ctx context.Context }

func (b silentBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, context.Cause(b.ctx)
}

func (silentBody) Close() error { return nil }

// When the browser goes offline, the app learns it at once, and when it is online again, the stream is opened at once.
func TestPageOfflineAndOnline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	open := func(ctx context.Context, _ bridge.Request) (*bridge.Response, error) {
		return &bridge.Response{Status: 200, Header: bridge.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(silentBody{ctx})}, nil
	}
	var phases []string
	for range bridge.ServerSentEvents(ctx, open, bridge.Request{Path: "/"}, bridge.WithStates(func(s bridge.ServerSentState) {
		phases = append(phases, s.Phase.String())
		switch {
		case s.Phase == bridge.ServerSentWaiting:
			go dispatch("online")
		case s.Phase == bridge.ServerSentOpen && len(phases) < 4:
			time.AfterFunc(time.Millisecond, func() { dispatch("offline") })
		case s.Phase == bridge.ServerSentOpen:
			cancel()
		}
	})) {
	}
	if want := []string{"connecting", "open", "waiting", "connecting", "open", "closed"}; !reflect.DeepEqual(phases, want) {
		t.Errorf("got %q, want %q", phases, want)
	}
}

// The browser knows whether it is offline, so the message about a failed request says that.
func TestPageOfflineMessage(t *testing.T) {
	err := &bridge.Error{Op: "requestRemote", Remote: "tasks-api", Err: bridge.ErrNetwork}
	if got := bridge.Message(err); got != "The app’s server could not be reached. Try again." {
		t.Errorf("online: %q", got)
	}
	js.Global().Call("eval", `Object.defineProperty(navigator, "onLine", { value: false, configurable: true })`)
	defer js.Global().Call("eval", `delete navigator.onLine`)
	if got := bridge.Message(err); got != "You are offline. Try again when you are online." {
		t.Errorf("offline: %q", got)
	}
}
