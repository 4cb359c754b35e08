//go:build !tinygo

package bridge_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// These tests need recover, which TinyGo does not have: for a panic, and for a JavaScript exception that reaches Go.

func TestPageCallbackPanics(t *testing.T) {
	stubBridge(t, emitter)
	came := make(chan string, 2)
	_, object, err := bridge.PageHost().(bridge.FunctionHost).CallWithFunctions(t.Context(),
		bridge.Call{Command: "on", Payload: []byte(`{"actions":[0,{}]}`)},
		bridge.Callback{Path: "actions.1.onClick", Func: func(arguments []byte) {
			came <- string(arguments)
			if string(arguments) == "[1]" {
				panic("the first goes wrong on purpose")
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Release()
	emit("1")
	emit("2")
	if first, second := <-came, <-came; first != "[1]" || second != "[2]" {
		t.Errorf("the callback got %s and %s", first, second)
	}
}

func TestPageCallbackWithResultPanics(t *testing.T) {
	for name, f := range map[string]func([]byte) ([]byte, error){
		"the callback": func([]byte) ([]byte, error) { panic("this goes wrong on purpose") },
		"its error":    func([]byte) ([]byte, error) { return nil, (*brokenError)(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			stubBridge(t, `async (command, payload) => ({
				ask: async () => { try { return await payload.callback(); } catch (error) { return String(error); } },
			})`)
			_, object, err := bridge.PageHost().(bridge.FunctionHost).CallWithFunctions(t.Context(),
				bridge.Call{Command: "on", Payload: []byte(`{}`)}, bridge.Callback{Path: "callback", Answer: f})
			if err != nil {
				t.Fatal(err)
			}
			defer object.Release()
			for range 2 {
				answer, _, err := object.Apply(t.Context(), "ask", []byte("[]"))
				if want := `"Error: the app's callback did not return"`; err != nil || string(answer.Payload) != want {
					t.Errorf("the host got %s (%v), want %s", answer.Payload, err, want)
				}
			}
		})
	}
}

// brokenError has an Error that panics if the pointer is nil.
type brokenError struct{ text string }

func (e *brokenError) Error() string { return e.text }

func TestResponseValueOfInvalidResponse(t *testing.T) {
	for name, r := range map[string]*bridge.Response{
		"status 999":  {Status: 999, Body: io.NopCloser(strings.NewReader(""))},
		"body on 204": {Status: 204, Body: io.NopCloser(strings.NewReader("x"))},
		"header name": {Status: 200, Header: bridge.Header{"a b": {"c"}}, Body: io.NopCloser(strings.NewReader(""))},
	} {
		if _, err := r.Value(); !errors.Is(err, bridge.ErrInvalidResponse) {
			t.Errorf("%s: got %v, want ErrInvalidResponse", name, err)
		}
	}
}
