package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is the time limit for every wait for a process. It includes the first build of the example.
const patience = 3 * time.Minute

// process is a command that runs until the test ends or stops it.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error

	mu     sync.Mutex
	output bytes.Buffer
	// changed is closed when there is new output.
	changed chan struct{}
}

// start starts a command with env in addition to the test's environment. The log of a failed test contains its output.
func start(t *testing.T, env []string, name string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(name, args...), exited: make(chan struct{}), changed: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("output of %s %s:\n%s", name, strings.Join(args, " "), p.text())
		}
	})
	return p
}

// Write stores the command's output.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.output.Write(b)
	close(p.changed)
	p.changed = make(chan struct{})
	return len(b), nil
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// wait waits until the output matches, and returns the first group.
func (p *process) wait(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		p.mu.Lock()
		match, changed := re.FindStringSubmatch(p.output.String()), p.changed
		p.mu.Unlock()
		if match != nil {
			return match[1]
		}
		select {
		case <-changed:
		case <-p.exited:
			t.Fatalf("%s ended (%v) without printing %s:\n%s", p.cmd.Path, p.err, pattern, p.text())
		case <-ctx.Done():
			t.Fatalf("%s did not print %s in %v:\n%s", p.cmd.Path, pattern, patience, p.text())
		}
	}
}

// stop ends the command as Ctrl-C does. The command must exit without an error.
func (p *process) stop(t *testing.T) {
	t.Helper()
	select {
	case <-p.exited:
		return
	default:
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		_ = p.cmd.Process.Kill() // one process cannot interrupt another on this system
		<-p.exited
		return
	}
	timer := time.NewTimer(30 * time.Second)
	defer timer.Stop()
	select {
	case <-p.exited:
		if p.err != nil {
			t.Errorf("%s ended with %v", p.cmd.Path, p.err)
		}
	case <-timer.C:
		t.Errorf("%s does not end after an interrupt", p.cmd.Path)
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
}
