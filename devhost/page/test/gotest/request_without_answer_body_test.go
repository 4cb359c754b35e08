package app

import (
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestRemoteDeleteTasks1_request_without_answer_body repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestRemoteDeleteTasks1_request_without_answer_body(t *testing.T) {
	const answer = ""
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.URL.RequestURI(); r.Method != "DELETE" || target != "/tasks/1" {
			t.Errorf("the request is %s %s", r.Method, target)
		}
		w.Header().Set("Content-Type", "")
		w.WriteHeader(204)
		_, _ = io.WriteString(w, answer)
	}))
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "DELETE",
		Path:   "/tasks/1",
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := resp.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != 204 || string(got) != answer {
		t.Errorf("got %d %q, want 204 %q", resp.Status, got, answer)
	}
}
