package tinygo

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/internal/bundle"
)

// TestProgramsAreWithinTheirBudgets compares the size of what a page loads, without the shim, with its budget. It measures
// the program and its wasm_exec.js separately, with brotli at its best level.
func TestProgramsAreWithinTheirBudgets(t *testing.T) {
	for name, budget := range map[string]int{"sizes/text": 64_000, "jsonanswer": 153_500} {
		t.Run(name, func(t *testing.T) {
			dir := built(t, name)
			exec, _, err := bundle.ScriptParts(read(t, filepath.Join(dir, bundle.Script)))
			if err != nil {
				t.Fatal(err)
			}
			program, script := compressed(t, read(t, filepath.Join(dir, bundle.Program))), compressed(t, exec)
			t.Logf("%d bytes: the program %d, wasm_exec.js %d", program+script, program, script)
			if program+script > budget {
				t.Errorf("the program %s has %d bytes with its wasm_exec.js in brotli 11; the budget is %d. "+
					"Look for a package that is new: tinygo build -target=wasm -opt=z -size=full", name, program+script, budget)
			}
		})
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func compressed(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, err := w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
