package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/wasmjumps"
)

// TestDirectJumps checks that a program of the Go compiler runs as users' programs do, and one of another compiler as it is.
func TestDirectJumps(t *testing.T) {
	binary := build(t)
	original, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	rewritten, err := wasmjumps.Rewrite(original)
	if err != nil {
		t.Fatal(err)
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	wasmExec := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	for _, test := range []struct {
		name, wasmExec string
		want           []byte
	}{
		{"Go", "", rewritten},
		{"another compiler", wasmExec, original},
	} {
		t.Run(test.name, func(t *testing.T) {
			server, err := serve(test.wasmExec, binary, nil, io.Discard, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			answer, err := http.Get(server.URL + "/app.wasm")
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			got, err := io.ReadAll(answer.Body)
			if err != nil || !bytes.Equal(got, test.want) {
				t.Errorf("the page gets %d bytes, want %d: %v", len(got), len(test.want), err)
			}
		})
	}
	t.Run("no program", func(t *testing.T) {
		_, err := serve("", "server_test.go", nil, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "the test binary: this is not a program of WebAssembly") {
			t.Errorf("a text returns %v", err)
		}
	})
}
