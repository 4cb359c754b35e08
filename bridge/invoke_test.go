package bridge_test

import (
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
			if _, err := bridge.Invoke[struct{}](bridge.NewContext(t.Context(), client), "getTasks", tt.payload); err != nil {
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
	_, err := bridge.Invoke[any](bridge.NewContext(t.Context(), client), "", nil)
	checkInvalid(t, err, "functionKey", *calls)
}

func TestInvokeResult(t *testing.T) {
	type task struct{ Name string }
	client, _ := answering(`{"Name":"Go","body":"kept"}`, "")
	if got, err := bridge.Invoke[task](bridge.NewContext(t.Context(), client), "getTask", nil); err != nil || got.Name != "Go" {
		t.Errorf("got %+v, %v", got, err)
	}

	client, _ = answering(`"text"`, "")
	if _, err := bridge.Invoke[task](bridge.NewContext(t.Context(), client), "getTask", nil); !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("text into a struct: got %v, want ErrInvalidResponse", err)
	}
	if _, err := bridge.Invoke[struct{}](bridge.NewContext(t.Context(), client), "getTask", nil); err != nil {
		t.Errorf("a result that is ignored: got %v", err)
	}

	client, _ = answering("", "") // undefined: the function returned nothing
	if got, err := bridge.Invoke[task](bridge.NewContext(t.Context(), client), "getTask", nil); err != nil || got != (task{}) {
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
