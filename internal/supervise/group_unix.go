//go:build unix

package supervise

import (
	"io"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
)

// group is a program with everything that it starts: its own process group. Ctrl-C in the terminal does not reach it,
// so this process decides when it stops. A program that leaves the group, as daemons do, is not stopped with it.
type group struct {
	pid   int
	guard guard

	mu    sync.Mutex
	ended bool
}

// startGroup starts cmd. If this process dies without stopping the group, the guard stops the group, and removes the
// folder temp unless temp is empty.
func startGroup(cmd *exec.Cmd, temp string) (*group, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &group{pid: cmd.Process.Pid, guard: newGuard(groupScript, strconv.Itoa(cmd.Process.Pid), temp)}, nil
}

// ask asks all programs of the group to end.
func (g *group) ask() { g.signal(syscall.SIGTERM) }

// kill kills them.
func (g *group) kill() { g.signal(syscall.SIGKILL) }

func (g *group) signal(s syscall.Signal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.ended { // its number may be reused later
		_ = syscall.Kill(-g.pid, s)
	}
}

// end kills what the program left behind when it ended.
func (g *group) end() {
	g.kill()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
	g.guard.release()
}

// guard is a shell that outlives this process for a moment. When this process is killed without a chance to clean up,
// the pipe between them closes and the guard runs its script. A signal on the parent's death would be simpler, but only
// Linux has one, and it does not reach what "go run" starts.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

// The scripts read until the pipe closes.
const (
	// groupScript stops a process group, and removes a folder unless its name is empty.
	groupScript = `read -r _; kill -TERM "-$1"; i=0
while kill -0 "-$1" && [ $i -lt 50 ]; do sleep 0.1; i=$((i+1)); done
kill -KILL "-$1"; [ -z "$2" ] || rm -rf -- "$2"`
	// folderScript removes a folder.
	folderScript = `read -r _; rm -rf -- "$1"`
)

// newGuard starts a guard. If there is no shell, the guard does nothing.
func newGuard(script string, args ...string) guard {
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "forgego-guard"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return guard{}
	}
	return guard{cmd, pipe}
}

// release ends the guard. It kills the guard before it closes the pipe, so that the guard does not act.
func (g guard) release() {
	if g.cmd == nil {
		return
	}
	_ = g.cmd.Process.Kill()
	_ = g.cmd.Wait()
	_ = g.pipe.Close()
}
