package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// folder creates a Makefile with these targets and returns its folder. Each target is a shell command.
func folder(t *testing.T, targets map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	var text strings.Builder
	for name, command := range targets {
		text.WriteString(name + ":\n\t@" + command + "\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// until is a shell command that waits for a file.
func until(file string) string { return "until [ -e " + file + " ]; do sleep 0.01; done" }

func TestTwoRunAtOnceAndOutputsDoNotMix(t *testing.T) {
	dir := folder(t, map[string]string{
		"first":  "echo one; " + until("second-ran") + "; echo two >&2; echo three",
		"second": "echo four; touch second-ran; " + until("third-ran"),
		"third":  "touch third-ran; echo five",
	})
	var out strings.Builder
	if err := (makefile{program: "make", dir: dir}).run(t.Context(), &out, []string{"first", "second", "third"}); err != nil {
		t.Fatalf("%v; it printed:\n%s", err, &out)
	}
	got := regexp.MustCompile(` *\d+ s`).ReplaceAllString(out.String(), "N s")
	if want := "== first\none\ntwo\nthree\n== second\nfour\n== third\nfive\nN s  first\nN s  second\nN s  third\nN s  in all, 2 at once\n"; got != want {
		t.Errorf("it printed:\n%s\nwant:\n%s", got, want)
	}
}

func TestFailureStopsTheOthersAndComesLast(t *testing.T) {
	for _, order := range [][]string{{"slow", "quick", "bad", "never"}, {"quick", "bad", "slow", "never"}} {
		t.Run(strings.Join(order, " "), func(t *testing.T) {
			dir := folder(t, map[string]string{
				"slow":  "echo slow; touch slow-runs; " + until("forever"),
				"quick": "echo quick",
				"bad":   until("slow-runs") + "; echo why >&2; exit 3",
				"never": "touch never-ran",
			})
			var out strings.Builder
			err := (makefile{program: "make", dir: dir}).run(t.Context(), &out, order)
			if err == nil || !regexp.MustCompile(`^make bad failed after \d+ s: exit status 2$`).MatchString(err.Error()) {
				t.Errorf("the error is %v", err)
			}
			if last := out.String()[strings.LastIndex(out.String(), "== "):]; !regexp.MustCompile(`^== bad\nwhy\nmake(\[\d+\])?: \*\*\* \[.*bad\] Error 3\n$`).MatchString(last) {
				t.Errorf("it printed:\n%s", &out)
			}
			if _, err := os.Stat(filepath.Join(dir, "never-ran")); err == nil {
				t.Error("a target started after the failure")
			}
		})
	}
}

func TestKeepGoing(t *testing.T) {
	dir := folder(t, map[string]string{"bad": "exit 3", "good": "echo fine", "worse": "echo why; exit 4"})
	var out strings.Builder
	err := (makefile{program: "make", dir: dir, keepGoing: true}).run(t.Context(), &out, []string{"bad", "good", "worse"})
	if err == nil || !regexp.MustCompile(`^make bad failed after \d+ s: exit status 2\nmake worse failed after \d+ s: exit status 2$`).MatchString(err.Error()) {
		t.Errorf("the error is %v", err)
	}
	if !regexp.MustCompile(`(?s)== good\nfine\n== worse\nwhy\n.* s  worse\n`).MatchString(out.String()) {
		t.Errorf("it printed:\n%s", &out)
	}
}

// TestEnvironmentIsTheSameEachTime checks that a target gets this process's environment. With a variable that has another
// value each time, go test would not use cached results.
func TestEnvironmentIsTheSameEachTime(t *testing.T) {
	dir := folder(t, map[string]string{"print": "env | grep -v -e ^_= -e ^MAKE -e ^MFLAGS -e ^PWD= -e ^OLDPWD= -e ^SHLVL= | sort"})
	var runs [2]strings.Builder
	for i := range runs {
		if err := (makefile{program: "make", dir: dir}).run(t.Context(), &runs[i], []string{"print"}); err != nil {
			t.Fatal(err)
		}
	}
	first, second := before(runs[0].String(), " s  print"), before(runs[1].String(), " s  print")
	if first != second {
		t.Errorf("the environment was\n%s\nand then\n%s", first, second)
	}
}

// before returns the lines of a text before the one that ends with end.
func before(text, end string) string {
	head, _, _ := strings.Cut(text, end)
	return head[:strings.LastIndex(head, "\n")+1]
}

func TestStop(t *testing.T) {
	dir := folder(t, map[string]string{"slow": "echo it runs; " + until("forever")})
	ctx, cancel := context.WithCancelCause(t.Context())
	out := &stopper{func() { cancel(errors.New("Ctrl-C")) }}
	if err := (makefile{program: "make", dir: dir}).run(ctx, out, []string{"slow"}); err == nil || err.Error() != "Ctrl-C" {
		t.Errorf("the error is %v", err)
	}
}

// stopper calls stop when a target prints that it runs.
type stopper struct{ stop func() }

func (s *stopper) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "it runs") {
		s.stop()
	}
	return len(p), nil
}
