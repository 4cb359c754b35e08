package check

import (
	"fmt"
	"strings"
	"testing"
)

// The line of a minified page is the whole page. Each problem with a copy of it would need much memory.
func TestManyProblems(t *testing.T) {
	const n = 1000
	page := []string{"static/index.html", "<!doctype html>" + strings.Repeat(`<p style="a">`, n)}
	scopes := panel + "permissions:\n  scopes:\n"
	for i := range n {
		scopes += fmt.Sprintf("    - none:%d\n", i)
	}
	for _, c := range []struct {
		name, manifest string
		files          []string
		want           string
	}{
		{"page", panel, page, "static/index.html error: has 800 more problems like these\n"},
		{"manifest", scopes, nil, "manifest.yml error: has 800 more problems like these\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, c.manifest, c.files...)
			problems := Run(t.Context(), Options{Dir: dir})
			if got := report(t, dir, problems); len(problems) != maxProblems+1 || !strings.HasSuffix(got, c.want) {
				t.Errorf("%d problems, want %d, and the last is\n%s", len(problems), maxProblems+1, got[strings.LastIndex(got[:len(got)-1], "\n")+1:])
			}
		})
	}
}

// The exit status of the command must not depend on which problems are shown.
func TestErrorBeyondShownWarnings(t *testing.T) {
	c := &checker{}
	for i := range maxProblems + 10 {
		severity := Warning
		if i == maxProblems+1 {
			severity = Error
		}
		c.add(Problem{File: "f", Line: i + 1, Severity: severity})
	}
	c.add(Problem{File: "g", Line: 1})
	got := c.result()
	if more := got[maxProblems]; len(got) != maxProblems+2 || more.File != "f" || more.Severity != Error || more.Message != "has 10 more problems like these" {
		t.Errorf("%d problems; after those of f: %+v", len(got), more)
	}
}

func TestSameProblemsEachTime(t *testing.T) {
	dir := app(t, strings.Replace(panel, "modules:\n", `modules:
  endpoint:
    - key: tasks
      remote: api
      auth:
        appUserToken: {enabled: true}
        appSystemToken: {enabled: true}
`, 1)+"remotes:\n  - {key: api, baseUrl: https://api.example.com}\n")
	first := report(t, dir, Run(t.Context(), Options{Dir: dir}))
	for range 20 {
		if next := report(t, dir, Run(t.Context(), Options{Dir: dir})); next != first {
			t.Fatalf("got first\n%sand then\n%s", first, next)
		}
	}
}
