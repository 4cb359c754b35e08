package functions

import (
	"os/exec"
	"testing"
)

// BenchmarkCall compares a call of a handler with a process of Node.js for each call:
//
//	go test -run '^$' -bench Call ./internal/functions
func BenchmarkCall(b *testing.B) {
	b.Run("one process", func(b *testing.B) {
		p := start(b, "src/index.js", "export const handler = (what) => what;\n")
		for b.Loop() {
			if _, err := p.call("hello"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("a process for each call", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command("node", "-e", "process.stdout.write('\"hello\"')").Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
