package browser_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestCloseEndsAll checks that Close leaves no process and no profile, even if a page is always busy.
func TestCloseEndsAll(t *testing.T) {
	for name, busy := range map[string]bool{"idle": false, "busy": true} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			b, err := browser.Start(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tab, _, err := b.Tab(func(any) {})
			if err != nil {
				t.Fatal(err)
			}
			if processesWith(t, temp) == 0 {
				t.Fatal("no process uses the profile, so this test checks nothing")
			}
			if busy {
				ctx, cancel := context.WithTimeout(tab, time.Second)
				_ = chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`for (;;) {}`))
				cancel()
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			deadline := time.NewTimer(10 * time.Second)
			defer deadline.Stop()
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for processesWith(t, temp) > 0 {
				select {
				case <-tick.C:
				case <-deadline.C:
					t.Fatalf("%d processes are left", processesWith(t, temp))
				}
			}
			if left, _ := filepath.Glob(filepath.Join(temp, "forgego-*")); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// processesWith counts the processes with a text in their command line.
func processesWith(t *testing.T, text string) int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		if line, err := os.ReadFile(file); err == nil && bytes.Contains(line, []byte(text)) {
			n++
		}
	}
	return n
}
