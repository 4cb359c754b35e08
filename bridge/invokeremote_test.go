//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestInvokeRemoteWire(t *testing.T) {
	tests := map[string]struct {
		request bridge.Request
		want    string
	}{
		"GET":           {bridge.Request{Path: "/tasks"}, `{"path":"/tasks","method":"GET","invokeType":"ui-remote-fetch"}`},
		"DELETE":        {bridge.Request{Method: "DELETE", Path: "/tasks/1"}, `{"path":"/tasks/1","method":"DELETE","invokeType":"ui-remote-fetch"}`},
		"header":        {bridge.Request{Path: "/", Header: bridge.Header{"X-B": {"1", "2"}, "x-a": {"é"}}}, `{"path":"/","method":"GET","headers":{"X-B":"1, 2","x-a":"é"},"invokeType":"ui-remote-fetch"}`},
		"JSON":          {bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(map[string]string{"name": "A \"task\""})}, `{"path":"/","method":"POST","body":{"name":"A \"task\""},"invokeType":"ui-remote-fetch"}`},
		"text of JSON":  {bridge.Request{Method: "PUT", Path: "/", Body: bridge.Text(` {"a":[1]} `)}, `{"path":"/","method":"PUT","body":{"a":[1]},"invokeType":"ui-remote-fetch"}`},
		"bytes of JSON": {bridge.Request{Method: "PATCH", Path: "/", Body: bridge.Bytes([]byte(`{}`))}, `{"path":"/","method":"PATCH","body":{},"invokeType":"ui-remote-fetch"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"success":true,"payload":{"status":200}}`, "")
			if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), tt.request); err != nil {
				t.Fatal(err)
			}
			call := (*calls)[0]
			if call.Command != "invoke" || call.Fetch || call.Body != nil {
				t.Errorf("command %q, fetch %v, body %q", call.Command, call.Fetch, call.Body)
			}
			sameJSON(t, call.Payload, tt.want)
		})
	}
}

func TestInvokeRemoteInvalid(t *testing.T) {
	tests := map[string]struct {
		request bridge.Request
		field   string
	}{
		"path":            {bridge.Request{Path: "tasks"}, "Path"},
		"HEAD":            {bridge.Request{Method: "HEAD", Path: "/"}, "Method"},
		"OPTIONS":         {bridge.Request{Method: "OPTIONS", Path: "/"}, "Method"},
		"small letters":   {bridge.Request{Method: "post", Path: "/"}, "Method"},
		"header":          {bridge.Request{Path: "/", Header: bridge.Header{"X-A": {"\n"}}}, "Header X-A"},
		"body on GET":     {bridge.Request{Path: "/", Body: bridge.JSON(struct{}{})}, "Body"},
		"an array":        {bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON([]int{1})}, "Body"},
		"null":            {bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(nil)}, "Body"},
		"a number":        {bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("5")}, "Body"},
		"broken JSON":     {bridge.Request{Method: "POST", Path: "/", Body: bridge.Text(`{"a":1`)}, "Body"},
		"injected fields": {bridge.Request{Method: "POST", Path: "/", Body: bridge.Text(`{},"path":"/other","x":{}`)}, "Body"},
		"no JSON at all":  {bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("")}, "Body"},
		"not UTF-8":       {bridge.Request{Method: "POST", Path: "/", Body: bridge.Bytes([]byte("{\"a\":\"\xff\"}"))}, "Body"},
		"form data":       {bridge.Request{Method: "POST", Path: "/", Body: formData()}, "Body"},
		"no JSON form":    {bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(make(chan int))}, "Body"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"success":true,"payload":{"status":200}}`, "")
			_, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), tt.request)
			checkInvalid(t, err, tt.field, *calls)
		})
	}
}

func TestInvokeRemoteAnswer(t *testing.T) {
	tests := map[string]struct {
		payload string
		status  int
		header  bridge.Header
		body    string
	}{
		"object":             {`{"success":true,"payload":{"status":200,"headers":{"content-type":["application/json"],"set-cookie":["a=1","b=2"]},"body":{"id":1}}}`, 200, bridge.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"a=1", "b=2"}}, `{"id":1}`},
		"no body":            {`{"success":true,"payload":{"status":204,"headers":{}}}`, 204, bridge.Header{}, ""},
		"an array":           {`{"success":true,"payload":{"status":200,"body":[1,2]}}`, 200, bridge.Header{}, "[1,2]"},
		"header is a string": {`{"success":true,"payload":{"status":200,"headers":{"a":"b"}}}`, 200, bridge.Header{"A": {"b"}}, ""},
		"an error status":    {`{"success":true,"payload":{"status":404,"body":{"error":"gone"}}}`, 404, bridge.Header{}, `{"error":"gone"}`},
		"status under error": {`{"success":false,"error":{"status":409,"body":{"error":"twice"}}}`, 409, bridge.Header{}, `{"error":"twice"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(tt.payload, "")
			r, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"})
			if err != nil {
				t.Fatal(err)
			}
			text, err := r.Text()
			if r.Status != tt.status || text != tt.body || err != nil || !reflect.DeepEqual(r.Header, tt.header) {
				t.Errorf("got %d %v %q (%v), want %d %v %q", r.Status, r.Header, text, err, tt.status, tt.header, tt.body)
			}
		})
	}
}

