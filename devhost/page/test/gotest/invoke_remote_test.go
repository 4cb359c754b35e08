package app

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestInvokeRemotePostReports_invoke_remote repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvokeRemotePostReports_invoke_remote(t *testing.T) {
	const answer = `{"rows":[1,2.5,null],"title":"\"Rows\""}`
	const body = "{\"year\":2026,\"note\":\"`\"}"
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.URL.RequestURI(); r.Method != "POST" || target != "/reports?year=2026" {
			t.Errorf("the request is %s %s", r.Method, target)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(201)
		_, _ = io.WriteString(w, answer)
	}))
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.InvokeRemote(ctx, bridge.Request{
		Method: "POST",
		Path:   "/reports?year=2026",
		Header: bridge.Header{"X-A": {"1"}},
		Body:   bridge.JSON(json.RawMessage(body)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != 201 {
		t.Errorf("got status %d, want 201", resp.Status)
	}
	var got, want any
	if err := errors.Join(resp.JSON(&got), json.Unmarshal([]byte(answer), &want)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
