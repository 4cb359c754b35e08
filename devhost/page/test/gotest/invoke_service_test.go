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

// TestInvokeServiceGetJobs_invoke_service repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestInvokeServiceGetJobs_invoke_service(t *testing.T) {
	const answer = "[]"
	host := bridgetest.NewHost(t)
	host.Service("worker", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.URL.RequestURI(); r.Method != "GET" || target != "/jobs" {
			t.Errorf("the request is %s %s", r.Method, target)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(200)
		_, _ = io.WriteString(w, answer)
	}))
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.InvokeService(ctx, bridge.Request{
		Method: "GET",
		Path:   "/jobs",
	})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != 200 {
		t.Errorf("got status %d, want 200", resp.Status)
	}
	var got, want any
	if err := errors.Join(resp.JSON(&got), json.Unmarshal([]byte(answer), &want)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
