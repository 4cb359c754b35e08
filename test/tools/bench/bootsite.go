package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/internal/bundle"
)

// bootSite serves the pages of the part boot, each in its own folder.
type bootSite struct {
	address string
	server  *httptest.Server
	// encoding is the content-encoding of all files: gzip, br or identity.
	encoding string
	files    map[string][]byte
	// pages are the folders, in the order of their visits. Every other round visits them in reverse order.
	pages []string
}

// The head of the page begins with the platform's bridge, as on the platform.
const hostScript = `<script src="boot-host.js"></script>`

// newBootSite serves the pages of the part boot. ways are those of the part loading, each with the program bare.
func newBootSite(ctx context.Context, b *bench, ways ...string) (*bootSite, error) {
	if err := checkFolder(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "forgego-boot-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	official := filepath.Join(dir, pageOfficial)
	if err := os.Mkdir(official, 0o755); err != nil {
		return nil, err
	}
	index, err := os.ReadFile(filepath.Join(testdata, "boot", "page", "index.html"))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(official, "index.html"), index, 0o644); err != nil {
		return nil, err
	}
	// A module may use await at its top level. A classic script may not.
	if err := command(ctx, filepath.Join(modules, ".bin", "esbuild"), filepath.Join(testdata, "boot", "page", "app.js"),
		"--bundle", "--minify", "--format=esm", "--log-level=error", "--outfile="+filepath.Join(official, "app.js")); err != nil {
		return nil, err
	}
	for page, program := range map[string]string{pageOurs: "app", pageEmpty: "empty", pageBare: "bare"} {
		if err := buildProgram(ctx, "programs/boot/"+program, filepath.Join(dir, page)); err != nil {
			return nil, err
		}
	}
	if b.tinygo {
		if err := buildBy(ctx, bundle.TinyGo, "programs/boot/app", filepath.Join(dir, pageTiny)); err != nil {
			return nil, err
		}
	}
	early := map[string]string{pageOurs: pageEarly}
	if b.tinygo {
		early[pageTiny] = pageTinyEarly
	}
	for page, early := range early {
		if err := os.CopyFS(filepath.Join(dir, early), os.DirFS(filepath.Join(dir, page))); err != nil {
			return nil, err
		}
		if err := change(filepath.Join(dir, early, "index.html"), `data-program="app.wasm"`, `data-program="app.wasm" data-early="get:tasks-api/tasks"`); err != nil {
			return nil, err
		}
	}
	pages := b.bootPages()
	if len(ways) > 0 {
		pages = append([]string{pageOfficial}, ways...)
		if err := addWays(ctx, dir, ways); err != nil {
			return nil, err
		}
	}
	host, err := os.ReadFile(filepath.Join(testdata, "boot", "page", "boot-host.js"))
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		if err := os.WriteFile(filepath.Join(dir, page, "boot-host.js"), host, 0o644); err != nil {
			return nil, err
		}
		if err := change(filepath.Join(dir, page, "index.html"), "<head>", "<head>"+hostScript); err != nil {
			return nil, err
		}
	}
	s := &bootSite{encoding: b.encoding, files: map[string][]byte{}, pages: pages}
	if err := s.read(dir); err != nil {
		return nil, err
	}
	s.server = httptest.NewServer(s)
	s.address = s.server.URL
	return s, nil
}

// change replaces a text that must occur exactly once in a file.
func change(file, old, new string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if n := bytes.Count(text, []byte(old)); n != 1 {
		return fmt.Errorf("%s has %s %d times, want it once", file, old, n)
	}
	return os.WriteFile(file, bytes.Replace(text, []byte(old), []byte(new), 1), 0o644)
}

// read loads all files into memory, encoded.
func (s *bootSite) read(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if filepath.Ext(name) != ".gz" { // which is what a server sends that knows nothing of it
			data, err = encoded(data, s.encoding)
		}
		s.files["/"+filepath.ToSlash(name)] = data
		return err
	})
}

func encoded(data []byte, encoding string) ([]byte, error) {
	var b bytes.Buffer
	switch encoding {
	case "identity":
		return data, nil
	case "gzip":
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		_, _ = w.Write(data)
		err = w.Close()
		return b.Bytes(), err
	case "br":
		w := brotli.NewWriterLevel(&b, brotli.BestCompression)
		_, _ = w.Write(data)
		err := w.Close()
		return b.Bytes(), err
	}
	return nil, fmt.Errorf("there is no encoding %q; use gzip, br or identity", encoding)
}

func (s *bootSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	kind, cache := "application/wasm", "private, max-age=3600"
	switch filepath.Ext(r.URL.Path) {
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".html":
		kind, cache = "text/html; charset=utf-8", "no-cache"
	case ".gz":
		kind = "application/gzip"
	}
	header.Set("Content-Type", kind)
	header.Set("Cache-Control", cache)
	header.Set("Content-Length", strconv.Itoa(len(data)))
	if s.encoding != "identity" && kind != "application/gzip" {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), s.encoding) {
			http.Error(w, "the browser does not take "+s.encoding, http.StatusNotAcceptable)
			return
		}
		header.Set("Content-Encoding", s.encoding)
	}
	_, _ = w.Write(data)
}

func (s *bootSite) close() { s.server.Close() }
