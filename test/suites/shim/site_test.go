// Package shim tests the shim (jsglue/) as an app ships it, in Chromium, with real servers and real Go programs.
//
// Run it from the folder test/; Chromium must be installed:
//
//	go test -count=1 ./suites/shim
package shim

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

// All tests share one Chromium. Each test has its own tab.
var chromium *browser.Browser

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, nil, "TestFailuresAreShown", "TestPreloadedFilesAreRequestedOnce")
}

//go:embed testdata/record.js
var record []byte

// file is the answer of a site at a path.
type file struct {
	contentType string
	body        []byte
	// encoding is the content-encoding of the body.
	encoding string
	status   int
	policy   string
	// location is where a redirect leads.
	location string
	// hold, if set, holds back the second half of the body until it is closed.
	hold chan struct{}
	// broken closes the connection instead of sending the second half of the body.
	broken bool
}

// site has the files of a server, by path. Its methods are for a single test.
type site map[string]*file

// newSite returns a bundle as "forgego build" makes it. Its page first runs a script that records what happens.
func newSite(t *testing.T) site {
	t.Helper()
	return site{
		"/index.html": html(`<script src="record.js"></script><script src="forgego.js" data-program="app.wasm" defer></script>`),
		"/record.js":  script(append([]byte(browser.RecordConsole), record...)),
		"/forgego.js": startScript(t, wasmExec(t)),
		"/app.wasm":   {contentType: "application/wasm", body: compiledProgram(t)},
	}
}

// loading makes the page load its program with the JavaScript code run.
func (s site) loading(run string) site {
	s["/index.html"] = html(`<script src="record.js"></script><script src="forgego.js"></script><script>` + run + `</script>`)
	return s
}

// open serves the site and opens one of its paths.
func (s site) open(t *testing.T, path string) *browser.Page {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return chromium.Open(t, server.URL+path)
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	f, ok := s[path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header["Content-Type"] = nil // Otherwise the server would guess the type.
	if f.contentType != "" {
		header.Set("Content-Type", f.contentType)
	}
	header.Set("Content-Length", strconv.Itoa(len(f.body)))
	if f.encoding != "" {
		header.Set("Content-Encoding", f.encoding)
	}
	if f.policy != "" {
		header.Set("Content-Security-Policy", f.policy)
	}
	if f.location != "" {
		header.Set("Location", f.location)
	}
	if f.status != 0 {
		w.WriteHeader(f.status)
	}
	half := len(f.body) / 2
	_, _ = w.Write(f.body[:half])
	if f.hold != nil {
		_ = http.NewResponseController(w).Flush()
		select {
		case <-f.hold:
		case <-r.Context().Done():
		}
	}
	if f.broken {
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(f.body[half:])
}

func html(body string) *file {
	return &file{contentType: "text/html; charset=utf-8", body: []byte("<!doctype html><html lang=en><title>App</title><link rel=icon href=data:,>" + body)}
}

func script(body []byte) *file { return &file{contentType: "text/javascript", body: body} }

func zip(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// build compiles programs/shim and reads the toolchain's wasm_exec.js, once for all tests.
var build = sync.OnceValues(func() (built struct{ program, wasmExec []byte }, err error) {
	dir, err := os.MkdirTemp("", "forgego-shim-")
	if err != nil {
		return built, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "app.wasm")
	cmd := exec.Command("go", "build", "-o", path, "../../programs/shim")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		return built, fmt.Errorf("%w\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return built, err
	}
	if built.wasmExec, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")); err != nil {
		return built, err
	}
	built.program, err = os.ReadFile(path)
	return built, err
})

func compiledProgram(t *testing.T) []byte {
	t.Helper()
	built, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return built.program
}

// startScript returns forgego.js as it is shipped, with this wasm_exec.js in it.
func startScript(t *testing.T, wasmExec []byte) *file {
	t.Helper()
	text, err := bundle.StartScript(wasmExec)
	if err != nil {
		t.Fatal(err)
	}
	return script(text)
}

func wasmExec(t *testing.T) []byte {
	t.Helper()
	built, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return built.wasmExec
}
