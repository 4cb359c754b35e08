package devloop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
)

// limitedDisk mounts a small disk on a folder. It returns functions that fill it and that free it. Where a test may not
// mount, the builds fail as they do on a full disk.
func (r *running) limitedDisk(folder string) (fill, free func(), prepare func(*Loop)) {
	r.t.Helper()
	at := filepath.Join(r.dir, folder)
	if err := syscall.Mount("none", at, "tmpfs", 0, "size=8m"); err != nil {
		r.t.Logf("mounting a small disk: %v; so its failure is simulated", err)
		var full atomic.Bool
		prepare = func(l *Loop) {
			l.bundle = func(ctx context.Context, o bundle.Options) ([]bundle.File, error) {
				if full.Load() {
					return nil, fmt.Errorf("writing %s: %w", filepath.Join(at, bundle.Program), syscall.ENOSPC)
				}
				return bundle.Build(ctx, o)
			}
		}
		return func() { full.Store(true) }, func() { full.Store(false) }, prepare
	}
	r.t.Cleanup(func() {
		if err := syscall.Unmount(at, syscall.MNT_DETACH); err != nil {
			r.t.Error(err)
		}
	})
	filler := filepath.Join(at, ".filler")
	fill = func() {
		r.t.Helper()
		f, err := os.Create(filler)
		if err != nil {
			r.t.Fatal(err)
		}
		defer f.Close()
		for block := make([]byte, 4096); err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			r.t.Fatal(err)
		}
	}
	return fill, func() { r.remove(folder + "/.filler") }, func(*Loop) {}
}

func TestFullDiskOfTheResource(t *testing.T) {
	t.Parallel()
	r := newApp(t, "forgego.yml", onlyFrontend)
	fill, free, prepare := r.limitedDisk("static")
	r.run(Options{}, prepare)
	r.untilProgram("main", "first words")
	r.write("static/style.css", "p {}")
	fill()
	r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1))
	r.untilProblem("frontend main", filepath.Join(r.dir, "static", bundle.Program)+": no space left on device")
	if program := r.get(r.Host().AppURL() + "main/app.wasm"); !strings.Contains(program, "first words") {
		t.Error("the old program is gone")
	}
	free()
	// Nothing of the app has changed. The developer rebuilds, or saves again.
	r.Rebuild()
	r.untilProgram("main", "second words")
	r.waitForNoProblems()
	left, err := filepath.Glob(filepath.Join(r.dir, "static", ".forgego-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
