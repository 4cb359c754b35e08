package devhost_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/devhost"
)

// An app of one page, on a free port.
func Example() {
	dir, err := os.MkdirTemp("", "app")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	os.WriteFile(filepath.Join(dir, "manifest.yml"), []byte(`app:
  id: ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10
modules:
  jira:issuePanel:
    - key: panel
      title: Tasks
      resource: main
resources:
  - key: main
    path: static
`), 0o644)
	os.Mkdir(filepath.Join(dir, "static"), 0o755)
	os.WriteFile(filepath.Join(dir, "static", "index.html"), []byte("<!doctype html><title>Tasks</title>"), 0o644)

	host, err := devhost.New(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	served := make(chan error, 1)
	go func() { served <- host.Serve(ctx) }()

	resp, err := http.Get(host.AppURL() + "main/") // the frame in the page at host.URL()
	if err != nil {
		fmt.Println(err)
		return
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	fmt.Println(resp.Status, strings.Contains(string(page), "<title>Tasks</title>"))

	stop()
	fmt.Println(<-served)
	// Output:
	// 200 OK true
	// <nil>
}
