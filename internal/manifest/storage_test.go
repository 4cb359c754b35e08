package manifest

import (
	"fmt"
	"strings"
	"testing"
)

// storageApp is a manifest with places for a handler and for a resource.
const storageApp = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
      resolver: {function: resolver}
  function:
    - key: resolver
      handler: %s.handler
resources:
  - key: main
    path: %s
    tunnel: {port: 5173}
remotes:
  - key: backend
    baseUrl: https://example.com
`

// The file of storage cannot be where anyone can load it, or where each change starts something again.
func TestStorageFolder(t *testing.T) {
	const frontend = "frontends:\n  main: {command: [npm, start], dir: web}\n"
	for _, c := range []struct{ name, dev, want string }{
		{".forgego/storage.json", frontend, ""},
		{"storage.json", frontend, ""},
		{"./data/storage.json", "", ""},
		{"static/storage.json", frontend, ""}, // The resource is in static/main.
		{"static/main/storage.json", "", `storage cannot be in the folder "static/main", which has the files of resource "main"`},
		{"./static/../static/main/.data/storage.json", "", `"static/main", which has the files`},
		{"src/storage.json", "", `"src", which has the app's functions`},
		{"src/data/storage.json", "", `"src", which has the app's functions`},
		{"web/storage.json", "", ""},
		{"web/storage.json", frontend, `"web", which has the front end "main"`},
		{"program/storage.json", "frontends:\n  main: {package: ./program}\n", `"./program", which has the front end "main"`},
		{"server/a.json", "remotes:\n  backend: {command: [go, run, ./server], watch: [server]}\n", `"server", which watch of "backend" lists`},
	} {
		dir := app(t, "manifest.yml", fmt.Sprintf(storageApp, "index", "static/main"), "forgego.yml", c.dev+"storage: "+c.name+"\n",
			"static/main/index.html", "", "src/index.js", "", "web/a", "", "program/a", "", "server/a", "")
		checkStorageFault(t, dir, c.name+" "+c.dev, c.want, "forgego.yml:", ".forgego/storage.json, or storage.json beside manifest.yml")
	}

	for _, c := range []struct{ name, handler, path, want, fix string }{
		{"missing/storage.json", "index", "missing", `"missing", which has the files of resource "main"`, "Use .forgego/"},
		{"storage.json", "index", ".", `".", which has the files of resource "main"`, "Name a smaller folder"},
		{"storage.json", "index", "..", `"..", which has the files of resource "main"`, ""},
		{"src/storage.json", "deep/index", "static", `"src", which has the app's functions`, "Use .forgego/"},
	} {
		dir := app(t, "manifest.yml", fmt.Sprintf(storageApp, c.handler, c.path), "forgego.yml", "storage: "+c.name+"\n")
		checkStorageFault(t, dir, c.name+" with "+c.path, c.want, c.fix)
	}
}

// checkStorageFault checks that LoadDev returns an error with all texts, or none if the first is empty.
func checkStorageFault(t *testing.T, dir, name, want string, more ...string) {
	t.Helper()
	_, err := LoadDev(dir)
	if want == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	for _, text := range append(more, want) {
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: got %v, want %s", name, err, text)
		}
	}
}
