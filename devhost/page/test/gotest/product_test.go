package app

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestJiraPutRestApi3IssueDEMO1_product repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestJiraPutRestApi3IssueDEMO1_product(t *testing.T) {
	const answer = `{"key":"DEMO-1"}`
	const body = "{}"
	host := bridgetest.NewHost(t)
	host.On("fetchProduct", func(context.Context, json.RawMessage) (any, error) {
		return map[string]any{"status": 200, "headers": map[string]string{}, "body": answer, "isAttachment": false}, nil
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.RequestJira(ctx, bridge.Request{
		Method: "PUT",
		Path:   "/rest/api/3/issue/DEMO-1?fields=a",
		Header: bridge.Header{"Accept": {"application/json"}},
		Body:   bridge.Bytes([]byte(body)),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := resp.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != 200 || string(got) != answer {
		t.Errorf("got %d %q, want 200 %q", resp.Status, got, answer)
	}
}
