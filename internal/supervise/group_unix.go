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
// folder temp unless temp is empty. If it dies just between Start and watch, the folder is removed but the program runs on.
func startGroup(cmd *exec.Cmd, temp string) (*group, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// The guard starts first, because the program may write into the folder at once.
	guard := newGuard(temp)
	if err := cmd.Start(); err != nil {
		guard.release()
		return nil, err
	}
	guard.watch(cmd.Process.Pid)
	return &group{pid: cmd.Process.Pid, guard: guard}, nil
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
// the pipe between them closes and the guard acts. A signal on the parent's death would be simpler, but only Linux has
// one, and it does not reach what "go run" starts.
type guard struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// guardScript reads the number of a process group, and waits until the pipe closes. Then it stops the group, if it has
// read one, and removes a folder, unless its name is empty. Programs that were killed may still write for a moment.
const guardScript = `read -r group; read -r _
tries() { i=$((i+1)); [ $i -le 50 ] && sleep 0.1; }
if [ "$group" ]; then
	kill -TERM "-$group"
	i=0; while kill -0 "-$group" && tries; do :; done
	kill -KILL "-$group"
fi
i=0; until [ -z "$1" ] || rm -rf -- "$1" || ! tries; do :; done`

// newGuard starts a guard that removes a folder. If there is no shell, the guard does nothing.
func newGuard(temp string) guard {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "forgego-guard", temp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return guard{}
	}
	return guard{cmd, pipe}
}

// watch makes the guard stop a process group too.
func (g guard) watch(group int) {
	if g.cmd != nil {
		_, _ = io.WriteString(g.pipe, strconv.Itoa(group)+"\n")
	}
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
