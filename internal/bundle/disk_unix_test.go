//go:build unix

package bundle

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// limitFiles limits the size of files that this process writes, as if the disk were full.
func limitFiles(t *testing.T, most uint64) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	limit := old
	limit.Cur = most
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	})
}

func TestFullDiskKeepsOldFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, Program)
	put(t, file, "old")
	limitFiles(t, 1<<20)
	if err := replace(file, bytes.Repeat([]byte("new"), 1<<20)); err == nil || !strings.Contains(err.Error(), "write") {
		t.Errorf("got %v, want an error that contains %q", err, "write")
	}
	if got, err := os.ReadFile(file); string(got) != "old" {
		t.Errorf("the file is %.10q, %v", got, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("the folder contains %v (%v)", files, err)
	}
}

// A build that is stopped ends the compiler and all its processes, and leaves no temporary folder.
func TestBuildCancelledLeavesNothing(t *testing.T) {
	dir, temp := app(t, hello), t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("GOTMPDIR", "")
	running := filepath.Join(t.TempDir(), "running")
	if err := syscall.Mkfifo(running, 0o600); err != nil {
		t.Fatal(err)
	}
	// Both the go command and its compiler keep the pipe open.
	wrapGo(t, `exec 3>'`+running+`'; mktemp -d >&3; mkdir "$GOTMPDIR/go-build1"; sleep 1000 & wait`)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := Build(ctx, Options{Dir: dir, Package: "./frontend", Out: "static"})
		failed <- err
	}()
	pipe, err := os.Open(running)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	line := make([]byte, 1000)
	n, err := pipe.Read(line)
	if err != nil || !strings.HasPrefix(string(line[:n]), temp+"/forgego-") {
		t.Errorf("the compiler creates its folders in %q (%v)", line[:n], err)
	}
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := io.ReadAll(pipe); err != nil { // returns when both processes have ended
		t.Error(err)
	}
	if files, err := os.ReadDir(temp); err != nil || len(files) > 0 {
		t.Errorf("the folder contains %v (%v)", files, err)
	}
}
