//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNewAsks(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "notes")
	c := runInTerminal(t, nil, "new", "--backend", "none", dir)
	c.screen.Wait(t, "Name [Notes]: ")
	c.press(strings.Repeat("x", 61) + "\n")
	c.screen.Wait(t, "the name has 61 characters; use at most 60")
	c.press("Team Notes\n")
	c.screen.Wait(t, "Go module [example.com/notes]: ")
	c.press("\n")
	c.screen.Wait(t, "Product, jira or confluence [jira]: ")
	c.press("trello\n")
	c.screen.Wait(t, "write jira or confluence")
	c.press("confluence\n")
	if status := c.wait(); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	if manifest := readFile(t, dir, "manifest.yml"); !strings.Contains(manifest, "title: Team Notes\n") || !strings.Contains(manifest, "confluence:contentBylineItem:") {
		t.Errorf("manifest.yml is\n%s", manifest)
	}
}

// TestNewDoesNotAsk checks that flags, or --yes, answer all questions, also in a terminal.
func TestNewDoesNotAsk(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--yes"},
		{"--name", "Notes", "--module", "example.com/notes", "--product", "jira"},
		{"--name", "Notes", "--module", "example.com/notes", "--template", "macro"},
	} {
		dir := filepath.Join(t.TempDir(), "notes")
		c := runInTerminal(t, nil, append([]string{"new", "--backend", "none", dir}, args...)...)
		if status := c.wait(); status != 0 || strings.Contains(c.screen.String(), "]: ") {
			t.Errorf("%v: exit status %d, the terminal shows:\n%s", args, status, c.screen)
		}
	}
}

// TestNewIsStopped checks that the end of the input, and Ctrl-C, at a question write nothing.
func TestNewIsStopped(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"\x04", "\x03"} {
		dir := filepath.Join(t.TempDir(), "notes")
		c := runInTerminal(t, nil, "new", dir)
		c.screen.Wait(t, "Name [Notes]: ")
		c.press("\n")
		c.screen.Wait(t, "Go module [")
		c.press(key)
		if status := c.wait(); status != 1 {
			t.Errorf("%q: exit status %d, want 1", key, status)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q: the folder was created", key)
		}
	}
}
