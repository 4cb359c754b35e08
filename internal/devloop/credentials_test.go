package devloop

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

// TestMissingCredentials checks that a variable of forgego.yml that is not set is reported before the page is ready.
func TestMissingCredentials(t *testing.T) {
	t.Setenv("FORGEGO_TEST_SET", "Basic x")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"manifest.yml":      manifestText,
		"static/index.html": "<!doctype html>",
		"forgego.yml": "products:\n  jira:\n    url: https://jira.example.com\n    authorization: FORGEGO_TEST_UNSET\n" +
			"  confluence:\n    url: https://confluence.example.com\n    authorization: FORGEGO_TEST_SET\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var notes []string
	l, err := New(Options{Dir: dir, NoWatch: true, Report: func(e devhost.Event) {
		switch e.Type {
		case EventLog:
			notes = append(notes, e.Text)
		case EventReady:
			stop()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Run(ctx) // ends with stop
	if len(notes) != 1 || !strings.Contains(notes[0], "the authorization for jira from the environment variable FORGEGO_TEST_UNSET, which is not set") {
		t.Errorf("got %q", notes)
	}
}
