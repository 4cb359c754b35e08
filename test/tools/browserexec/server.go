package main

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/wasmjumps"
)

//go:embed page
var pageFiles embed.FS

// server serves the page with its program, and receives what the program writes and how it ends.
type server struct {
	*httptest.Server
	stdout, stderr io.Writer

	open sync.Once
	// opened is closed when the page is open.
	opened chan struct{}
	once   sync.Once
	done   chan outcome
}

// end reports how the program ended. Only the first report counts.
func (s *server) end(o outcome) { s.once.Do(func() { s.done <- o }) }

func (s *server) isOpen() bool {
	select {
	case <-s.opened:
		return true
	default:
		return false
	}
}

// receive adds the routes of page.js, and the echo for programs.
func (s *server) receive(mux *http.ServeMux) {
	for path, to := range map[string]io.Writer{"/output/1": s.stdout, "/output/2": s.stderr} {
		mux.HandleFunc("POST "+path, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(to, r.Body) })
	}
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body) // whole, because the server reads no further when an answer has begun
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("X-Content-Type", r.Header.Get("Content-Type"))
		_, _ = w.Write(body)
	})
	mux.HandleFunc("POST /exit", func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err == nil {
			var status int
			status, err = strconv.Atoi(string(text))
			s.end(outcome{status, err})
		}
	})
	mux.HandleFunc("POST /failure", func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		s.end(outcome{err: errors.New(strings.TrimSpace(string(text)))})
	})
}

// serve serves the page, the shim and the program on a loopback address. If wasmExec is empty, serve uses the file of the
// go command, and makes the program's jumps direct.
func serve(wasmExec, binary string, args []string, stdout, stderr io.Writer) (*server, error) {
	program, err := os.ReadFile(binary)
	if err != nil {
		return nil, fmt.Errorf("the test binary: %w", err)
	}
	if wasmExec == "" {
		// Users' programs are built so. TinyGo's, which have their own wasm_exec.js, are left as they are.
		if program, err = wasmjumps.Rewrite(program); err != nil {
			return nil, fmt.Errorf("the test binary: %w", err)
		}
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
	served := &server{stdout: stdout, stderr: stderr, opened: make(chan struct{}), done: make(chan outcome, 1)}
	served.receive(mux)
	mux.HandleFunc("GET /options.json", func(w http.ResponseWriter, _ *http.Request) {
		served.open.Do(func() { close(served.opened) })
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(options)
	})
	file("/app.wasm", "application/wasm", program)
	served.Server = httptest.NewServer(mux)
	return served, nil
}
