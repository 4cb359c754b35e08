//go:build !tinygo

package bridge_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
)

func TestInvokeServiceWire(t *testing.T) {
	client, calls := answering(`{"success":true,"payload":{"status":201,"headers":{"X-A":["1","2"]},"body":{"id":7}}}`, "")
	request := bridge.Request{Method: "POST", Path: "/tasks", Body: bridge.JSON(map[string]int{"n": 1})}
	resp, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), request)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, (*calls)[0].Payload, `{"path":"/tasks","method":"POST","body":{"n":1},"invokeType":"ui-container-fetch"}`)
	if text, err := resp.Text(); resp.Status != 201 || text != `{"id":7}` || err != nil || len(resp.Header.Values("X-A")) != 2 {
		t.Errorf("got %+v with %q, %v", resp, text, err)
	}
}

// A service's answer from status 400 on has its body as text, under another name.
func TestInvokeServiceFailure(t *testing.T) {
	client, _ := answering(`{"success":false,"error":{"status":422,"headers":{"Content-Type":"text/plain"},"error":"no \"name\""}}`, "")
	resp, err := client.InvokeService(t.Context(), bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := resp.Text(); resp.Status != 422 || text != `no "name"` || err != nil {
		t.Errorf("got %d with %q, %v", resp.Status, text, err)
	}
	if e := (*bridge.Error)(nil); !errors.As(resp.Err(), &e) || e.Op != "invokeService" {
		t.Errorf("got %v", resp.Err())
	}
}

func TestInvokeServiceInvalid(t *testing.T) {
	client, calls := answering(`null`, "")
	_, err := client.InvokeService(t.Context(), bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("x")})
	checkInvalid(t, err, "Body", *calls)
}

func TestInvokeServiceHasALimitOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := answering(`{"success":true,"payload":{"status":200}}`, "")
		for range 500 {
			if _, err := client.InvokeService(t.Context(), bridge.Request{Path: "/"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := client.InvokeService(t.Context(), bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrRateLimited) {
			t.Errorf("call 501: got %v, want ErrRateLimited", err)
		}
		if _, err := client.InvokeRemote(t.Context(), bridge.Request{Path: "/"}); err != nil {
			t.Errorf("invokeRemote: got %v", err)
		}
	})
}
