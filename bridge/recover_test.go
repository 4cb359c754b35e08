//go:build !tinygo

package bridge_test

import (
	"testing"

	"github.com/forgego/forgego/bridge"
)

// TestNoJSONForm needs recover, which TinyGo has not: encoding/json leaves what it cannot encode by a panic of its own.
func TestNoJSONForm(t *testing.T) {
	client, calls := answering(`{"status":200}`, "")
	_, err := client.RequestRemote(t.Context(), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(func() {})})
	checkInvalid(t, err, "Body", *calls)
	checkInvalid(t, client.Invoke(t.Context(), "f", func() {}, nil), "payload", *calls)
}
