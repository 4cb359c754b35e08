//go:build !tinygo

package bridge

import (
	"context"
	"strings"
	"testing"
)

// These benchmarks justify code that is there for speed only: the function plain, and unsafe.go. They also run in
// WebAssembly:
//
//	GOOS=js GOARCH=wasm go test -exec="$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run=- -bench=. ./bridge

// sameAnswer is a host that answers every call in the same way.
type sameAnswer Answer

func (a sameAnswer) Call(context.Context, Call) (Answer, error) { return Answer(a), nil }

func BenchmarkRequestRemote(b *testing.B) {
	for _, c := range []struct {
		name string
		size int
	}{{"1KiB", 1 << 10}, {"1MiB", 1 << 20}} {
		text := strings.Repeat("x", c.size)
		client := New(sameAnswer{Body: []byte(text), Payload: []byte(`{"status":200,"statusText":"OK","headers":{` +
			`"cache-control":"no-store","content-length":"1024","content-type":"application/json; charset=utf-8",` +
			`"date":"Mon, 02 Jan 2006 15:04:05 GMT","etag":"\"33a64df5\"","vary":"Origin"}}`)})
		request := Request{
			Method: "POST",
			Path:   "/tasks?project=10000&status=open",
			Header: Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Idempotency-Key": {"0123456789"}},
			Body:   Text(text),
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := RequestRemote(NewContext(context.Background(), client), "tasks-api", request)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := r.Text(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkInvokeResponse skips a body of 110 KB, as InvokeRemote does.
func BenchmarkInvokeResponse(b *testing.B) {
	answer := []byte(`{"success":true,"payload":{"status":200,"headers":{"content-type":["application/json"]},"body":{"items":["` +
		strings.Repeat(`plain text of some length","more of it, with a \"quote\"","`, 2000) + `"]}}}`)
	b.SetBytes(int64(len(answer)))
	for b.Loop() {
		if _, err := invokeResponse(Answer{Payload: answer}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppendJSONString quotes 4 KiB of text, as Invoke and InvokeRemote do with strings.
func BenchmarkAppendJSONString(b *testing.B) {
	text := strings.Repeat("plain text of some length, ", 150)
	var room []byte
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		room = appendJSONString(room[:0], text)
	}
}
