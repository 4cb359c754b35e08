package devhost

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
)

func TestChannel(t *testing.T) {
	m := testapp.Manifest(t)
	h := &Host{manifest: m, installation: installation.New(m, "http://127.0.0.1:4000")}
	of := func(input string) string {
		t.Helper()
		var in channelInput
		if err := json.Unmarshal([]byte(input), &in); err != nil {
			t.Fatal(err)
		}
		channel, err := h.channel(in)
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
		"null is no override":           {panel + `}`, panel + `,"options":{"contextOverrides":null}}`, true},
		"overrides in another order":    {panel + `,"options":{"contextOverrides":["issue","project"]}}`, panel + `,"options":{"contextOverrides":["project","issue"]}}`, true},
		"more overrides":                {panel + `,"options":{"contextOverrides":["issue","project"]}}`, panel + `,"options":{"contextOverrides":["project"]}}`, false},
		"overrides of other places":     {panel + `,"options":{"contextOverrides":["space"]}}`, macro + `,"options":{"contextOverrides":["space"]}}`, false},
		"with and without a token":      {panel + `}`, panel + `,"options":{"token":"t"}}`, false},
		"another token":                 {panel + `,"options":{"token":"u"}}`, panel + `,"options":{"token":"t"}}`, false},
		"a token of the same claims":    {panel + `,"options":{"token":"` + token(`{"a":1,"b":2,"exp":1,"jti":"x"}`) + `"}}`, panel + `,"options":{"token":"` + token(`{"b":2,"a":1,"exp":2,"iat":3,"nbf":4}`) + `"}}`, true},
		"a token of other claims":       {panel + `,"options":{"token":"` + token(`{"a":1}`) + `"}}`, panel + `,"options":{"token":"` + token(`{"a":2}`) + `"}}`, false},
		"a token that is only like it":  {panel + `,"options":{"token":"a.b.c"}}`, panel + `,"options":{"token":"a.b.d"}}`, false},
		"a token whose claims are null": {panel + `,"options":{"token":"` + token(`null`) + `"}}`, panel + `}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if a, b := of(tt.a), of(tt.b); (a == b) != tt.same {
				t.Errorf("%s is %s\n%s is %s", tt.a, a, tt.b, b)
			}
		})
	}
	for _, in := range []channelInput{{ModuleKey: "panel"}, {ModuleKey: "none", ChannelName: "c"}} {
		if channel, err := h.channel(in); err == nil {
			t.Errorf("%+v gives %s", in, channel)
		}
	}
}

func TestRealtimeOff(t *testing.T) {
	h := dataHost(t, "realtime: off\n")
	if channel, err := h.channel(channelInput{ModuleKey: "panel", ChannelName: "c"}); !errors.Is(err, errNoRealtime) {
		t.Errorf("gave %q, %v", channel, err)
	}
	testapp.Write(t, h.manifest.Dir, "forgego.yml", "realtime: on\n")
	if _, err := h.channel(channelInput{ModuleKey: "panel", ChannelName: "c"}); err != nil {
		t.Error(err)
	}
}

// joined returns a window that has joined, and leaves when the test ends.
func joined(t *testing.T, r *realtime) *window {
	t.Helper()
	w, _ := new(windows).open(t.Context())
	r.join(w)
	t.Cleanup(func() { r.leave(w) })
	return w
}

// payloads returns what waits for a window, one text after the other.
func payloads(w *window) (all string) {
	for _, m := range w.take() {
		all += string(m.Payload)
	}
	return all
}

func TestRealtimeReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r realtime
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
				t.Errorf("%d subscriptions were there", reached)
			}
			r.publish("d", json.RawMessage("9"))
			time.Sleep(time.Minute)
		}
		for replay, want := range map[time.Duration]string{-1: "", time.Minute: "2", 2 * time.Minute: "12", replayTime: "012"} {
			if got := text(replay); got != want {
				t.Errorf("%s before are %q, want %q", replay, got, want)
			}
		}
		for range 2 * replayEvents {
			r.publish("c", json.RawMessage("4"))
		}
		if events, bytes := keptBy(&r); events != replayEvents || bytes != replayEvents {
			t.Errorf("%d events of %d bytes are kept", events, bytes)
		}
	})
}

// TestRealtimeKeepsFewBytes: what is kept for later subscribers is limited in bytes and in time, also when nobody
// publishes any more.
func TestRealtimeKeepsFewBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r realtime
		first := json.RawMessage(strings.Repeat("1", maxEvent))
		dropped := weak.Make(&first[0])
		r.publish("c", first)
		large := json.RawMessage(strings.Repeat("1", maxEvent))
		for range replayBytes / maxEvent {
			r.publish("c", large)
		}
		if events, bytes := keptBy(&r); bytes != replayBytes || bytes != events*maxEvent {
			t.Errorf("%d events of %d bytes are kept, and at most %d bytes may be", events, bytes, replayBytes)
		}
		if runtime.GC(); dropped.Value() != nil {
			t.Error("an event that was dropped is still in memory")
		}
		time.Sleep(replayTime + time.Second)
		if events, bytes := keptBy(&r); events != 0 || bytes != 0 {
			t.Errorf("%d events of %d bytes are kept for longer than anybody may ask for", events, bytes)
		}
	})
}

// keptBy returns how many events are kept for later subscribers, and their size in bytes.
func keptBy(r *realtime) (events, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.past), r.kept
}

// TestRealtimeLeavesNothing: channels and subscriptions are gone with their windows.
func TestRealtimeLeavesNothing(t *testing.T) {
	var r realtime
	w, other := joined(t, &r), joined(t, &r)
	for id := range maxSubscriptions {
		if err := r.subscribe(subscription{w, id}, fmt.Sprint("channel ", id), -1); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.subscribe(subscription{w, maxSubscriptions}, "c", -1); !errors.Is(err, errManySubscriptions) {
		t.Errorf("one more gives %v", err)
	}
	r.unsubscribe(subscription{w, 7})
	if r.channels["channel 7"] != nil {
		t.Error("the channel is still there after its last subscription")
	}
	if err := r.subscribe(subscription{other, 1}, "channel 8", -1); err != nil {
		t.Fatal(err)
	}
	r.leave(w)
	if len(r.channels) != 1 || len(r.windows) != 1 || r.publish("channel 8", nil) != 1 {
		t.Errorf("%d channels and %d windows are left", len(r.channels), len(r.windows))
	}
	if err := r.subscribe(subscription{w, 1}, "c", -1); !errors.Is(err, errNoWindow) {
		t.Errorf("a window that has left gets %v", err)
	}
	r.unsubscribe(subscription{nil, 1})
}

func TestRealtimeEventTooLarge(t *testing.T) {
	m := testapp.Manifest(t)
	h := &Host{manifest: m, installation: installation.New(m, "http://127.0.0.1:4000")}
	in := struct {
		channelInput
		EventPayload json.RawMessage `json:"eventPayload"`
	}{channelInput{ModuleKey: "panel", ChannelName: "c"}, json.RawMessage(strings.Repeat("1", maxEvent+1))}
	_, err := h.publish(t.Context(), in)
	if known := (*apierror.Error)(nil); !errors.As(err, &known) || known.Code != "EVENT_TOO_LARGE" {
		t.Errorf("it gives %v", err)
	}
	in.EventPayload = in.EventPayload[1:]
	if _, err := h.publish(t.Context(), in); err != nil || len(h.realtime.past) != 1 {
		t.Errorf("one of just the size gives %v, and %d are kept", err, len(h.realtime.past))
	}
}

// unknownModule is the text about the module "none", as JSON has it.
func (h *Host) unknownModule(t *testing.T) string {
	_, err := h.installation.Module("none")
	text, _ := json.Marshal(fmt.Sprint(err))
	t.Helper()
	return strings.Trim(string(text), `"`)
}
