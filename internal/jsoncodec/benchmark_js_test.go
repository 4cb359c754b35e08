//go:build !tinygo

package jsoncodec

import (
	"encoding/json"
	"syscall/js"
	"testing"
)

// BenchmarkPaired compares the codec with JSON.parse and JSON.stringify of node's engine, which take turns with it. Each
// metric is the processor time of the codec ÷ that of the engine, so that other programs on the machine do not count:
//
//	PATH="$PATH:$(go env GOROOT)/lib/wasm" GOOS=js GOARCH=wasm go test -run '^$' -bench Paired -benchtime 1x ./internal/jsoncodec
func BenchmarkPaired(b *testing.B) {
	const pairs = 9
	parse := js.Global().Get("Function").New("text", "n", `for (let i = 0; i < n; i++) globalThis.kept = JSON.parse(text)`)
	stringify := js.Global().Get("Function").New("text", "n", `
		if (globalThis.from !== text) globalThis.value = JSON.parse((globalThis.from = text))
		for (let i = 0; i < n; i++) globalThis.kept = JSON.stringify(globalThis.value)`)
	process := js.Global().Get("process")
	spent := func() float64 {
		usage := process.Call("cpuUsage")
		return usage.Get("user").Float() + usage.Get("system").Float()
	}
	var kept any
	for _, s := range samples() {
		b.Run(s.name, func(b *testing.B) {
			text := js.ValueOf(string(s.text))
			n := max(1, 1_000_000/len(s.text))
			value := s.into()
			if err := json.Unmarshal(s.text, value); err != nil {
				b.Fatal(err)
			}
			var room []byte
			loops := []struct {
				name   string
				engine js.Value
				loop   func() error
			}{
				{"parse", parse, func() error {
					v := s.into()
					kept = v
					return Unmarshal(s.text, v)
				}},
				{"parse-std", parse, func() error {
					v := s.into()
					kept = v
					return json.Unmarshal(s.text, v)
				}},
				{"stringify", stringify, func() (err error) {
					kept, err = Marshal(value)
					return err
				}},
				{"stringify-reused", stringify, func() (err error) {
					room, err = Append(room[:0], value)
					return err
				}},
				{"stringify-std", stringify, func() (err error) {
					kept, err = json.Marshal(value)
					return err
				}},
			}
			for b.Loop() {
				for _, l := range loops {
					var ours, engine float64
					for i := range pairs {
						start := spent()
						l.engine.Invoke(text, n)
						between := spent()
						for range n {
							if err := l.loop(); err != nil {
								b.Fatal(err)
							}
						}
						if i > 0 { // the first compiles
							engine += between - start
							ours += spent() - between
						}
					}
					b.ReportMetric(ours/engine, l.name)
				}
			}
			_ = kept
			b.ReportMetric(0, "ns/op")
		})
	}
}
