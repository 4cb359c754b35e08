package bridge_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestPageInvoke(t *testing.T) {
	stubBridge(t, `async (command, payload) => payload.invokeType
		? {success: true, payload: {status: 200, headers: {"x-a": ["1", "2"]}, body: {got: payload.body}}}
		: {got: payload.payload, body: "kept"}`)
	r, err := bridge.InvokeRemote(t.Context(), bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(map[string]string{"n": "ü"})})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := r.Text(); text != `{"got":{"n":"ü"}}` || err != nil || len(r.Header["X-A"]) != 2 {
		t.Errorf("got %q %v (%v)", text, r.Header, err)
	}
	got, err := bridge.Invoke[map[string]any](t.Context(), "f", "p")
	if err != nil || got["got"] != "p" || got["body"] != "kept" {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestPageInvokeBodies checks the bodies of answers to invoke, which the shim encodes apart.
func TestPageInvokeBodies(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"an object":      {`{a: {b: [1, "}}"]}}`, `{"a":{"b":[1,"}}"]}}`},
		"empty":          {`{}`, `{}`},
		"Unicode":        {`{a: "世界 🎉"}`, `{"a":"世界 🎉"}`},
		"text":           {`"}}"`, `"}}"`},
		"large":          {`{a: "x".repeat(1 << 20)}`, `{"a":"` + strings.Repeat("x", 1<<20) + `"}`},
		"large, Unicode": {`{a: "世".repeat(1 << 18)}`, `{"a":"` + strings.Repeat("世", 1<<18) + `"}`},
		"null":           {`null`, `null`},
		"its own form":   {`{toJSON: () => ({a: 1})}`, `{"a":1}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			stubBridge(t, `async (command, {body}) => ({success: true, payload: {body: `+tt.body+`, status: 200, headers: {"x-sent": [body.sent]}}})`)
			r, err := bridge.InvokeRemote(t.Context(), bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(map[string]string{"sent": "yes"})})
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Text()
			if got != tt.want || err != nil {
				t.Errorf("got %.100q (%v), want %.100q", got, err, tt.want)
			}
			if r.Status != 200 || r.Header.Get("x-sent") != "yes" {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// TestPageInvokeIntercepted checks that an interceptor sees the whole payload, and may replace it.
func TestPageInvokeIntercepted(t *testing.T) {
	stubBridge(t, `async () => ({success: true, payload: {status: 200, headers: {}, body: {a: 1}}})`)
	for name, tt := range map[string]struct{ old, new, want string }{
		"unchanged": {"", "", `{"a":1}`},
		"replaced":  {`{"a":1}`, `{"bc":[2]}`, `{"bc":[2]}`},
	} {
		t.Run(name, func(t *testing.T) {
			var seen string
			host := bridge.Intercept(bridge.PageHost(), func(ctx context.Context, call bridge.Call, next func(context.Context, bridge.Call) (bridge.Answer, error)) (bridge.Answer, error) {
				answer, err := next(ctx, call)
				seen = string(answer.Payload)
				if tt.old != "" {
					answer.Payload = []byte(strings.Replace(seen, tt.old, tt.new, 1))
				}
				return answer, err
			})
			r, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), bridge.New(host)), bridge.Request{Path: "/"})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := r.Text(); got != tt.want || err != nil {
				t.Errorf("got %q (%v), want %q", got, err, tt.want)
			}
			if want := `{"success":true,"payload":{"status":200,"headers":{},"body":{"a":1}}}`; seen != want {
				t.Errorf("the interceptor saw %s, want %s", seen, want)
			}
		})
	}
}

// TestPageValuesAtOnce sends many values, whose memory is used again, and checks what the host gets.
func TestPageValuesAtOnce(t *testing.T) {
	stubBridge(t, `async (command, payload) => command === 'invoke'
		? {success: true, payload: {status: 200, headers: {}, body: payload.body}}
		: {status: 200, body: payload.fetchRequestInit.body}`)
	type value struct{ Text string }
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			sent := value{strings.Repeat(strconv.Itoa(i%10), i*i*5)} // up to 200 KB
			r := bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(sent)}
			if i%7 == 0 {
				ctx, cancel := context.WithCancel(t.Context())
				go cancel()
				_, _ = bridge.RequestRemote(ctx, "tasks-api", r)
				return
			}
			send := bridge.InvokeRemote
			if i%2 == 0 {
				send = func(ctx context.Context, r bridge.Request) (*bridge.Response, error) {
					return bridge.RequestRemote(ctx, "tasks-api", r)
				}
			}
			got, err := bridge.Do[value](t.Context(), send, r)
			if err != nil || got != sent {
				t.Errorf("%d: got %d bytes (%v), want %d of %d", i, len(got.Text), err, len(sent.Text), i%10)
			}
		})
	}
	wg.Wait()
}
