package realtime

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/manifest"
)

// newService returns the service of an app, and the app's folder.
func newService(t *testing.T) (*Service, string) {
	t.Helper()
	m := testapp.Manifest(t)
	return New(m.Dir, &window.Windows{}), m.Dir
}

// session returns the session of an account and a site. Empty numbers are the first's.
func session(t *testing.T, account, site string) *installation.Session {
	t.Helper()
	s, err := installation.New(testapp.Manifest(t), "http://127.0.0.1:4000").Session(manifest.DevContext{}, account, site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestChannel(t *testing.T) {
	s, _ := newService(t)
	of := func(input string) string {
		t.Helper()
		var in Channel
		if err := json.Unmarshal([]byte(input), &in); err != nil {
			t.Fatal(err)
		}
		channel, err := s.channelID(session(t, "", ""), in)
		if err != nil {
			t.Fatal(err)
		}
		return channel
	}
	token := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".sig"
	}
	const panel, macro = `{"moduleKey":"panel","channelName":"c"`, `{"moduleKey":"macro","channelName":"c"`
	tests := map[string]struct {
		a, b string
		same bool
	}{
		"the same place":                {panel + `}`, panel + `,"options":{}}`, true},
		"another name":                  {panel + `}`, `{"moduleKey":"panel","channelName":"d"}`, false},
		"another module":                {panel + `}`, macro + `}`, false},
		"global from another module":    {panel + `,"isGlobal":true}`, macro + `,"isGlobal":true}`, true},
		"global and not":                {panel + `,"isGlobal":true}`, panel + `}`, false},
		"no overrides are global":       {panel + `,"isGlobal":true}`, macro + `,"options":{"contextOverrides":[]}}`, true},
		"null like no override":         {panel + `}`, panel + `,"options":{"contextOverrides":null}}`, true},
		"overrides in another order":    {panel + `,"options":{"contextOverrides":["issue","project"]}}`, panel + `,"options":{"contextOverrides":["project","issue"]}}`, true},
		"more overrides":                {panel + `,"options":{"contextOverrides":["issue","project"]}}`, panel + `,"options":{"contextOverrides":["project"]}}`, false},
		"overrides of other places":     {panel + `,"options":{"contextOverrides":["space"]}}`, macro + `,"options":{"contextOverrides":["space"]}}`, false},
		"with and without a token":      {panel + `}`, panel + `,"options":{"token":"t"}}`, false},
		"another token":                 {panel + `,"options":{"token":"u"}}`, panel + `,"options":{"token":"t"}}`, false},
		"a token of the same claims":    {panel + `,"options":{"token":"` + token(`{"a":1,"b":2,"exp":1,"jti":"x"}`) + `"}}`, panel + `,"options":{"token":"` + token(`{"b":2,"a":1,"exp":2,"iat":3,"nbf":4}`) + `"}}`, true},
		"a token of other claims":       {panel + `,"options":{"token":"` + token(`{"a":1}`) + `"}}`, panel + `,"options":{"token":"` + token(`{"a":2}`) + `"}}`, false},
		"a text with the form of a JWT": {panel + `,"options":{"token":"a.b.c"}}`, panel + `,"options":{"token":"a.b.d"}}`, false},
		"a token whose claims are null": {panel + `,"options":{"token":"` + token(`null`) + `"}}`, panel + `}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if a, b := of(tt.a), of(tt.b); (a == b) != tt.same {
				t.Errorf("%s has the id %s\n%s has the id %s\nwant equal ids: %v", tt.a, a, tt.b, b, tt.same)
			}
		})
	}
	for _, in := range []Channel{{ModuleKey: "panel"}, {ModuleKey: "none", ChannelName: "c"}} {
		if channel, err := s.channelID(session(t, "", ""), in); err == nil {
			t.Errorf("channelID(%+v) = %s, want an error", in, channel)
		}
	}
}

func TestRealtimeOff(t *testing.T) {
	s, dir := newService(t)
	testapp.Write(t, dir, "forgego.yml", "realtime: off\n")
	if channel, err := s.channelID(session(t, "", ""), Channel{ModuleKey: "panel", ChannelName: "c"}); !errors.Is(err, errNoRealtime) {
		t.Errorf("got %q, %v", channel, err)
	}
	testapp.Write(t, dir, "forgego.yml", "realtime: on\n")
	if _, err := s.channelID(session(t, "", ""), Channel{ModuleKey: "panel", ChannelName: "c"}); err != nil {
		t.Error(err)
	}
}

// joined returns a window that has joined. It leaves when the test ends.
func joined(t *testing.T, r *bus) *window.Window {
	t.Helper()
	w, _ := new(window.Windows).Open(t.Context(), window.Place{})
	r.join(w)
	t.Cleanup(func() { r.leave(w) })
	return w
}

// payloads returns the payloads in a window's queue as one text.
func payloads(w *window.Window) (all string) {
	for _, m := range w.Take() {
		all += string(m.Payload)
	}
	return all
}

func TestRealtimeReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r bus
		text := func(replay time.Duration) string {
			w := joined(t, &r)
			if err := r.subscribe(subscription{w, 1}, "c", replay); err != nil {
				t.Fatal(err)
			}
			defer r.leave(w)
			return payloads(w)
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
		if events, bytes := keptBy(&r); events != replayEvents || bytes != replayEvents {
			t.Errorf("%d events of %d bytes are stored", events, bytes)
		}
	})
}

// TestRealtimeStorageLimits checks that the stored events are limited in bytes and in time, even if no more events are
// published.
func TestRealtimeStorageLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r bus
		first := json.RawMessage(strings.Repeat("1", maxEvent))
		dropped := weak.Make(&first[0])
		r.publish("c", first)
		large := json.RawMessage(strings.Repeat("1", maxEvent))
		for range replayBytes / maxEvent {
			r.publish("c", large)
		}
		if events, bytes := keptBy(&r); bytes != replayBytes || bytes != events*maxEvent {
			t.Errorf("%d events of %d bytes are stored, want at most %d bytes", events, bytes, replayBytes)
		}
		if runtime.GC(); dropped.Value() != nil {
			t.Error("a dropped event is still in memory")
		}
		time.Sleep(replayTime + time.Second)
		if events, bytes := keptBy(&r); events != 0 || bytes != 0 {
			t.Errorf("%d events of %d bytes are stored after replayTime", events, bytes)
		}
	})
}

// keptBy returns the number of stored events and their size in bytes.
func keptBy(r *bus) (events, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.past), r.kept
}

// TestRealtimeLeave checks that channels and subscriptions are removed with their windows.
func TestRealtimeLeave(t *testing.T) {
	var r bus
	w, other := joined(t, &r), joined(t, &r)
	for id := range maxSubscriptions {
		if err := r.subscribe(subscription{w, id}, fmt.Sprint("channel ", id), -1); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.subscribe(subscription{w, maxSubscriptions}, "c", -1); !errors.Is(err, errManySubscriptions) {
		t.Errorf("one more subscription returns %v", err)
	}
	r.unsubscribe(subscription{w, 7})
	if r.channels["channel 7"] != nil {
		t.Error("the channel still exists after its last subscription has ended")
	}
	if err := r.subscribe(subscription{other, 1}, "channel 8", -1); err != nil {
		t.Fatal(err)
	}
	r.leave(w)
	if len(r.channels) != 1 || len(r.windows) != 1 || r.publish("channel 8", nil) != 1 {
		t.Errorf("%d channels and %d windows are left, want 1 and 1", len(r.channels), len(r.windows))
	}
	if err := r.subscribe(subscription{w, 1}, "c", -1); !errors.Is(err, errNoWindow) {
		t.Errorf("a window that has left gets the error %v", err)
	}
	r.unsubscribe(subscription{nil, 1})
}

func TestRealtimeEventTooLarge(t *testing.T) {
	s, _ := newService(t)
	in := PublishInput{Channel{ModuleKey: "panel", ChannelName: "c"}, json.RawMessage(strings.Repeat("1", maxEvent+1))}
	_, err := s.Publish(t.Context(), session(t, "", ""), in)
	if known := (*apierror.Error)(nil); !errors.As(err, &known) || known.Code != "EVENT_TOO_LARGE" {
		t.Errorf("got %v, want an error with the code EVENT_TOO_LARGE", err)
	}
	in.EventPayload = in.EventPayload[1:]
	if _, err := s.Publish(t.Context(), session(t, "", ""), in); err != nil || len(s.bus.past) != 1 {
		t.Errorf("an event of the largest size returns %v, and %d are stored", err, len(s.bus.past))
	}
}
