package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTunnelErrors(t *testing.T) {
	const valid = "modules:\n  jira:globalPage:\n    - {key: page, title: Page, resource: main}\nresources:\n  - key: main\n    path: static\n" +
		"app:\n  id: ari:cloud:ecosystem::app/0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b\npermissions:\n  content:\n    scripts: [unsafe-eval]\n"
	const frontend = "frontends:\n  main: {package: ./frontend}\n"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	used := fmt.Sprintf("    path: static\n    tunnel: {port: %d}\n", l.Addr().(*net.TCPAddr).Port)
	for _, c := range []struct{ name, manifest, dev, want string }{
		{"no manifest", "", frontend, "there is no such file"},
		{"no program", valid, "", "nothing to serve: forgego.yml has no Go front end"},
		{"a server of its own", strings.Replace(valid, "    path: static\n", used, 1), "frontends:\n  main: {command: [npm, run, dev]}\n", "Start these, for example with npm run dev, and then forge tunnel"},
		{"no port", valid, frontend, "resource \"main\" has no tunnel.port"},
		{"port in use", strings.Replace(valid, "    path: static\n", used, 1), frontend, "Another forgego tunnel may run"},
		{"no permission", strings.Replace(valid, "unsafe-eval", "unsafe-inline", 1), frontend, "which the app's policy does not let run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"manifest.yml": c.manifest, "forgego.yml": c.dev, "static/index.html": "<!doctype html>", "frontend/main.go": "package main\n"} {
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if text == "" {
					continue
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var out, errOut bytes.Buffer
			if status := run(ctx, []string{"tunnel", dir}, &out, &errOut); status != 1 || !strings.Contains(errOut.String(), c.want) || out.Len() > 0 {
				t.Errorf("status %d, output %q, want 1 and %q on standard error:\n%s", status, out.String(), c.want, errOut.String())
			}
			if text, _ := os.ReadFile(filepath.Join(dir, "manifest.yml")); string(text) != c.manifest {
				t.Errorf("without --write, manifest.yml has changed:\n%s", text)
			}
		})
	}
}
