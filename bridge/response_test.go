package bridge_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func containsText(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}

func get(t *testing.T, payload, body string) *bridge.Response {
	t.Helper()
	client, _ := answering(payload, body)
	r, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResponseBodyIsReadOnce(t *testing.T) {
	readers := map[string]func(*bridge.Response) error{
		"Text":  func(r *bridge.Response) error { _, err := r.Text(); return err },
		"Bytes": func(r *bridge.Response) error { _, err := r.Bytes(); return err },
		"JSON":  func(r *bridge.Response) error { var v any; return r.JSON(&v) },
		"Body":  func(r *bridge.Response) error { _, err := io.ReadAll(r.Body); return err },
		"Close": func(r *bridge.Response) error { return r.Body.Close() },
	}
	for first, read := range readers {
		for second, again := range readers {
			t.Run(first+" then "+second, func(t *testing.T) {
				r := get(t, `{"status":200}`, `{"a":1}`)
				if err := read(r); err != nil {
					t.Fatal(err)
				}
				err := again(r)
				switch {
				case second == "Close", first == "Body":
					// Closing twice is fine, and reading a body after its end returns io.EOF again.
				case !errors.Is(err, bridge.ErrBodyRead):
					t.Errorf("got %v, want ErrBodyRead", err)
				}
			})
		}
	}
}

func TestResponseRestOfBody(t *testing.T) {
	r := get(t, `{"status":200}`, "head and rest")
	if _, err := io.ReadFull(r.Body, make([]byte, len("head and "))); err != nil {
		t.Fatal(err)
	}
	if text, err := r.Text(); text != "rest" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestResponseOwnBody(t *testing.T) {
	r := &bridge.Response{Status: 200, Body: io.NopCloser(strings.NewReader("mine"))}
	if text, err := r.Text(); text != "mine" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestResponseJSON(t *testing.T) {
	type task struct {
		Name string `json:"name"`
	}
	var got task
	if err := get(t, `{"status":200}`, `{"name":"Go"}`).JSON(&got); err != nil || got.Name != "Go" {
		t.Errorf("got %+v, %v", got, err)
	}
	bad := map[string]string{"syntax": `{"name":secret}`, "type": `{"name":123456}`, "empty": ""}
	for name, body := range bad {
		t.Run(name, func(t *testing.T) {
			err := get(t, `{"status":200}`, body).JSON(&got)
			if !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("got %v, want ErrInvalidResponse", err)
			}
			if containsText(err, "secret") || containsText(err, "123456") {
				t.Errorf("%v quotes the body", err)
			}
		})
	}
}
