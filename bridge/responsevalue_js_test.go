package bridge_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
)

func evaluate(expression string) safejs.Value {
	return safejs.Safe(js.Global().Call("eval", expression))
}

func TestResponseOf(t *testing.T) {
	r, err := bridge.ResponseOf(t.Context(), evaluate(`new Response(new Uint8Array([0, 255, 10]), {status: 203, statusText: "So", headers: [["x-a", "1"], ["x-a", "2"]]})`))
	if err != nil {
		t.Fatal(err)
	}
	data, err := r.Bytes()
	if r.Status != 203 || r.StatusText != "So" || r.Header.Get("X-A") != "1, 2" || string(data) != "\x00\xff\n" || err != nil {
		t.Errorf("got %+v, %q, %v", r, data, err)
	}
}

func TestResponseOfErrors(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx   context.Context
		value string
		want  error
	}{
		"a number":       {t.Context(), `5`, bridge.ErrInvalidResponse},
		"null":           {t.Context(), `null`, bridge.ErrInvalidResponse},
		"an object":      {t.Context(), `({status: 200})`, bridge.ErrInvalidResponse},
		"a network fail": {t.Context(), `new Response(new ReadableStream({start(c) { c.error(new TypeError("broken")) }}))`, bridge.ErrNetwork},
		"read before":    {t.Context(), `(() => { const r = new Response("x"); r.text(); return r })()`, bridge.ErrNetwork},
		"ended":          {ended, `new Response("x")`, context.Canceled},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := bridge.ResponseOf(tt.ctx, evaluate(tt.value)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestResponseValue(t *testing.T) {
	tests := map[string]*bridge.Response{
		"text":    {Status: 200, StatusText: "OK", Header: bridge.Header{"X-A": {"1", "2"}}, Body: io.NopCloser(strings.NewReader("hé"))},
		"bytes":   {Status: 404, Header: bridge.Header{}, Body: io.NopCloser(strings.NewReader("\x00\xff"))},
		"no body": {Status: 204, Header: bridge.Header{}, Body: io.NopCloser(strings.NewReader(""))},
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			data, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(data)))
			value, err := r.Value()
			if err != nil {
				t.Fatal(err)
			}
			back, err := bridge.ResponseOf(t.Context(), value)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := back.Bytes()
			if back.Status != r.Status || back.StatusText != r.StatusText || string(got) != string(data) {
				t.Errorf("got %+v with %q, want %+v with %q", back, got, r, data)
			}
			for header, values := range r.Header {
				if want := []string{strings.Join(values, ", ")}; !reflect.DeepEqual(back.Header[header], want) {
					t.Errorf("%s: %q, want %q", header, back.Header[header], want)
				}
			}
		})
	}
}
