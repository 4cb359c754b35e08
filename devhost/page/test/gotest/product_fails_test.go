package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestBitbucketGet20User_product_fails repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestBitbucketGet20User_product_fails(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("fetchProduct", func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "Error", Message: "no", Code: "NO"}
	})
	ctx := bridge.NewContext(t.Context(), host.Client())

	_, err := bridge.RequestBitbucket(ctx, bridge.Request{
		Method: "GET",
		Path:   "/2.0/user",
	})
	if want := "no"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
