//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// withTools returns a folder of PATH with programs that print these texts.
func withTools(t *testing.T, tools map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range tools {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// printed runs forgego with only these folders in PATH, and returns its exit status and its standard output.
func printed(t *testing.T, path string, args ...string) (status int, out string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), forgego, args...)
	cmd.Env = append(os.Environ(), "PATH="+path)
	text, _ := cmd.Output()
	return cmd.ProcessState.ExitCode(), string(text)
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	dir := withTools(t, map[string]string{
		"go":       "echo go1.26.8",
		"tinygo":   "echo tinygo version 0.39.0 linux/amd64 '(using go version go1.26.8 and LLVM version 19.1.2)'",
		"node":     "echo v24.1.0",
		"forge":    "exit 1",
		"chromium": "echo Chromium 156.0.1234.5 built on Debian",
	})
	status, out := printed(t, dir, "doctor")
	if status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	for _, want := range []string{
		"\nok        Go          1.26.8        " + dir + "/go\n",
		"\nold       TinyGo      0.39.0        " + dir + "/tinygo\n          Version 0.41.1 or newer is needed: install it from https://tinygo.org/",
		"\nok        Node.js     24.1.0        " + dir + "/node\n",
		"\nok        Forge CLI                 " + dir + "/forge\n",
		"\nok        Chromium    156.0.1234.5  " + dir + "/chromium\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output does not contain %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "a browser") || strings.Contains(out, "Firefox") {
		t.Errorf("the output names browsers that are not needed:\n%s", out)
	}
}

func TestDoctorMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tools map[string]string
		want  string
	}{
		"no Go":  {nil, "\nmissing   Go\n          It builds front ends and backends: install it from https://go.dev/dl and open a new terminal.\n"},
		"old Go": {map[string]string{"go": "echo go1.25.9"}, "\nold       Go          1.25.9 "},
	} {
		status, out := printed(t, withTools(t, c.tools), "doctor")
		if status != 1 || !strings.Contains(out, c.want) || !strings.Contains(out, "\noptional  TinyGo\n") || runtime.GOOS == "linux" && !strings.Contains(out, "\nmissing   a browser\n") {
			t.Errorf("%s: exit status %d, output:\n%s", name, status, out)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	status, out := printed(t, withTools(t, map[string]string{"go": "echo go1.26.8"}), "version")
	if want := "\nGo 1.26.8\nTinyGo not installed\nsends what @forge/bridge " + forgeBridge + " sends\n"; status != 0 || !strings.HasPrefix(out, "forgego ") || !strings.HasSuffix(out, want) {
		t.Errorf("exit status %d, output:\n%s", status, out)
	}
	packages, err := os.ReadFile("../../test/package.json")
	if err != nil || !strings.Contains(string(packages), `"@forge/bridge": "`+forgeBridge+`"`) {
		t.Errorf("the client that our tests compare with is not version %s (%v)", forgeBridge, err)
	}
}
