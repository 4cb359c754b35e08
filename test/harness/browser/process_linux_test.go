package browser_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestCloseEndsAll checks that Close leaves no process, no display and no profile, even if a page is always busy.
func TestCloseEndsAll(t *testing.T) {
	engines, err := browser.Engines()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range engines {
		for name, busy := range map[string]bool{"idle": false, "busy": true} {
			t.Run(string(engine)+" "+name, func(t *testing.T) { testClose(t, engine, busy) })
		}
	}
}

func testClose(t *testing.T, engine browser.Engine, busy bool) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	b, err := browser.Start(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("page", func(t *testing.T) {
		page := b.Open(t, "about:blank")
		// The program that is busy blocks the page and nothing else.
		if page.Eval(`void 0`, nil); busy {
			page.Eval(`void setTimeout(() => { for (;;); }, 100)`, nil)
		}
		if len(processesWith(t, temp)) == 0 {
			t.Fatal("no process uses the profile, so this test checks nothing")
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for len(processesWith(t, temp)) > 0 {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("these processes are left: %v", processesWith(t, temp))
		}
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "forgego-*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestHeadlessShell checks which programs are Chromium: the headless shell for most tests, and the whole browser for the others.
func TestHeadlessShell(t *testing.T) {
	if !browser.HasShell() {
		t.Skip("chromium-headless-shell is not installed, or the variable CHROMIUM names another program")
	}
	for name, c := range map[string]struct {
		start func(context.Context, browser.Engine) (*browser.Browser, error)
		shell bool
	}{
		"Start": {browser.Start, true}, "StartWhole": {browser.StartWhole, false}, "StartThrottled": {browser.StartThrottled, false},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			b, err := c.start(t.Context(), browser.Chromium)
			if err != nil {
				t.Fatal(err)
			}
			programs := processesWith(t, temp)
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			if len(programs) == 0 {
				t.Fatal("no process uses the profile, so this test checks nothing")
			}
			if got := strings.Contains(strings.Join(programs, " "), "headless-shell"); got != c.shell {
				t.Errorf("these programs run: %v", programs)
			}
		})
	}
}

// processesWith returns the programs of the processes with a text in their command line or in their environment.
func processesWith(t *testing.T, text string) (programs []string) {
	t.Helper()
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		line, _ := os.ReadFile(filepath.Join(folder, "cmdline"))
		env, _ := os.ReadFile(filepath.Join(folder, "environ"))
		if bytes.Contains(line, []byte(text)) || bytes.Contains(env, []byte(text)) {
			program, _ := os.Readlink(filepath.Join(folder, "exe"))
			programs = append(programs, program)
		}
	}
	return programs
}
