package relay_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/relay"
)

// BenchmarkRequest sends small requests over one connection, directly and through the relay.
func BenchmarkRequest(b *testing.B) {
	addr := handle(b, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	r, _ := start(b, relay.Options{Report: func(relay.Exchange) {}})
	r.Forward(addr)
	for name, addr := range map[string]string{"direct": addr, "relay": r.Addr()} {
		b.Run(name, func(b *testing.B) {
			client := &http.Client{Transport: &http.Transport{}}
			for b.Loop() {
				res, err := client.Post("http://"+addr, "application/json", strings.NewReader(`{"a":1}`))
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			client.CloseIdleConnections()
		})
	}
}

// BenchmarkDownload reads 100 MB.
func BenchmarkDownload(b *testing.B) {
	const size = 100 << 20
	piece := make([]byte, 64<<10)
	addr := handle(b, func(w http.ResponseWriter, _ *http.Request) {
		for range size / len(piece) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	r, _ := start(b, relay.Options{Report: func(relay.Exchange) {}})
	r.Forward(addr)
	for name, addr := range map[string]string{"direct": addr, "relay": r.Addr()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				res, err := http.Get("http://" + addr)
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, res.Body); n != size || err != nil {
					b.Fatal(n, err)
				}
				res.Body.Close()
			}
		})
	}
}
