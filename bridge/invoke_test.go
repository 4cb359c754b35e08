package bridge_test

import (
	"errors"
	"testing"

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
	checkInvalid(t, client.Invoke(t.Context(), "f", func() {}, nil), "payload", *calls)
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
