package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The exit status is 1 for errors, and 0 for warnings. Only the problems are on standard output.
func TestCheck(t *testing.T) {
	const valid = "modules:\n  jira:globalPage:\n    - {key: page, title: Page, resource: main}\nresources:\n  - {key: main, path: static}\n" +
		"app:\n  runtime: {name: nodejs22.x}\n  id: ari:cloud:ecosystem::app/0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b\n"
	for _, c := range []struct {
		name, manifest, flags string
		status                int
		want                  string
	}{
		{"valid", valid, "", 0, "No problems found.\n"},
		{"warning", strings.Replace(valid, "app:\n", "app:\n  name: x\n", 1), "", 0, "manifest.yml:7:3: warning: app.name is no longer used. Remove it. The name is set in the developer console.\n0 errors, 1 warning\n"},
		{"error", strings.Replace(valid, "title: Page, ", "", 1), "", 1, "manifest.yml:3:7: error: jira:globalPage has no title. Add \"title: …\", a text or {i18n: key}.\n1 error, 0 warnings\n"},
		{"annotation", strings.Replace(valid, "title: Page, ", "", 1), "--format github", 1, ",line=3,col=7::jira:globalPage has no title%0AAdd"},
		{"wrong site", valid, "--site foo", 2, ""},
		{"site without TLS", valid, "--site http://foo.atlassian.net", 2, ""},
		{"page of a site", valid, "--site https://foo.atlassian.net/jira", 2, ""},
		{"site", valid, "--site https://foo.atlassian.net/", 0, "No problems found.\n"},
		{"wrong format", valid, "--format xml", 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"manifest.yml": c.manifest, "static/index.html": "<!doctype html>"} {
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var out, errOut bytes.Buffer
			status := run(t.Context(), append(strings.Fields("check "+c.flags), dir), &out, &errOut)
			if got := strings.ReplaceAll(out.String(), dir+string(filepath.Separator), ""); status != c.status || !strings.Contains(got, c.want) {
				t.Errorf("status %d, output %q, want %d and %q", status, got, c.status, c.want)
			}
			if (status == 2) != (errOut.Len() > 0) || strings.Contains(c.flags, "--site") && status == 2 && !strings.Contains(errOut.String(), "https://YOUR-SITE.atlassian.net") {
				t.Errorf("standard error: %q", errOut.String())
			}
		})
	}
}

func TestCheckJSON(t *testing.T) {
	var out, errOut bytes.Buffer
	if status := run(t.Context(), []string{"check", "--format", "json", t.TempDir()}, &out, &errOut); status != 1 {
		t.Errorf("status %d", status)
	}
	var list []map[string]any
	if err := json.Unmarshal(out.Bytes(), &list); err != nil || len(list) != 1 || list[0]["severity"] != "error" || list[0]["message"] != "there is no such file" {
		t.Errorf("got %v, %s", err, out.String())
	}
}
