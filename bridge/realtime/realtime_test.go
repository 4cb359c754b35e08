package realtime_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/realtime"
)

type publish func(context.Context, string, any, ...realtime.Option) (realtime.PublishResult, error)

func TestPublish(t *testing.T) {
	for name, tt := range map[string]struct {
		publish publish
		payload any
		options []realtime.Option
		want    string
	}{
		"text":            {realtime.Publish, "hi", nil, `{"channelName":"tasks","eventPayload":"hi"}`},
		"an object":       {realtime.Publish, map[string]int{"a": 1}, nil, `{"channelName":"tasks","eventPayload":{"a":1}}`},
		"nothing":         {realtime.Publish, nil, nil, `{"channelName":"tasks"}`},
		"an empty option": {realtime.Publish, "", []realtime.Option{realtime.WithToken("")}, `{"channelName":"tasks","eventPayload":"","options":{}}`},
		"a token":         {realtime.Publish, "", []realtime.Option{nil, realtime.WithToken("t")}, `{"channelName":"tasks","eventPayload":"","options":{"token":"t"}}`},
		"no overrides":    {realtime.Publish, "", []realtime.Option{realtime.WithContextOverrides()}, `{"channelName":"tasks","eventPayload":"","options":{"contextOverrides":[]}}`},
		"all overrides": {realtime.Publish, "", []realtime.Option{realtime.WithContextOverrides(
			realtime.JiraBoard, realtime.JiraIssue, realtime.JiraProject, realtime.ConfluenceContent, realtime.ConfluenceSpace, realtime.BitbucketRepository, realtime.BitbucketPullRequest,
		)}, `{"channelName":"tasks","eventPayload":"","options":{"contextOverrides":["board","issue","project","content","space","repository","pullRequest"]}}`},
		"global": {realtime.PublishGlobal, "hi", []realtime.Option{nil, realtime.WithToken("t")}, `{"channelName":"tasks","eventPayload":"hi","options":{"token":"t"},"isGlobal":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{"publishRealtimeChannel": `{"eventId":"7","eventTimestamp":"1700000000123"}`}}
			got, err := tt.publish(host.Context(t), "tasks", tt.payload, tt.options...)
			if want := (realtime.PublishResult{EventID: "7", EventTimestamp: "1700000000123"}); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
			if calls, want := host.Calls(), []string{"publishRealtimeChannel " + tt.want}; !reflect.DeepEqual(calls, want) {
				t.Errorf("the host got\n%q, want\n%q", calls, want)
			}
		})
	}
}

func TestPublishResult(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		want   realtime.PublishResult
		time   time.Time
		kind   error
	}{
		"no subscribers":       {`{"eventId":null,"eventTimestamp":null}`, realtime.PublishResult{}, time.Time{}, nil},
		"an empty answer":      {`{}`, realtime.PublishResult{}, time.Time{}, nil},
		"a time":               {`{"eventId":"a","eventTimestamp":"1000"}`, realtime.PublishResult{EventID: "a", EventTimestamp: "1000"}, time.UnixMilli(1000), nil},
		"a time of other form": {`{"eventTimestamp":"2026-01-01T00:00:00Z"}`, realtime.PublishResult{EventTimestamp: "2026-01-01T00:00:00Z"}, time.Time{}, nil},
		"errors":               {`{"errors":["no",{"message":"never"}]}`, realtime.PublishResult{Errors: []string{"no", `{"message":"never"}`}}, time.Time{}, bridge.ErrRejected},
		"an error":             {`{"errors":["no"]}`, realtime.PublishResult{Errors: []string{"no"}}, time.Time{}, bridge.ErrRejected},
		"another form":         {`[]`, realtime.PublishResult{}, time.Time{}, bridge.ErrInvalidResponse},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{"publishRealtimeChannel": tt.answer}}
			got, err := realtime.Publish(host.Context(t), "tasks", "")
			if !reflect.DeepEqual(got, tt.want) || !errors.Is(err, tt.kind) || (err == nil) != (tt.kind == nil) {
				t.Errorf("got %+v, %v, want %+v, %v", got, err, tt.want, tt.kind)
			}
			if !got.Time().Equal(tt.time) {
				t.Errorf("its time is %v, want %v", got.Time(), tt.time)
			}
		})
	}
	host := &stubhost.Host{Answers: map[string]string{"publishRealtimeChannel": `{"errors":["no","never"]}`}}
	if _, err := realtime.PublishGlobal(host.Context(t), "tasks", ""); err == nil || err.Error() != "bridge: realtime.publishGlobal: no; never" {
		t.Errorf("got %v", err)
	}
	if _, err := realtime.Publish(host.Context(t), "tasks", make(chan int)); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("a channel returns %v", err)
	}
}

func TestSubscribe(t *testing.T) {
	type subscribe func(context.Context, string, func(context.Context, string, error) error, ...realtime.Option) (func(), error)
	for name, tt := range map[string]struct {
		subscribe subscribe
		options   []realtime.Option
		want      string
	}{
		"no options": {realtime.Subscribe[string], nil, `{"channelName":"tasks"}`},
		"all options": {realtime.Subscribe[string], []realtime.Option{realtime.WithReplay(1500 * time.Millisecond), realtime.WithToken("t"), realtime.WithContextOverrides(realtime.JiraIssue)},
			`{"channelName":"tasks","options":{"replaySeconds":1.5,"token":"t","contextOverrides":["issue"]}}`},
		"global": {realtime.SubscribeGlobal[string], []realtime.Option{realtime.WithReplay(time.Minute)}, `{"channelName":"tasks","options":{"replaySeconds":60},"isGlobal":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			var got []string
			stop, err := tt.subscribe(host.Context(t), "tasks", func(_ context.Context, payload string, err error) error {
				switch {
				case errors.Is(err, bridge.ErrRejected):
					payload += "rejected: " + strings.TrimPrefix(err.Error(), "bridge: realtime.subscribe")
				case errors.Is(err, bridge.ErrInvalidResponse):
					payload += "invalid"
				case err != nil:
					payload += err.Error()
				}
				got = append(got, payload)
				return nil
			}, tt.options...)
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			if calls, want := host.Calls(), []string{"subscribeRealtimeChannel " + tt.want + " -> onEvent"}; !reflect.DeepEqual(calls, want) {
				t.Errorf("the host got\n%q, want\n%q", calls, want)
			}
			for _, arguments := range []string{`["a"]`, `["b",null]`, `[]`, `[1]`, `x`, `[null,{"message":"gone"}]`, `["c","gone"]`, `[null,{}]`, `["{\"d\":1}"]`} {
				host.Fire("onEvent", arguments)
			}
			op := ""
			if name == "global" {
				op = "Global"
			}
			want := []string{"a", "b", "", "invalid", "invalid", "rejected: " + op + ": gone", "rejected: " + op + ": gone",
				"rejected: " + op + ": the channel has an error without a message", `{"d":1}`}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the callback got\n%q, want\n%q", got, want)
			}
		})
	}
}

func TestSubscribeFails(t *testing.T) {
	host := &stubhost.Host{Errors: map[string]error{"subscribeRealtimeChannel": &bridge.HostError{Message: "no"}}}
	stop, err := realtime.Subscribe(host.Context(t), "tasks", func(context.Context, string, error) error { return nil })
	if stop != nil || !errors.Is(err, bridge.ErrRejected) || err.Error() != "bridge: realtime.subscribe: no" {
		t.Errorf("got %v", err)
	}
}

func TestInvalidOptions(t *testing.T) {
	host := &stubhost.Host{}
	ctx := host.Context(t)
	_, publishErr := realtime.Publish(ctx, "tasks", "hi", realtime.WithReplay(time.Second))
	_, subscribeErr := realtime.Subscribe(ctx, "tasks", func(context.Context, string, error) error { return nil }, realtime.WithReplay(-1))
	for _, err := range []error{publishErr, subscribeErr} {
		if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), "WithReplay") {
			t.Errorf("got %v", err)
		}
	}
	if len(host.Calls()) != 0 {
		t.Errorf("the host got %q", host.Calls())
	}
}
