package events_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/events"
	"github.com/forgego/forgego/bridge/internal/stubhost"
)

func TestEmit(t *testing.T) {
	for name, tt := range map[string]struct {
		payload any
		want    string
	}{
		"nothing":        {nil, `{"event":"saved"}`},
		"null":           {json.RawMessage("null"), `{"event":"saved","payload":null}`},
		"a nil pointer":  {(*int)(nil), `{"event":"saved","payload":null}`},
		"an object":      {map[string]any{"a": []int{1}}, `{"event":"saved","payload":{"a":[1]}}`},
		"a blob":         {events.Blob{Type: "Text/Plain", Data: []byte("abc")}, `{"event":"saved","payload":{"data":"data:text/plain;base64,YWJj","type":"text/plain","__isBlobData":true}}`},
		"without a type": {events.Blob{Data: []byte{0, 255, 16}}, `{"event":"saved","payload":{"data":"data:application/octet-stream;base64,AP8Q","type":"","__isBlobData":true}}`},
		"a type outside ASCII": {events.Blob{Type: "téxt/plain", Data: []byte("a")},
			`{"event":"saved","payload":{"data":"data:application/octet-stream;base64,YQ==","type":"","__isBlobData":true}}`},
		"a blob inside": {struct {
			Name  string         `json:"name"`
			Files []*events.Blob `json:"files"`
		}{"a", []*events.Blob{{Type: "a/b", Data: []byte("1")}, nil}},
			`{"event":"saved","payload":{"name":"a","files":[{"data":"data:a/b;base64,MQ==","type":"a/b","__isBlobData":true},null]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			ctx := host.Context(t)
			if err := errors.Join(events.Emit(ctx, "saved", tt.payload), events.EmitPublic(ctx, "saved", tt.payload)); err != nil {
				t.Fatal(err)
			}
			if got, want := host.Calls(), []string{"emit " + tt.want, "emitPublic " + tt.want}; !reflect.DeepEqual(got, want) {
				t.Errorf("the host got\n%q, want\n%q", got, want)
			}
		})
	}
}

func TestEmitFails(t *testing.T) {
	refusal := &bridge.HostError{Message: "because of Z"}
	host := &stubhost.Host{Errors: map[string]error{"emit": refusal}}
	ctx := host.Context(t)
	if err := events.Emit(ctx, "saved", nil); !errors.Is(err, bridge.ErrRejected) || err.Error() != "bridge: events.emit: because of Z" {
		t.Errorf("a refusal returns %v", err)
	}
	before := len(host.Calls())
	if err := events.EmitPublic(ctx, "saved", func() {}); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("a function returns %v", err)
	}
	if len(host.Calls()) != before {
		t.Error("it was sent")
	}
}

type on[T any] func(context.Context, string, func(context.Context, T, error) error) (func(), error)

// hear subscribes, makes the host call back with each of these arguments, and returns what arrived.
func hear[T any](t *testing.T, subscribe on[T], wantCommand string, arguments ...string) []string {
	t.Helper()
	host := &stubhost.Host{}
	var got []string
	stop, err := subscribe(host.Context(t), "saved", func(_ context.Context, payload T, err error) error {
		text := fmt.Sprintf("%+v", payload)
		if err != nil {
			text += " invalid"
			if !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("the callback got %v", err)
			}
		}
		got = append(got, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if calls := host.Calls(); !reflect.DeepEqual(calls, []string{wantCommand + ` {"event":"saved"} -> callback`}) {
		t.Errorf("the host got %q", calls)
	}
	for _, a := range arguments {
		host.Fire("callback", a)
	}
	return got
}

func TestOn(t *testing.T) {
	type task struct {
		Title string
		File  events.Blob
	}
	got := hear(t, events.On[task], "on",
		`[{"title":"a","file":{"data":"data:text/plain;base64,YWJj","type":"text/plain","__isBlobData":true}}]`, `[]`, `[null]`, `["text"]`, `[{"file":{"data":"data:,a"}}]`, `{}`)
	want := []string{"{Title:a File:{Type:text/plain Data:[97 98 99]}}", "{Title: File:{Type: Data:[]}}", "{Title: File:{Type: Data:[]}}",
		"{Title: File:{Type: Data:[]}} invalid", "{Title: File:{Type: Data:[]}} invalid", "{Title: File:{Type: Data:[]}} invalid"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the callback got\n%q, want\n%q", got, want)
	}
	// Some versions of Go print a json.RawMessage as text, others as bytes.
	want = []string{fmt.Sprint(json.RawMessage(`{"a":1}`)), fmt.Sprint(json.RawMessage(nil)), fmt.Sprint(json.RawMessage(`"b"`))}
	if got := hear(t, events.OnPublic[json.RawMessage], "onPublic", `[{"a":1}]`, `[]`, `["b"]`); !reflect.DeepEqual(got, want) {
		t.Errorf("the callback got\n%q, want\n%q", got, want)
	}
}

func TestOnFails(t *testing.T) {
	host := &stubhost.Host{Errors: map[string]error{"on": &bridge.HostError{Message: "no"}}}
	stop, err := events.On(host.Context(t), "saved", func(context.Context, string, error) error { return nil })
	failed, ok := errors.AsType[*bridge.Error](err)
	if stop != nil || !ok || failed.Op != "events.on" || !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("got %v", err)
	}
}
