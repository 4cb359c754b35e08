package bridge_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestInvokeWire(t *testing.T) {
	tests := map[string]struct {
		payload any
		want    string
	}{
		"no payload": {nil, `{"functionKey":"getTasks"}`},
		"a struct":   {struct{ ID int }{7}, `{"functionKey":"getTasks","payload":{"ID":7}}`},
		"text":       {"x", `{"functionKey":"getTasks","payload":"x"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`null`, "")
			if err := client.Invoke(t.Context(), "getTasks", tt.payload, nil); err != nil {
				t.Fatal(err)
			}
			call := (*calls)[0]
			if call.Command != "invoke" || call.Fetch {
				t.Errorf("command %q, fetch %v", call.Command, call.Fetch)
			}
			sameJSON(t, call.Payload, tt.want)
		})
	}
}

func TestInvokeInvalid(t *testing.T) {
	client, calls := answering(`null`, "")
	checkInvalid(t, client.Invoke(t.Context(), "", nil, nil), "functionKey", *calls)
}

func TestInvokeResult(t *testing.T) {
	type task struct{ Name string }
	var got task
	client, _ := answering(`{"Name":"Go","body":"kept"}`, "")
	if err := client.Invoke(t.Context(), "getTask", nil, &got); err != nil || got.Name != "Go" {
		t.Errorf("got %+v, %v", got, err)
	}

	client, _ = answering(`"text"`, "")
	if err := client.Invoke(t.Context(), "getTask", nil, &got); !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("text into a struct: got %v, want ErrInvalidResponse", err)
	}

	client, _ = answering("", "") // undefined: the function returned nothing
	got = task{"as it was"}
	if err := client.Invoke(t.Context(), "getTask", nil, &got); err != nil || got.Name != "as it was" {
		t.Errorf("undefined: got %+v, %v", got, err)
	}
}

func TestInvokeWithMetadata(t *testing.T) {
	type task struct{ Name string }
	tests := map[string]struct {
		metadata bridge.InvokeMetadata
		sent     string
		answer   string
		want     bridge.InvokeResult[task]
	}{
		"as documented": {
			bridge.InvokeMetadata{RateLimit: true},
			`{"functionKey":"getTask","payload":7,"metadata":{"rateLimitProperties":true}}`,
			`{"body":{"Name":"Go"},"metadata":{"rateLimitProperties":{"rateLimitValue":500,"rateLimitRemaining":0,"rateLimitReset":1800000000}}}`,
			bridge.InvokeResult[task]{Body: task{"Go"}, RateLimit: &bridge.RateLimit{Limit: 500, Remaining: 0, Reset: time.Unix(1800000000, 0)}},
		},
		"as in the types": {
			bridge.InvokeMetadata{RateLimit: true},
			`{"functionKey":"getTask","payload":7,"metadata":{"rateLimitProperties":true}}`,
			`{"body":{"Name":"Go"},"metadata":{"rateLimitProperties":{"rateLimitLimit":9}}}`,
			bridge.InvokeResult[task]{Body: task{"Go"}, RateLimit: &bridge.RateLimit{Limit: 9, Remaining: -1}},
		},
		"without metadata": {
			bridge.InvokeMetadata{},
			`{"functionKey":"getTask","payload":7,"metadata":{}}`,
			`{"body":{"Name":"Go"}}`,
			bridge.InvokeResult[task]{Body: task{"Go"}},
		},
		"nothing": {
			bridge.InvokeMetadata{},
			`{"functionKey":"getTask","payload":7,"metadata":{}}`,
			"",
			bridge.InvokeResult[task]{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(tt.answer, "")
			got, err := bridge.InvokeWithMetadata[task](bridge.NewContext(t.Context(), client), "getTask", 7, tt.metadata)
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
			sameJSON(t, (*calls)[0].Payload, tt.sent)
		})
	}
}

func TestInvokeWithMetadataFails(t *testing.T) {
	client, _ := answering(`{"body":"text"}`, "")
	got, err := bridge.InvokeWithMetadata[int](bridge.NewContext(t.Context(), client), "count", nil, bridge.InvokeMetadata{})
	if !errors.Is(err, bridge.ErrInvalidResponse) || got.Body != 0 {
		t.Errorf("got %+v, %v, want ErrInvalidResponse", got, err)
	}
}

func TestMakeInvoke(t *testing.T) {
	type id struct {
		ID int `json:"id"`
	}
	getName := bridge.MakeInvoke[id, string]("getName")
	client, calls := answering(`"Go"`, "")
	got, err := getName(bridge.NewContext(t.Context(), client), id{7})
	if err != nil || got != "Go" {
		t.Errorf("got %q, %v", got, err)
	}
	sameJSON(t, (*calls)[0].Payload, `{"functionKey":"getName","payload":{"id":7}}`)
}

// startingHost is a host that can send first and wait later.
type startingHost struct {
	hostFunc
	sent []string
}

func (h *startingHost) Start(ctx context.Context, call bridge.Call) func() (bridge.Answer, error) {
	h.sent = append(h.sent, call.Command)
	return func() (bridge.Answer, error) { return h.Call(ctx, call) }
}

func TestStart(t *testing.T) {
	waited := 0
	host := &startingHost{hostFunc: func(context.Context, bridge.Call) (bridge.Answer, error) {
		waited++
		return bridge.Answer{Payload: []byte("1")}, nil
	}}
	client := bridge.New(host)
	first := client.Start(t.Context(), "first", bridge.Call{Command: "a"})
	second := client.Start(t.Context(), "second", bridge.Call{Command: "b"})
	if !reflect.DeepEqual(host.sent, []string{"a", "b"}) || waited != 0 {
		t.Errorf("sent %q, waited for %d", host.sent, waited)
	}
	for _, wait := range []func() (bridge.Answer, error){second, first} {
		if answer, err := wait(); string(answer.Payload) != "1" || err != nil {
			t.Errorf("got %s, %v", answer.Payload, err)
		}
	}
}

func TestStartFails(t *testing.T) {
	refused := &bridge.HostError{Message: "no"}
	host := &startingHost{hostFunc: func(context.Context, bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{}, refused
	}}
	_, err := bridge.New(host).Start(t.Context(), "view.x", bridge.Call{Command: "a"})()
	var e *bridge.Error
	if !errors.As(err, &e) || e.Op != "view.x" || e.Err != refused {
		t.Errorf("got %v", err)
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	host.sent = nil
	if _, err := bridge.New(host).Start(ended, "view.x", bridge.Call{Command: "a"})(); !errors.Is(err, context.Canceled) || host.sent != nil {
		t.Errorf("a canceled context: got %v, sent %q", err, host.sent)
	}
}

func TestStartWithoutStarter(t *testing.T) {
	client, calls := answering("1", "")
	wait := client.Start(t.Context(), "op", bridge.Call{Command: "a"})
	if len(*calls) != 1 {
		t.Errorf("%d calls", len(*calls))
	}
	if answer, err := wait(); string(answer.Payload) != "1" || err != nil {
		t.Errorf("got %s, %v", answer.Payload, err)
	}
}