// A failed call has three forms: the promise is rejected (TestRejected), it resolves without a status, or it resolves
// with a status that is not a success (TestInvokeRemoteAnswer).
func TestInvokeRemoteWithoutStatus(t *testing.T) {
	tests := map[string]struct {
		payload string
		want    error
		text    string
	}{
		"message":               {`{"success":false,"error":{"message":"Remote could not verify the Forge Invocation Token"}}`, bridge.ErrUnauthorized, "Remote could not verify the Forge Invocation Token"},
		"timeout":               {`{"success":false,"error":{"name":"Error","message":"Remote invocation timed out after 25 seconds"}}`, bridge.ErrTimeout, "Remote invocation timed out after 25 seconds"},
		"text":                  {`{"success":false,"error":"An unexpected error happened"}`, bridge.ErrRejected, "An unexpected error happened"},
		"no reason":             {`{"success":false}`, bridge.ErrRejected, "without saying why"},
		"empty object":          {`{}`, bridge.ErrRejected, "without saying why"},
		"undefined":             {``, bridge.ErrInvalidResponse, "it is empty"},
		"null":                  {`null`, bridge.ErrInvalidResponse, "it is empty"},
		"a number":              {`5`, bridge.ErrInvalidResponse, "not an object"},
		"success, no payload":   {`{"success":true}`, bridge.ErrInvalidResponse, "no status"},
		"success, no status":    {`{"success":true,"payload":{"body":{}}}`, bridge.ErrInvalidResponse, "no status"},
		"success, payload text": {`{"success":true,"payload":"x"}`, bridge.ErrInvalidResponse, "no status"},
		"status 999":            {`{"success":true,"payload":{"status":999}}`, bridge.ErrInvalidResponse, "200 to 599"},
		"status as text":        {`{"success":true,"payload":{"status":"200"}}`, bridge.ErrInvalidResponse, "200 to 599"},
		"headers":               {`{"success":true,"payload":{"status":200,"headers":{"a":[1]}}}`, bridge.ErrInvalidResponse, "headers"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(tt.payload, "")
			_, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if !containsText(err, tt.text) {
				t.Errorf("%v does not contain %q", err, tt.text)
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	const limit, window = 500, 25 * time.Second
	for op, call := range operations {
		if op == "requestRemote" {
			continue // the platform does not carry these calls, so it does not limit them
		}
		t.Run(op, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, calls := answering(`{"success":true,"payload":{"status":200}}`, "")
				for i := range limit {
					if err := call(t.Context(), client); err != nil {
						t.Fatalf("call %d: %v", i+1, err)
					}
					time.Sleep(window / limit / 2)
				}
				err := call(t.Context(), client)
				var limited *bridge.RateLimitError
				if !errors.Is(err, bridge.ErrRateLimited) || !errors.As(err, &limited) {
					t.Fatalf("call %d: got %v, want ErrRateLimited", limit+1, err)
				}
				if want := window / 2; limited.RetryAfter != want {
					t.Errorf("retry after %v, want %v", limited.RetryAfter, want)
				}
				if len(*calls) != limit {
					t.Errorf("%d calls reached the host, want %d", len(*calls), limit)
				}
				time.Sleep(limited.RetryAfter)
				if err := call(t.Context(), client); err != nil {
					t.Errorf("after the wait: %v", err)
				}
				if err := call(t.Context(), client); !errors.Is(err, bridge.ErrRateLimited) {
					t.Errorf("the second call after the wait: got %v, want ErrRateLimited", err)
				}
			})
		})
	}
}

