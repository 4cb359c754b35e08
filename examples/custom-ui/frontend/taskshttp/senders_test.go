package taskshttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/examples/custom-ui/frontend/taskshttp"
)

var allWays = []tasks.Way{tasks.RequestRemote, tasks.InvokeRemote, tasks.Direct}

// outcome is the whole effect of a sender: the request at the backend, and the answer.
type outcome struct{ request, answer string }

// send sends a request with a sender and returns the outcome.
func send(t *testing.T, senders func(client, direct *bridge.Client) tasks.Senders, way tasks.Way, r tasks.Request, status int, body string) (o outcome) {
	t.Helper()
	host := bridgetest.NewHost(t)
	host.Remote(tasks.RemoteKey, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		header := maps.Clone(r.Header)
		for _, name := range []string{"Authorization", "X-B3-Traceid", "X-B3-Spanid", "X-Forge-Oauth-System", "X-Forge-Oauth-User"} {
			header.Del(name) // new in each request
		}
		o.request = fmt.Sprintf("%s %s %v %q", r.Method, r.RequestURI, header, data)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	response, err := senders(host.Client(), host.DirectClient())[way](t.Context(), r)
	if err != nil {
		o.answer = fmt.Sprint(errors.Is(err, bridge.ErrUnauthorized), errors.Is(err, bridge.ErrInvalidRequest))
		return o
	}
	data, err := response.Bytes()
	o.answer = fmt.Sprintf("%d %s %s %q %v", response.Status, response.Header.Get("Content-Type"), response.Header.Get("Retry-After"), data, err)
	return o
}

// TestSameAsBridge checks that, with each way, the request and the answer are the same as with package bridge.
func TestSameAsBridge(t *testing.T) {
	json := bridge.Header{"content-type": {"application/json"}, "Idempotency-Key": {"k-1"}}
	cases := []struct {
		name    string
		request tasks.Request
		status  int
		body    string
	}{
		{"list", tasks.Request{Path: "/tasks"}, 200, `{"tasks":[]}`},
		{"add", tasks.Request{Method: "POST", Path: "/tasks", Header: json, Body: []byte(`{"name":"Ünï 買"}`)}, 201, `{"id":"1"}`},
		{"an escaped path", tasks.Request{Method: "PATCH", Path: "/tasks/a%2Fb", Header: json, Body: []byte(`{"done":true}`)}, 200, `{"id":"a/b"}`},
		{"delete", tasks.Request{Method: "DELETE", Path: "/tasks/1"}, 204, ""},
		{"any bytes", tasks.Request{Method: "PUT", Path: "/tasks/1/file", Header: bridge.Header{"Content-Type": {"image/png"}}, Body: []byte("\xff\x00")}, 200, `{}`},
		{"no bytes", tasks.Request{Method: "PUT", Path: "/tasks/1/file", Header: bridge.Header{"Content-Type": {"image/png"}}, Body: []byte{}}, 200, `{}`},
		{"refused", tasks.Request{Path: "/tasks"}, 429, `{"error":"slow down"}`},
		{"not verified", tasks.Request{Path: "/tasks"}, 401, `{}`},
		{"no path", tasks.Request{Path: "tasks"}, 200, `{}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, way := range allWays {
				if way == tasks.InvokeRemote && c.request.Body != nil && len(c.request.Body) == 0 {
					continue // http.Client sends no empty body, and package bridge refuses one in invokeRemote
				}
				want := send(t, tasks.Bridge, way, c.request, c.status, c.body)
				if got := send(t, taskshttp.Senders, way, c.request, c.status, c.body); got != want {
					t.Errorf("%s: http.Client had the effect\n%+v\nwant that of package bridge\n%+v", way, got, want)
				}
			}
		})
	}
}

// TestErrors checks that the kind of an error is kept, and the cause if a context ends.
func TestErrors(t *testing.T) {
	why := errors.New("the user cancelled it")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	nobody := bridge.New(nil)
	for _, way := range allWays {
		sender := taskshttp.Senders(nobody, nobody)[way]
		if _, err := sender(t.Context(), tasks.Request{Path: "/tasks"}); !errors.Is(err, bridge.ErrNoBridge) {
			t.Errorf("%s without a host: error %v; want ErrNoBridge", way, err)
		}
		if _, err := sender(ended, tasks.Request{Path: "/tasks"}); !errors.Is(err, why) {
			t.Errorf("%s after the end of its context: error %v; want its cause", way, err)
		}
		if _, err := sender(t.Context(), tasks.Request{Method: "no method", Path: "/tasks"}); err == nil {
			t.Errorf("%s sends an invalid method", way)
		}
	}
}
