package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/bundle"
)

//go:embed page
var pageFiles embed.FS

// serve serves the page, the shim and the program on a loopback address. If wasmExec is empty, serve uses the file of the
// go command.
func serve(wasmExec, binary string, args []string) (*httptest.Server, error) {
	if _, err := os.Stat(binary); err != nil {
		return nil, fmt.Errorf("the test binary: %w", err)
	}
	if wasmExec == "" {
		// The go command that started this program is first in PATH, so both come from the same toolchain.
		root, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			return nil, fmt.Errorf("go env GOROOT: %w", err)
		}
		wasmExec = filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	}
	exec, err := os.ReadFile(wasmExec)
	if err != nil {
		return nil, fmt.Errorf("wasm_exec.js: %w", err)
	}
	env := map[string]string{}
	for _, name := range []string{"GODEBUG", "GOTRACEBACK"} {
		if value, ok := os.LookupEnv(name); ok {
			env[name] = value
		}
	}
	options, err := json.Marshal(map[string]any{"program": "app.wasm", "args": append([]string{}, args...), "env": env})
	if err != nil {
		return nil, err
	}

	mux := http.NewServeMux()
	file := func(path, contentType string, content []byte) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(content)
		})
	}
	for _, name := range []string{"index.html", "page.js"} {
		content, err := pageFiles.ReadFile("page/" + name)
		if err != nil {
			return nil, err
		}
		if name == "index.html" {
			file("/{$}", "text/html; charset=utf-8", content)
		} else {
			file("/"+name, "text/javascript; charset=utf-8", content)
		}
	}
	script, err := bundle.StartScript(exec)
	if err != nil {
		return nil, err
	}
	file("/forgego.js", "text/javascript; charset=utf-8", script)
	file("/options.json", "application/json", options)
	mux.HandleFunc("GET /app.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, binary)
	})
	return httptest.NewServer(mux), nil
}
