package consent_test

import (
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/consent"
	"github.com/forgego/forgego/bridge/internal/stubhost"
)

func TestGet(t *testing.T) {
	const command = "getCookieConsentPreferences"
	for name, tt := range map[string]struct {
		host *stubhost.Host
		want *consent.Preferences
	}{
		"preferences":  {&stubhost.Host{Answers: map[string]string{command: `{"strictlyNecessary":true,"functional":true,"analytics":false,"marketing":false}`}}, &consent.Preferences{StrictlyNecessary: true, Functional: true}},
		"all":          {&stubhost.Host{Answers: map[string]string{command: `{"strictlyNecessary":true,"functional":true,"analytics":true,"marketing":true}`}}, &consent.Preferences{StrictlyNecessary: true, Functional: true, Analytics: true, Marketing: true}},
		"null":         {&stubhost.Host{Answers: map[string]string{command: `null`}}, nil},
		"nothing":      {&stubhost.Host{}, nil},
		"another form": {&stubhost.Host{Answers: map[string]string{command: `{"analytics":"yes"}`}}, nil},
		"a refusal":    {&stubhost.Host{Errors: map[string]error{command: &bridge.HostError{Message: "no such command"}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := consent.Get(tt.host.Context(t)); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if calls := tt.host.Calls(); !reflect.DeepEqual(calls, []string{command}) {
				t.Errorf("the host got %q", calls)
			}
		})
	}
}
