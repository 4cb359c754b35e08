package devhost

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestChannel(t *testing.T) {
	h := &Host{manifest: testManifest(t), identity: newIdentity(testAppID), product: &site{origin: "http://127.0.0.1:4000"}}
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
	writeFile(t, h.manifest.Dir, "forgego.yml", "realtime: on\n")
	if _, err := h.channel(channelInput{ModuleKey: "panel", ChannelName: "c"}); err != nil {
		t.Error(err)
	}
}

func TestRealtimeReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r realtime
		text := func(replay time.Duration) string {
			name, l := r.add()
			defer r.remove(name)
			if err := r.subscribe(name, 1, "c", replay); err != nil {
				t.Fatal(err)
			}
			lines, ok := r.take(l)
			if !ok || lines[0].Listener != name {
				t.Fatalf("it begins with %+v", lines)
			}
			all := ""
			for _, line := range lines[1:] {
				all += string(line.Payload)
			}
			return all
		}
		for i := range 3 {
			if reached := r.publish("c", json.RawMessage(fmt.Sprint(i)), time.Now()); reached != 0 {
				t.Errorf("%d subscriptions were there", reached)
			}
			r.publish("d", json.RawMessage("9"), time.Now())
			time.Sleep(time.Minute)
		}
		for replay, want := range map[time.Duration]string{-1: "", time.Minute: "2", 2 * time.Minute: "12", replayTime: "012"} {
			if got := text(replay); got != want {
				t.Errorf("%s before are %q, want %q", replay, got, want)
			}
		}
		time.Sleep(replayTime)
		r.publish("c", json.RawMessage("3"), time.Now())
		if got := text(time.Hour); got != "3" || len(r.past) != 1 {
			t.Errorf("%q of %d are kept", got, len(r.past))
		}
		for range 2 * replayEvents {
			r.publish("c", json.RawMessage("4"), time.Now())
		}
		if len(r.past) != replayEvents {
			t.Errorf("%d are kept", len(r.past))
		}
	})
}

func TestRealtimeSlowListener(t *testing.T) {
	var r realtime
	name, l := r.add()
	if err := r.subscribe(name, 1, "c", -1); err != nil {
		t.Fatal(err)
	}
	for range maxQueue + 1 {
		r.publish("c", json.RawMessage("1"), time.Now())
	}
	if lines, ok := r.take(l); ok || len(lines) != 0 {
		t.Errorf("it gets %d lines, %v", len(lines), ok)
	}
}

func TestRealtimeOverHTTP(t *testing.T) {
	h := startHost(t, testManifest(t), Options{})
	post := func(name, body string) (status int, answer string) {
		t.Helper()
		r, text := ask(t, "POST", h.URL()+"_host/realtime/"+name, body, "Content-Type", "application/json", "Origin", strings.TrimSuffix(h.URL(), "/"))
		return r.StatusCode, strings.TrimSpace(text)
	}
	want := func(name, body, answer string) {
		t.Helper()
		if _, got := post(name, body); got != answer {
			t.Errorf("%s %s answers %s, want %s", name, body, got, answer)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", h.URL()+"_host/realtime/listen", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", strings.TrimSuffix(h.URL(), "/"))
	stream, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	next := func() (line realtimeLine) {
		t.Helper()
		if !lines.Scan() {
			t.Fatalf("the stream ended: %v", lines.Err())
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		return line
	}
	listener := next().Listener
	const nobody = `{"eventId":null,"eventTimestamp":null}`
	want("publish", `{"moduleKey":"panel","channelName":"c","eventPayload":"early"}`, nobody)
	want("subscribe", `{"listener":"`+listener+`","subscription":1,"moduleKey":"panel","channelName":"c","options":{"replaySeconds":1e300}}`, `{}`)
	want("subscribe", `{"listener":"`+listener+`","subscription":2,"moduleKey":"panel","channelName":"c"}`, `{}`)
	if line := next(); line.Subscription != 1 || string(line.Payload) != `"early"` {
		t.Errorf("the replay is %+v", line)
	}
	_, answer := post("publish", `{"moduleKey":"panel","channelName":"c","eventPayload":{"a":1}}`)
	if strings.Contains(answer, "null") {
		t.Errorf("publish answers %s", answer)
	}
	got := map[int]string{}
	for range 2 {
		line := next()
		got[line.Subscription] = string(line.Payload)
	}
	if got[1] != `{"a":1}` || got[2] != `{"a":1}` {
		t.Errorf("the subscriptions got %v", got)
	}
	for _, id := range []string{"1", "2"} {
		want("unsubscribe", `{"listener":"`+listener+`","subscription":`+id+`}`, `{}`)
	}
	want("publish", `{"moduleKey":"panel","channelName":"c","eventPayload":1}`, nobody)
	want("subscribe", `{"listener":"x","subscription":1,"moduleKey":"panel","channelName":"c"}`, `{"error":{"message":"the page's connection for realtime events is gone","code":"INTERNAL"}}`)
	want("publish", `{"moduleKey":"none","channelName":"c"}`, `{"error":{"message":"`+h.unknownModule(t)+`","code":"UNKNOWN_MODULE"}}`)
	for _, name := range []string{"listen", "subscribe", "unsubscribe", "publish"} {
		r, _ := ask(t, "POST", h.URL()+"_host/realtime/"+name, "{}", "Content-Type", "application/json", "Origin", strings.TrimSuffix(h.AppURL(), "/"))
		if r.StatusCode != http.StatusForbidden {
			t.Errorf("the app's own page gets %d of %s", r.StatusCode, name)
		}
	}
}

// unknownModule is the text about the module "none", as JSON has it.
func (h *Host) unknownModule(t *testing.T) string {
	_, err := h.module("none")
	text, _ := json.Marshal(fmt.Sprint(err))
	t.Helper()
	return strings.Trim(string(text), `"`)
}
