package devloop

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

// TestMissingCredentials checks that a variable of forgego.yml that is not set is reported before the page is ready.
func TestMissingCredentials(t *testing.T) {
	t.Setenv("FORGEGO_TEST_SET", "Basic x")
	notes := firstNotes(t, manifestText, "products:\n  jira:\n    url: https://jira.example.com\n    authorization: FORGEGO_TEST_UNSET\n"+
		"  confluence:\n    url: https://confluence.example.com\n    authorization: FORGEGO_TEST_SET\n")
	if len(notes) != 1 || !strings.Contains(notes[0], "the authorization for jira from the environment variable FORGEGO_TEST_UNSET, which is not set") {
		t.Errorf("got %q", notes)
	}
}

// TestManifestWarnings checks that warnings about manifest.yml are reported before the page is ready.
func TestManifestWarnings(t *testing.T) {
	text := strings.Replace(manifestText, "modules:\n", "modules:\n  jira:issuePanell: [{key: typing-error, title: A, resource: main}]\n  jira:adminPage: [{key: kit, title: A, function: f}]\n", 1)
	want := []string{
		`manifest.yml:5: the local host does not show module "kit": UI Kit modules run in the product only`,
		"manifest.yml: Forge has no module type jira:issuePanell; did you mean jira:issuePanel?",
	}
	if notes := firstNotes(t, text, "{}"); !slices.Equal(notes, want) {
		t.Errorf("got %q, want %q", notes, want)
	}
}

// firstNotes returns what the loop of an app tells the developer before the page is ready.
func firstNotes(t *testing.T, manifestYML, forgegoYML string) (notes []string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"manifest.yml":      manifestYML,
		"static/index.html": "<!doctype html>",
		"forgego.yml":       forgegoYML,
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
	return notes
}
