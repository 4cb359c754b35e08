package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/tools/bench/stat"
)

func TestBootSite(t *testing.T) {
	site := &bootSite{encoding: "gzip", files: map[string][]byte{
		"/ours/index.html": []byte("1"), "/ours/app.wasm": []byte("22"), "/ours/forgego.js": []byte("333"),
	}}
	for path, want := range map[string][4]string{
		"/ours/index.html": {"text/html; charset=utf-8", "no-cache", "gzip", "1"},
		"/ours/app.wasm":   {"application/wasm", "private, max-age=3600", "gzip", "22"},
		"/ours/forgego.js": {"text/javascript; charset=utf-8", "private, max-age=3600", "gzip", "333"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path+"?latency=100", nil)
		r.Header.Set("Accept-Encoding", "gzip, br")
		site.ServeHTTP(w, r)
		h := w.Header()
		if got := [4]string{h.Get("Content-Type"), h.Get("Cache-Control"), h.Get("Content-Encoding"), w.Body.String()}; w.Code != 200 || got != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, got, want)
		}
	}
	for path, want := range map[string]int{"/ours/app.wasm": 406, "/other": 404} {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest("GET", path, nil)) // accepts no encoding
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestChange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "index.html")
	for text, want := range map[string]string{"<head>x": "<head>!x", "x": "", "<head><head>": ""} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := change(file, "<head>", "<head>!")
		got, readErr := os.ReadFile(file)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if want == "" && (err == nil || string(got) != text) || want != "" && (err != nil || string(got) != want) {
			t.Errorf("%s became %s (%v), want %q", text, got, err, want)
		}
	}
}

func TestConditions(t *testing.T) {
	names := map[string]bool{}
	for _, c := range conditions() {
		names[c.Name()] = true
	}
	if len(names) != 8 || !names["cold/0ms/1x"] || !names["warm/100ms/4x"] {
		t.Errorf("got %v", names)
	}
}

// TestBootMarkdown checks that a value that was not measured is a dash. The columns are then the same with and without
// TinyGo.
func TestBootMarkdown(t *testing.T) {
	cell := func(pages ...string) BootCell {
		c := BootCell{condition: condition{Slowdown: 1}, First: map[string]stat.Quartiles{pageOfficial: quartiles(100)},
			Screen: map[string]stat.Quartiles{pageOfficial: quartiles(200)}, FirstRatio: map[string]stat.Quartiles{}, ScreenRatio: map[string]stat.Quartiles{}}
		for i, page := range pages {
			c.FirstRatio[page], c.ScreenRatio[page] = quartiles(float64(i+2)), quartiles(float64(i+4))
		}
		return c
	}
	text := (&Boot{Cells: []BootCell{cell(pageOurs, pageEarly), cell(pageOurs, pageEarly, pageTiny, pageTinyEarly, pageBare, pageEmpty)}}).Markdown()
	for _, want := range []string{
		"| 100 | 2.0 (1.8–2.2) | 3.0 (2.7–3.3) | – | – | – | – |\n",
		"| 100 | 2.0 (1.8–2.2) | 3.0 (2.7–3.3) | 4.0 (3.6–4.4) | 5.0 (4.5–5.5) | 6.0 (5.4–6.6) | 7.0 (6.3–7.7) |\n",
		"| 200 | 4.0 (3.6–4.4) | 5.0 (4.5–5.5) | – | – | – |\n",
		"| 200 | 4.0 (3.6–4.4) | 5.0 (4.5–5.5) | 6.0 (5.4–6.6) | 7.0 (6.3–7.7) | 8.0 (7.2–8.8) |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestBootPages(t *testing.T) {
	for tinygo, want := range map[bool]bool{false: false, true: true} {
		if got := slices.Contains((&bench{tinygo: tinygo}).bootPages(), pageTiny); got != want {
			t.Errorf("TinyGo is there: %v, its page: %v", tinygo, got)
		}
	}
}
