package manifest

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestAddTunnelPorts(t *testing.T) {
	const rest = "app:\n  id: x # the id\n"
	for _, c := range []struct{ name, before, after string }{
		{"block", "resources:\n  - key: main # ours\n    path: static # here\n\n" + rest, "resources:\n  - key: main # ours\n    path: static # here\n    tunnel:\n      port: 8901\n\n" + rest},
		{"path first", "resources:\n- path: static\n  key: main\n" + rest, "resources:\n- path: static\n  tunnel:\n    port: 8901\n  key: main\n" + rest},
		{"among others", "resources:\n  - key: a\n    path: a\n  - key: main\n    path: b\n  - key: c\n    path: c\n", "resources:\n  - key: a\n    path: a\n  - key: main\n    path: b\n    tunnel:\n      port: 8901\n  - key: c\n    path: c\n"},
		{"on one line", "resources:\n  - {key: main, path: static} # ours\n", "resources:\n  - {tunnel: {port: 8901}, key: main, path: static} # ours\n"},
		{"in brackets", "resources: [{ key: main, path: static }]\n", "resources: [{tunnel: {port: 8901}, key: main, path: static }]\n"},
		{"no last line end", "resources:\n  - key: main\n    path: static", "resources:\n  - key: main\n    path: static\n    tunnel:\n      port: 8901\n"},
		{"Windows", "resources:\r\n  - key: main\r\n    path: static\r\n", "resources:\r\n  - key: main\r\n    path: static\r\n    tunnel:\r\n      port: 8901\r\n"},
		{"byte order mark", "\ufeffresources:\n  - key: main\n    path: static\n", "\ufeffresources:\n  - key: main\n    path: static\n    tunnel:\n      port: 8901\n"},
		{"path of two lines", "resources:\n  - key: main\n    path: \"static\\\n      /x\"\n", "resources:\n  - key: main\n    tunnel:\n      port: 8901\n    path: \"static\\\n      /x\"\n"},
		{"no such resource", "resources:\n  - key: other\n    path: static\n", ""},
		{"a tunnel already", "resources:\n  - key: main\n    path: static\n    tunnel: {port: 1}\n", ""},
		{"an alias", "x: &m {key: main, path: static}\nresources: [*m]\n", ""},
		{"not YAML", "resources: [\n", ""},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "manifest.yml")
		if err := os.WriteFile(file, []byte(c.before), 0o640); err != nil {
			t.Fatal(err)
		}
		err := AddTunnelPorts(dir, map[string]int{"main": 8901})
		got, _ := os.ReadFile(file)
		want := c.after
		if want == "" {
			want = c.before
		}
		if (err != nil) != (c.after == "") || string(got) != want {
			t.Errorf("%s: got %v and\n%s\nwant\n%s", c.name, err, got, want)
		}
		if info, err := os.Stat(file); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o640) {
			t.Errorf("%s: the mode has changed: %v", c.name, info.Mode())
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("%s: there are other files: %v", c.name, entries)
		}
	}
}

func TestAddTunnelPortsKeepsLinks(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	target := filepath.Join(other, "m.yml")
	if err := os.WriteFile(target, []byte("resources:\n  - key: main\n    path: static\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, filepath.Join(dir, "manifest.yml")); err != nil {
		if runtime.GOOS == "windows" {
			return // Windows allows links to few users only.
		}
		t.Fatal(err)
	}
	if err := AddTunnelPorts(dir, map[string]int{"main": 8901}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(filepath.Join(dir, "manifest.yml")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if err := AddTunnelPorts(t.TempDir(), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a manifest: got %v", err)
	}
}
