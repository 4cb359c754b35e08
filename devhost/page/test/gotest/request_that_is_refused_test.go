package app

import (
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestRemoteGetTasks2_request_that_is_refused repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestRemoteGetTasks2_request_that_is_refused(t *testing.T) {
	const answer = "no\u0000\""
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.URL.RequestURI(); r.Method != "GET" || target != "/tasks/2" {
			t.Errorf("the request is %s %s", r.Method, target)
		}
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(403)
		_, _ = io.WriteString(w, answer)
	}))
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "GET",
		Path:   "/tasks/2",
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := resp.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != 403 || string(got) != answer {
		t.Errorf("got %d %q, want 403 %q", resp.Status, got, answer)
	}
}
