package consent_test

import (
	"errors"
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
		want consent.Preferences
		kind error
	}{
		"preferences":  {&stubhost.Host{Answers: map[string]string{command: `{"strictlyNecessary":true,"functional":true,"analytics":false,"marketing":false}`}}, consent.Preferences{StrictlyNecessary: true, Functional: true}, nil},
		"all":          {&stubhost.Host{Answers: map[string]string{command: `{"strictlyNecessary":true,"functional":true,"analytics":true,"marketing":true}`}}, consent.Preferences{StrictlyNecessary: true, Functional: true, Analytics: true, Marketing: true}, nil},
		"null":         {&stubhost.Host{Answers: map[string]string{command: `null`}}, consent.Preferences{}, consent.ErrUnknown},
		"nothing":      {&stubhost.Host{}, consent.Preferences{}, consent.ErrUnknown},
		"another form": {&stubhost.Host{Answers: map[string]string{command: `{"functional":true,"analytics":"yes"}`}}, consent.Preferences{}, bridge.ErrInvalidResponse},
		"a refusal":    {&stubhost.Host{Errors: map[string]error{command: &bridge.HostError{Message: "no such command"}}}, consent.Preferences{}, bridge.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := consent.Get(tt.host.Context(t))
			if got != tt.want || !errors.Is(err, tt.kind) || (err == nil) != (tt.kind == nil) {
				t.Errorf("got %+v, %v, want %+v, %v", got, err, tt.want, tt.kind)
			}
			if calls := tt.host.Calls(); !reflect.DeepEqual(calls, []string{command}) {
				t.Errorf("the host got %q", calls)
			}
		})
	}
}
