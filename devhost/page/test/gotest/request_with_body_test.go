package app

import (
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestRemotePostTasksB_request_with_body repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestRemotePostTasksB_request_with_body(t *testing.T) {
	const answer = "first\nsecond"
	const body = "{\n\t\"title\": \"Über \u2028 😀\"\n}"
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.URL.RequestURI(); r.Method != "POST" || target != "/tasks/%C3%A4%20b?q=1&q=2" {
			t.Errorf("the request is %s %s", r.Method, target)
		}
		if got, err := io.ReadAll(r.Body); err != nil || string(got) != body {
			t.Errorf("the request's body is %q (%v)", got, err)
		}
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(201)
		_, _ = io.WriteString(w, answer)
	}))
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "POST",
		Path:   "/tasks/ä b?q=1&q=2#part",
		Header: bridge.Header{"Content-Type": {"application/json"}, "X-A": {"\"2\"", "3"}, "X-B": {"1"}},
		Body:   bridge.Bytes([]byte(body)),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := resp.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != 201 || string(got) != answer {
		t.Errorf("got %d %q, want 201 %q", resp.Status, got, answer)
	}
}
