package realtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/forgego/forgego/internal/platform"
)

// testWindow keeps the payloads of its events.
type testWindow struct{ payloads string }

func (w *testWindow) take() string {
	all := w.payloads
	w.payloads = ""
	return all
}

type (
	testBus      struct{ *Bus[*testWindow] }
	subscription = Subscription[*testWindow]
)

func newTestBus() *testBus {
	return &testBus{NewBus(func(to subscription, payload json.RawMessage) { to.Window.payloads += string(payload) })}
}

// joined returns a window that has joined.
func (b *testBus) joined() *testWindow {
	w := new(testWindow)
	b.Join(w)
	return w
}

func TestRealtimeReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTestBus()
		text := func(replay time.Duration) string {
			w := r.joined()
			if err := r.Subscribe(subscription{w, 1}, "c", replay); err != nil {
				t.Fatal(err)
			}
			defer r.Leave(w)
			return w.take()
		}
		for i := range 3 {
			if reached := r.publish("c", json.RawMessage(fmt.Sprint(i))); reached != 0 {
				t.Errorf("%d subscriptions got the event, want 0", reached)
			}
			r.publish("d", json.RawMessage("9"))
			time.Sleep(time.Minute)
		}
		for replay, want := range map[time.Duration]string{-1: "", time.Minute: "2", 2 * time.Minute: "12", replayTime: "012"} {
			if got := text(replay); got != want {
				t.Errorf("a replay of %s is %q, want %q", replay, got, want)
			}
		}
		for range 2 * replayEvents {
			r.publish("c", json.RawMessage("4"))
		}
		if events, bytes := keptBy(r); events != replayEvents || bytes != replayEvents {
			t.Errorf("%d events of %d bytes are stored", events, bytes)
		}
	})
}

// TestRealtimeStorageLimits checks that the stored events are limited in bytes and in time, even if no more events are
// published.
func TestRealtimeStorageLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTestBus()
		first := json.RawMessage(strings.Repeat("1", maxEvent))
		dropped := weak.Make(&first[0])
		r.publish("c", first)
		large := json.RawMessage(strings.Repeat("1", maxEvent))
		for range replayBytes / maxEvent {
			r.publish("c", large)
		}
		if events, bytes := keptBy(r); bytes != replayBytes || bytes != events*maxEvent {
			t.Errorf("%d events of %d bytes are stored, want at most %d bytes", events, bytes, replayBytes)
		}
		if runtime.GC(); dropped.Value() != nil {
			t.Error("a dropped event is still in memory")
		}
		time.Sleep(replayTime + time.Second)
		if events, bytes := keptBy(r); events != 0 || bytes != 0 {
			t.Errorf("%d events of %d bytes are stored after replayTime", events, bytes)
		}
	})
}

// keptBy returns the number of stored events and their size in bytes.
func keptBy(r *testBus) (events, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.past), r.kept
}

// TestRealtimeLeave checks that channels and subscriptions are removed with their windows.
func TestRealtimeLeave(t *testing.T) {
	r := newTestBus()
	w, other := r.joined(), r.joined()
	for id := range maxSubscriptions {
		if err := r.Subscribe(subscription{w, id}, fmt.Sprint("channel ", id), -1); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Subscribe(subscription{w, maxSubscriptions}, "c", -1); !errors.Is(err, errManySubscriptions) {
		t.Errorf("one more subscription returns %v", err)
	}
	r.Unsubscribe(subscription{w, 7})
	if r.channels["channel 7"] != nil {
		t.Error("the channel still exists after its last subscription has ended")
	}
	if err := r.Subscribe(subscription{other, 1}, "channel 8", -1); err != nil {
		t.Fatal(err)
	}
	r.Leave(w)
	if len(r.channels) != 1 || len(r.windows) != 1 || r.publish("channel 8", nil) != 1 {
		t.Errorf("%d channels and %d windows are left, want 1 and 1", len(r.channels), len(r.windows))
	}
	if err := r.Subscribe(subscription{w, 1}, "c", -1); !errors.Is(err, errNoWindow) {
		t.Errorf("a window that has left gets the error %v", err)
	}
	r.Unsubscribe(subscription{nil, 1})
}

func TestEventTooLarge(t *testing.T) {
	r := newTestBus()
	_, err := r.Publish("c", json.RawMessage(strings.Repeat("1", maxEvent+1)))
	if known := (*platform.Error)(nil); !errors.As(err, &known) || known.Code != "EVENT_TOO_LARGE" {
		t.Errorf("got %v, want an error with the code EVENT_TOO_LARGE", err)
	}
	if _, err := r.Publish("c", json.RawMessage(strings.Repeat("1", maxEvent))); err != nil || len(r.past) != 1 {
		t.Errorf("an event of the largest size returns %v, and %d are stored", err, len(r.past))
	}
}

// TestClose checks that a closed bus keeps no events and no timer.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTestBus()
		r.publish("c", json.RawMessage("1"))
		r.Close()
		if events, bytes := keptBy(r); events != 0 || bytes != 0 || r.forget.Stop() {
			t.Errorf("a closed bus has %d events of %d bytes", events, bytes)
		}
	})
}
