package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestConfluenceGetWikiDownload_product_bytes repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestConfluenceGetWikiDownload_product_bytes(t *testing.T) {
	const answer = "\x01\x02"
	host := bridgetest.NewHost(t)
	host.On("fetchProduct", func(context.Context, json.RawMessage) (any, error) {
		return map[string]any{"status": 200, "headers": map[string]string{}, "body": "data:;base64," + base64.StdEncoding.EncodeToString([]byte(answer)), "isAttachment": true}, nil
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.RequestConfluence(ctx, bridge.Request{
		Method: "GET",
		Path:   "/wiki/download",
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