func TestRateLimitDoesNotCountInvalidRequests(t *testing.T) {
	client, _ := answering(`{"success":true,"payload":{"status":200}}`, "")
	for range 1000 {
		if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), bridge.Request{Path: "no"}); !errors.Is(err, bridge.ErrInvalidRequest) {
			t.Fatal(err)
		}
	}
	if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"}); err != nil {
		t.Error(err)
	}
}

func TestInvokeServiceWire(t *testing.T) {
	client, calls := answering(`{"success":true,"payload":{"status":201,"headers":{"X-A":["1","2"]},"body":{"id":7}}}`, "")
	request := bridge.Request{Method: "POST", Path: "/tasks", Body: bridge.JSON(map[string]int{"n": 1})}
	resp, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), request)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, (*calls)[0].Payload, `{"path":"/tasks","method":"POST","body":{"n":1},"invokeType":"ui-container-fetch"}`)
	if text, err := resp.Text(); resp.Status != 201 || text != `{"id":7}` || err != nil || len(resp.Header.Values("X-A")) != 2 {
		t.Errorf("got %+v with %q, %v", resp, text, err)
	}
}

// From status 400 on, a service's answer has its body as text, in another member.
func TestInvokeServiceFailure(t *testing.T) {
	client, _ := answering(`{"success":false,"error":{"status":422,"headers":{"Content-Type":"text/plain"},"error":"no \"name\""}}`, "")
	resp, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := resp.Text(); resp.Status != 422 || text != `no "name"` || err != nil {
		t.Errorf("got %d with %q, %v", resp.Status, text, err)
	}
	if e := (*bridge.Error)(nil); !errors.As(resp.Err(), &e) || e.Op != "invokeService" {
		t.Errorf("got %v", resp.Err())
	}
}

func TestInvokeServiceInvalid(t *testing.T) {
	client, calls := answering(`null`, "")
	_, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("x")})
	checkInvalid(t, err, "Body", *calls)
}

func TestInvokeServiceRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := answering(`{"success":true,"payload":{"status":200}}`, "")
		for range 500 {
			if _, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := bridge.InvokeService(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrRateLimited) {
			t.Errorf("call 501: got %v, want ErrRateLimited", err)
		}
		if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"}); err != nil {
			t.Errorf("invokeRemote: got %v", err)
		}
	})
}

// TestHostMayKeepCalls checks that a call's memory is not used again if the host may still read it.
func TestHostMayKeepCalls(t *testing.T) {
	var kept [][]byte
	client := bridge.New(hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		if call.Command == "invoke" {
			kept = append(kept, call.Payload)
			return bridge.Answer{Payload: []byte(`{"success":true,"payload":{"status":200}}`)}, nil
		}
		kept = append(kept, call.Body)
		return bridge.Answer{Payload: []byte(`{"status":200}`)}, nil
	}))
	ctx := bridge.NewContext(t.Context(), client)
	for i := range 10 {
		r := bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(map[string]int{"n": i})}
		if _, err := bridge.InvokeRemote(ctx, r); err != nil {
			t.Fatal(err)
		}
		if _, err := bridge.RequestRemote(ctx, "tasks-api", r); err != nil {
			t.Fatal(err)
		}
	}
	for i, got := range kept {
		if want := fmt.Sprintf(`{"n":%d}`, i/2); !strings.Contains(string(got), want) {
			t.Errorf("call %d became %s, want %s", i, got, want)
		}
	}
}
