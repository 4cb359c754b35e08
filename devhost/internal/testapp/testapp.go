// Package testapp has an app and a site for the tests of the local host.
package testapp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

// ID is the app's id.
const ID = "ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555"

// Manifest returns an app with two modules, one resource and one remote. The folder of its resource "main" exists. The
// folder has no manifest.yml.
func Manifest(t *testing.T) *manifest.Manifest {
	t.Helper()
	dir := t.TempDir()
	Write(t, dir, "static/main/index.html", "<!doctype html><html><head><title>Tasks</title></head><body></body></html>")
	return &manifest.Manifest{
		Dir:   dir,
		AppID: ID,
		Modules: []manifest.Module{
			{Type: "jira:issuePanel", Key: "panel", Title: "Tasks", Views: []manifest.View{{Resource: "main", Entry: "index.html"}}, Endpoint: "tasks"},
			{Type: "macro", Key: "macro", Title: "Tasks in a page", Views: []manifest.View{{Resource: "main", Entry: "index.html"}}},
		},
		Resources: []manifest.Resource{{Key: "main", Path: "static/main"}},
		Endpoints: []manifest.Endpoint{{Key: "tasks", Remote: "tasks-api", SystemToken: true, UserToken: true}},
		Remotes:   []manifest.Remote{{Key: "tasks-api", BaseURL: "https://tasks.example.com/api"}},
		Scopes:    []string{"read:jira-work", "read:app-user-token", "read:app-system-token"},
	}
}

// Write writes a file below dir and creates its folder.
func Write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Site is a server that requests are forwarded to. It keeps the last request.
type Site struct {
	*httptest.Server
	// Got is the last request, and Body its body. Got is nil before the first request.
	Got  *http.Request
	Body string
}

// NewSite starts a site that runs until the test ends.
func NewSite(t *testing.T, answer http.HandlerFunc) *Site {
	s := &Site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.Got, s.Body = r.Clone(t.Context()), string(body)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// Ask makes a request and returns the response and its body. It follows no redirects. The headers are name, value, name,
// value.
func Ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}
