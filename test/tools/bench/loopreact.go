package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/supervise"
)

// reactApp is the app whose page is in React, and whose Go program Vite builds and replaces.
func reactApp() loopApp {
	logic := loopKind{"front-end Go", func(dir, mark string) error {
		return writeFile(dir, "src/logic/mark_js.go", "package main\n\nimport \"syscall/js\"\n\nfunc init() { js.Global().Set(\"mark\", \""+mark+"\") }\n")
	}, seenInPage(`globalThis.benchMarks?.program ?? ''`), append(wasmBuild, "./src/logic"), 400}
	return loopApp{"react", reactFiles, []loopKind{logic}}
}

// reactFiles makes the app of programs/react in a folder, with the npm packages of test/react.
func reactFiles(dir string) error {
	addr, err := supervise.FreeAddr()
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(addr)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("programs", "react"))); err != nil {
		return err
	}
	err = errors.Join(
		makeModule(dir, "example.com/words"),
		writeFile(dir, "package.json", `{"private": true, "type": "module", "scripts": {"dev": "vite --port `+port+` --strictPort"}}`),
		writeFile(dir, "forgego.yml", "frontends:\n  main:\n    command: [npm, run, dev]\n"),
		writeFile(dir, "manifest.yml", `app:
  id: ari:cloud:ecosystem::app/6f6f2b44-1e0f-4c3a-9a53-5d0c4b9a7e22
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
resources:
  - key: main
    path: dist
    tunnel:
      port: `+port+`
permissions:
  content:
    scripts: [unsafe-eval]
    styles: [unsafe-inline]
`),
		writeFile(dir, "public/mark.js", markScript),
		changeFile(dir, "index.html", func(text string) string {
			return strings.Replace(text, "</head>", "<script src=\"/mark.js\"></script></head>", 1)
		}),
		linkPackages(filepath.Join("react", modules), filepath.Join(dir, modules)))
	if err != nil {
		return err
	}
	command := exec.Command(forgegoFor(dir), "vite")
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("forgego vite: %w\n%s", err, out)
	}
	return nil
}

// linkPackages links installed npm packages into a folder, in which tools may write.
func linkPackages(from, to string) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	installed, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("%w (run: make setup)", err)
	}
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	for _, e := range installed {
		if name := e.Name(); name == ".bin" || !strings.HasPrefix(name, ".") {
			if err := os.Symlink(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
				return err
			}
		}
	}
	return nil
}
