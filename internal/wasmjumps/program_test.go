package wasmjumps

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// build returns a front end as the Go compiler writes it.
func build(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "app.wasm")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", file, "../../examples/hello/frontend")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// TestProgram rewrites a program, and runs many of its functions before and after.
func TestProgram(t *testing.T) {
	program := build(t)
	rewritten, err := Rewrite(program)
	if err != nil {
		t.Fatal(err)
	}
	before, after := bodies(program), bodies(rewritten)
	if len(before) != len(after) {
		t.Fatalf("%d functions have become %d", len(before), len(after))
	}
	changed, loops, direct := 0, 0, 0
	for i, body := range before {
		if bytes.Equal(body, after[i]) {
			continue
		}
		changed++
		f, ok := parse(body)
		if !ok {
			t.Fatalf("function %d has another form, and is not copied", i)
		}
		all, _ := f.jumps()
		loops, direct = loops+len(all), direct+len(f.cycles())-1 // the first is the function
		if len(all) > 0 || changed%5 == 0 {
			checkSame(t, body, after[i])
		}
		if t.Failed() {
			t.Fatalf("it is function %d", i)
		}
	}
	// More than half of all functions have jumps. If the compiler starts to write them in another way, this fails.
	if changed < len(before)/2 {
		t.Errorf("of %d functions only %d are rewritten", len(before), changed)
	}
	// The others have several entries.
	if direct < loops*4/5 {
		t.Errorf("of %d loops only %d are direct", loops, direct)
	}
	if len(rewritten) >= len(program) {
		t.Errorf("%d bytes have become %d", len(program), len(rewritten))
	}
}
