//go:build !tinygo

package bridge_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

const longBody = `async (command, payload) => payload.invokeType
	? {success: true, payload: {status: 200, headers: {}, body: {text: "é".repeat(5000)}}}
	: {status: 200, headers: {"content-type": "application/json"}, body: JSON.stringify({text: "é".repeat(5000)})}`

// TestUnreadBodies checks that the long body of an answer stays in the page until it is read, and that it is read once.
func TestUnreadBodies(t *testing.T) {
	stubBridge(t, longBody)
	want := `{"text":"` + strings.Repeat("é", 5000) + `"}`
	reads := map[string]func(r *bridge.Response) (string, error){
		"Text": (*bridge.Response).Text,
		"Bytes": func(r *bridge.Response) (string, error) {
			b, err := r.Bytes()
			return string(b), err
		},
		"Body": func(r *bridge.Response) (string, error) {
			var b bytes.Buffer
			_, err := io.Copy(&b, r.Body)
			return b.String(), err
		},
		"JSON": func(r *bridge.Response) (string, error) {
			var v struct{ Text string }
			err := r.JSON(&v)
			return `{"text":"` + v.Text + `"}`, err
		},
	}
	for way, send := range map[string]func() (*bridge.Response, error){
		"RequestRemote": func() (*bridge.Response, error) { return request(t, nil) },
		"InvokeRemote": func() (*bridge.Response, error) {
			return bridge.InvokeRemote(t.Context(), bridge.Request{Path: "/"})
		},
	} {
		for name, read := range reads {
			t.Run(way+"/"+name, func(t *testing.T) {
				before := bridge.UnreadBodies()
				r, err := send()
				if err != nil {
					t.Fatal(err)
				}
				if n := bridge.UnreadBodies() - before; n != 1 {
					t.Errorf("%d bodies stay in the page, want 1", n)
				}
				if got, err := read(r); got != want || err != nil {
					t.Errorf("got %d bytes, %v; want %d", len(got), err, len(want))
				}
				if _, err := r.Bytes(); name != "Body" && !errors.Is(err, bridge.ErrBodyRead) {
					t.Errorf("the second time: %v", err)
				}
				if n := bridge.UnreadBodies() - before; n != 0 {
					t.Errorf("%d bodies stay in the page after reading", n)
				}
			})
		}
	}
}

// TestUnreadBodiesAreFreed checks that nothing stays in the page when a response is closed, or is forgotten.
func TestUnreadBodiesAreFreed(t *testing.T) {
	stubBridge(t, longBody)
	send := func() *bridge.Response {
		r, err := request(t, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for range 3 {
		before := bridge.UnreadBodies()
		r := send()
		if err := r.Body.Close(); err != nil {
			t.Error(err)
		}
		if err := r.Body.Close(); err != nil {
			t.Error(err)
		}
		if n := bridge.UnreadBodies() - before; n != 0 {
			t.Errorf("%d bodies stay in the page after Close", n)
		}
	}
	func() {
		for range 200 {
			if r := send(); r.Status != 200 {
				t.Errorf("the status is %d", r.Status)
			}
			if n := bridge.UnreadBodies(); n > 64 {
				t.Fatalf("%d bodies stay in the page, want at most 64", n)
			}
		}
	}()
	for range 10 { // the first collections may still find responses on the stack
		if bridge.UnreadBodies() == 0 {
			return
		}
		collect(t)
	}
	t.Errorf("%d bodies stay in the page, and nobody has a response", bridge.UnreadBodies())
}

// collect runs the garbage collector and waits until finalizers have run.
func collect(t *testing.T) {
	t.Helper()
	ran := make(chan struct{})
	runtime.SetFinalizer(&struct{ self *testing.T }{t}, func(any) { close(ran) })
	runtime.GC()
	select {
	case <-ran:
	case <-time.After(30 * time.Second):
		t.Fatal("no finalizer has run")
	}
}

// TestUnreadBodiesOfManyCalls checks that responses can be read in any number. Some of their bodies do not stay in the page.
func TestUnreadBodiesOfManyCalls(t *testing.T) {
	stubBridge(t, longBody)
	var responses []*bridge.Response
	for range 100 { // more than may stay in the page
		r, err := request(t, nil)
		if err != nil {
			t.Fatal(err)
		}
		responses = append(responses, r)
	}
	for i, r := range responses {
		var v struct{ Text string }
		if err := r.JSON(&v); err != nil || len(v.Text) != 10_000 {
			t.Errorf("response %d: %d bytes, %v", i, len(v.Text), err)
		}
	}
}
