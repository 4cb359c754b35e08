//go:build !tinygo

package bridge_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// deepList decodes itself by json.Unmarshal, as types of an app may.
type deepList struct{ inner []deepList }

func (l *deepList) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &l.inner) }

func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// TestDeepAnswer checks that JSON with thousands of levels does not exhaust the stack, which would end the
// program in a browser.
func TestDeepAnswer(t *testing.T) {
	for levels, ok := range map[int]bool{500: true, 501: false, 9000: false, 1 << 20: false} {
		text := nested(levels)
		object := `{"unknown":` + nested(levels-1) + `}`
		tests := map[string]func() error{
			"JSON into any":          func() error { return get(t, `{"status":200}`, text).JSON(new(any)) },
			"JSON into a type":       func() error { return get(t, `{"status":200}`, text).JSON(new(deepList)) },
			"JSON, a skipped member": func() error { return get(t, `{"status":200}`, object).JSON(&struct{ Name string }{}) },
			"JSON, kept as it is":    func() error { return get(t, `{"status":200}`, text).JSON(new(json.RawMessage)) },
			"a function's result": func() error {
				c, _ := answering(text, "")
				_, err := bridge.Invoke[any](bridge.NewContext(t.Context(), c), "f", nil)
				return err
			},
			"a function's result raw": func() error {
				c, _ := answering(text, "")
				_, err := bridge.Invoke[json.RawMessage](bridge.NewContext(t.Context(), c), "f", nil)
				return err
			},
		}
		for name, read := range tests {
			t.Run(name, func(t *testing.T) {
				err := read()
				if ok && err != nil || !ok && (!errors.Is(err, bridge.ErrInvalidResponse) || !containsText(err, "500 levels")) {
					t.Errorf("%d levels: %v", levels, err)
				}
			})
		}
	}
	// A body that is not decoded may be nested to any depth.
	client, _ := answering(`{"success":true,"payload":{"status":200,"headers":{},"body":`+nested(9000)+`}}`, "")
	r, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := r.Text(); text != nested(9000) || err != nil {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// TestDeepValue tests the same for values that the app sends, which may be values that it received.
func TestDeepValue(t *testing.T) {
	var deep, fits any = 1, 1
	for range 9000 {
		deep = map[string]any{"a": deep}
	}
	for range 500 {
		fits = []any{fits}
	}
	for name, send := range map[string]func(c *bridge.Client, value any) error{
		"requestRemote": func(c *bridge.Client, value any) error {
			_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), c), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(value)})
			return err
		},
		"invoke": func(c *bridge.Client, value any) error {
			_, err := bridge.Invoke[struct{}](bridge.NewContext(t.Context(), c), "f", value)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":200}`, "")
			if err := send(client, deep); !errors.Is(err, bridge.ErrInvalidRequest) || len(*calls) != 0 {
				t.Errorf("too deep: %v, %d calls", err, len(*calls))
			}
			if err := send(client, fits); err != nil || len(*calls) != 1 {
				t.Errorf("as deep as is allowed: %v, %d calls", err, len(*calls))
			}
		})
	}
}

// TestByteOrderMarkIsSkipped checks that a body may start with a byte order mark, as in a browser, on each way.
func TestByteOrderMarkIsSkipped(t *testing.T) {
	const mark = "\uFEFF"
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, mark+`{"name":"Gö"}`)
	}))
	clients := map[string]func() (*bridge.Response, error){
		"host": func() (*bridge.Response, error) {
			return bridge.RequestRemote(bridge.NewContext(t.Context(), host.Client()), "tasks-api", bridge.Request{Path: "/"})
		},
		"direct": func() (*bridge.Response, error) {
			return bridge.RequestRemote(host.Context(t, bridge.WithDirect(bridge.HostTokens())), "tasks-api", bridge.Request{Path: "/"})
		},
		"invokeRemote": func() (*bridge.Response, error) {
			return bridge.InvokeRemote(bridge.NewContext(t.Context(), host.Client()), bridge.Request{Path: "/"})
		},
	}
	for name, send := range clients {
		t.Run(name, func(t *testing.T) {
			r, err := send()
			if err != nil {
				t.Fatal(err)
			}
			var v struct{ Name string }
			if err := r.JSON(&v); err != nil || v.Name != "Gö" {
				t.Errorf("JSON: %+v, %v", v, err)
			}
			if r, err = send(); err != nil {
				t.Fatal(err)
			}
			if text, err := r.Text(); text != `{"name":"Gö"}` || err != nil {
				t.Errorf("Text: %q, %v", text, err)
			}
			if name == "invokeRemote" {
				return // its answers are JSON values and not bytes
			}
			if r, err = send(); err != nil {
				t.Fatal(err)
			}
			if data, err := r.Bytes(); string(data) != mark+`{"name":"Gö"}` || err != nil {
				t.Errorf("Bytes: %q, %v", data, err)
			}
		})
	}
}

// TestBodySizeIsBounded checks the limit for bodies that are read as a whole.
func TestBodySizeIsBounded(t *testing.T) {
	bridge.SetMaxBody(t, 1000)
	for name, read := range map[string]func(*bridge.Response) error{
		"Bytes": func(r *bridge.Response) error { _, err := r.Bytes(); return err },
		"Text":  func(r *bridge.Response) error { _, err := r.Text(); return err },
		"JSON":  func(r *bridge.Response) error { return r.JSON(new(any)) },
	} {
		t.Run(name, func(t *testing.T) {
			fits := &closing{Reader: strings.NewReader("1" + strings.Repeat(" ", 999))}
			if err := read(&bridge.Response{Status: 200, Body: fits}); err != nil || !fits.closed {
				t.Errorf("1000 bytes: %v, closed %v", err, fits.closed)
			}
			endless := &closing{Reader: spaces{}}
			if err := read(&bridge.Response{Status: 200, Body: endless}); !errors.Is(err, bridge.ErrInvalidResponse) || !endless.closed {
				t.Errorf("without an end: %v, closed %v", err, endless.closed)
			}
		})
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestValueWithoutJSONForm needs recover, which TinyGo does not have: encoding/json panics and recovers if it cannot
// encode a value.
func TestValueWithoutJSONForm(t *testing.T) {
	client, calls := answering(`{"status":200}`, "")
	_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON(func() {})})
	checkInvalid(t, err, "Body", *calls)
	_, err = bridge.Invoke[struct{}](bridge.NewContext(t.Context(), client), "f", func() {})
	checkInvalid(t, err, "payload", *calls)
}
