package supervise

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// "go run" leaves its temporary files behind if it is stopped or killed. Stop must remove them.

func TestStoppedGoRunLeavesNoFiles(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("GOTMPDIR", temp)
	p, _ := start(t, "starts another")
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkGoTemp(t, temp, 1)
	p.Stop()
	checkGoTemp(t, temp, 0)
}

func TestCancelledGoRunLeavesNoFiles(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("GOTMPDIR", temp)
	c, home := newCommand(t, "waits for a child")
	for _, variable := range c.Env[len(os.Environ()):] {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	c.Env = nil
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _, _ = c.Run(ctx)
	}()
	home.await()
	checkGoTemp(t, temp, 1)
	cancel()
	<-ended
	checkGoTemp(t, temp, 0)
}

// leaveGoBuild makes a folder as "go run" does.
func leaveGoBuild() {
	if temp := os.Getenv("GOTMPDIR"); temp != "" {
		_, _ = os.MkdirTemp(temp, "go-build")
	}
}

func checkGoTemp(t *testing.T, temp string, want int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(temp, "forgego-*", "go-build*"))
	if err != nil || len(files) != want {
		t.Errorf("the folders of go run are %v (%v); want %d", files, err, want)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != want {
		t.Errorf("the temporary folder contains %v (%v); want %d entries", left, err, want)
	}
}
