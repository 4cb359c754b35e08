package bridgetest_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func TestService(t *testing.T) {
	host := bridgetest.NewHost(t)
	client := host.Client()
	if _, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrRejected) {
		t.Fatalf("without a service: got %v", err)
	}
	host.Service("java", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Forge-Invocation-Id") == "" {
			t.Errorf("the service got %v", r.Header)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.URL.Path == "/missing" {
			http.Error(w, "no such thing", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	resp, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Method: "POST", Path: "/tasks", Body: bridge.JSON(map[string]int{"n": 1})})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := resp.Text(); resp.Status != 200 || text != `{"n":1}` || err != nil {
		t.Errorf("got %d %q, %v", resp.Status, text, err)
	}
	resp, err = bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/missing"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := resp.Text(); resp.Status != 404 || text != "no such thing\n" || err != nil {
		t.Errorf("a 404: got %d %q, %v", resp.Status, text, err)
	}
	if n := host.Count("java"); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	host.Fail("java", bridgetest.Offline())
	if _, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrNetwork) {
		t.Errorf("offline: got %v", err)
	}
}
