package app

import (
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRequestRemoteGetPicture_request_of_bytes repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func TestRequestRemoteGetPicture_request_of_bytes(t *testing.T) {
	const answer = "\x89PNG\x00\x22\x5ca\x0a\xff"
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.URL.RequestURI(); r.Method != "GET" || target != "/picture" {
			t.Errorf("the request is %s %s", r.Method, target)
		}
		w.Header().Set("Content-Type", "image/png")
		w.WriteHeader(200)
		_, _ = io.WriteString(w, answer)
	}))
	ctx := bridge.NewContext(t.Context(), host.Client())

	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "GET",
		Path:   "/picture",
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
