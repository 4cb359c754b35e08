package rovo_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/rovo"
)

func TestOpen(t *testing.T) {
	thirty := strings.Repeat("🎉", 15) // in UTF-16
	for name, tt := range map[string]struct {
		agent rovo.Agent
		want  string
	}{
		"the default":              {rovo.DefaultAgent{}, `{}`},
		"with a prompt":            {rovo.DefaultAgent{Prompt: "Hi"}, `{"prompt":"Hi"}`},
		"Atlassian's":              {rovo.AtlassianAgent{Name: strings.Repeat("n", 31), Prompt: "Hi"}, `{"agentName":"` + strings.Repeat("n", 31) + `","prompt":"Hi"}`},
		"the app's":                {rovo.ForgeAgent{Name: "Planner", Key: "planner"}, `{"agentName":"Planner","agentKey":"planner"}`},
		"the app's with a prompt":  {rovo.ForgeAgent{Name: "", Key: "", Prompt: "Hi"}, `{"agentName":"","agentKey":"","prompt":"Hi"}`},
		"the longest":              {rovo.ForgeAgent{Name: thirty, Key: strings.Repeat("k", 30)}, `{"agentName":"` + thirty + `","agentKey":"` + strings.Repeat("k", 30) + `"}`},
		"a name that is too long":  {rovo.ForgeAgent{Name: thirty + "a", Key: "k"}, ""},
		"a key that is too long":   {rovo.ForgeAgent{Name: "n", Key: strings.Repeat("k", 31)}, ""},
		"no request":               {nil, ""},
		"an umlaut is 1 character": {rovo.ForgeAgent{Name: strings.Repeat("ü", 30), Key: "k"}, `{"agentName":"` + strings.Repeat("ü", 30) + `","agentKey":"k"}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			err := rovo.Open(host.Context(t), tt.agent)
			if tt.want == "" {
				if !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
					t.Errorf("got %v, and the host got %q", err, host.Calls())
				}
				return
			}
			if calls := host.Calls(); err != nil || !reflect.DeepEqual(calls, []string{"openRovo " + tt.want}) {
				t.Errorf("the host got %q, %v, want %s", calls, err, tt.want)
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	for name, tt := range map[string]struct {
		host *stubhost.Host
		want error
	}{
		"true":       {&stubhost.Host{Answers: map[string]string{"openRovo": "true"}}, nil},
		"null":       {&stubhost.Host{Answers: map[string]string{"openRovo": "null"}}, nil},
		"not opened": {&stubhost.Host{Answers: map[string]string{"openRovo": "false"}}, rovo.ErrUnsupported},
		"refused":    {&stubhost.Host{Errors: map[string]error{"openRovo": &bridge.HostError{Message: "because of Z"}}}, bridge.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			err := rovo.Open(tt.host.Context(t), rovo.DefaultAgent{})
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestIsEnabled(t *testing.T) {
	for answer, want := range map[string]error{"true": nil, "false": nil, "null": bridge.ErrInvalidResponse, `"yes"`: bridge.ErrInvalidResponse} {
		t.Run(answer, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{"isRovoEnabled": answer}}
			got, err := rovo.IsEnabled(host.Context(t))
			if got != (answer == "true") || !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
			if calls := host.Calls(); !reflect.DeepEqual(calls, []string{"isRovoEnabled"}) {
				t.Errorf("the host got %q", calls)
			}
		})
	}
}
