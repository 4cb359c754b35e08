package realtime

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"

	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/realtime"
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
	s, err := installation.New(testapp.Manifest(t), "http://127.0.0.1:4000", &installation.Changes{}).Session(manifest.DevContext{}, account, site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func channel(module, name string) Channel {
	return Channel{module, realtime.Channel{ChannelName: name}}
}

func TestChannel(t *testing.T) {
	s, _ := newService(t)
	of := func(input string) string {
		t.Helper()
		var in Channel
		if err := json.Unmarshal([]byte(input), &in); err != nil {
			t.Fatal(err)
		}
		id, err := s.channelID(session(t, "", ""), in)
		if err != nil {
			t.Fatal(err)
		}
		return id
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
	for _, in := range []Channel{channel("panel", ""), channel("none", "c")} {
		if id, err := s.channelID(session(t, "", ""), in); err == nil {
			t.Errorf("channelID(%+v) = %s, want an error", in, id)
		}
	}
}

func TestRealtimeOff(t *testing.T) {
	s, dir := newService(t)
	testapp.Write(t, dir, "forgego.yml", "realtime: off\n")
	if id, err := s.channelID(session(t, "", ""), channel("panel", "c")); !errors.Is(err, errNoRealtime) {
		t.Errorf("got %q, %v", id, err)
	}
	testapp.Write(t, dir, "forgego.yml", "realtime: on\n")
	if _, err := s.channelID(session(t, "", ""), channel("panel", "c")); err != nil {
		t.Error(err)
	}
}

// TestEvents checks that an event reaches a window that has subscribed as a message to it.
func TestEvents(t *testing.T) {
	s, _ := newService(t)
	w, _ := new(window.Windows).Open(t.Context(), window.Place{})
	s.Join(w)
	defer s.Leave(w)
	at, c := session(t, "", ""), channel("panel", "c")
	id, err := s.channelID(at, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.bus.Subscribe(subscription{Window: w, ID: 3}, id, c.Replay()); err != nil {
		t.Fatal(err)
	}
	out, err := s.Publish(t.Context(), at, PublishInput{c, json.RawMessage("7")})
	if got := w.Take(); err != nil || out.EventID == nil || len(got) != 1 || got[0].Type != "realtime" || got[0].Subscription != 3 || string(got[0].Payload) != "7" {
		t.Errorf("published %+v (%v), and the window got %+v", out, err, got)
	}
}
