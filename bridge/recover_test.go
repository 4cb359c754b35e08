//go:build !tinygo

package bridge_test

import (
	"testing"

	"github.com/forgego/forgego/bridge"
)

// TestValueWithoutJSONForm needs recover, which TinyGo does not have: encoding/json panics and recovers if it cannot
// encode a value.
func TestValueWithoutJSONForm(t *testing.T) {
	client, calls := answering(`{"status":200}`, "")
	_, err := client.RequestRemote(t.Context(), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(func() {})})
	checkInvalid(t, err, "Body", *calls)
	checkInvalid(t, client.Invoke(t.Context(), "f", func() {}, nil), "payload", *calls)
}
