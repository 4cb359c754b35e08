//go:build unix

package supervise

import (
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup puts the program and all that it starts into a process group of their own, to be stopped as one. Ctrl-C in
// the terminal does not reach it, so that this process decides when it stops.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func termGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGTERM) }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// sweepGroup ends what is left of the group of a program that has ended.
func sweepGroup(p *os.Process) { killGroup(p) }

// guard is a shell that outlives this process for a moment: when this process is killed without a chance to stop the
// group, the pipe between them closes and the guard stops it. A signal on the parent's death would be simpler, but only
// Linux has one, and it does not reach what "go run" starts.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

// guardScript reads until the pipe closes.
const guardScript = `read -r _; kill -TERM "-$1"; i=0
while kill -0 "-$1" && [ $i -lt 50 ]; do sleep 0.1; i=$((i+1)); done
kill -KILL "-$1"`

// newGuard gives one that does nothing where there is no shell.
func newGuard(group int) guard {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "forgego-guard", strconv.Itoa(group))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return guard{}
	}
	return guard{cmd, pipe}
}

// release ends the guard. The kill comes before the pipe closes, so that it cannot act.
func (g guard) release() {
	if g.cmd == nil {
		return
	}
	killGroup(g.cmd.Process)
	_ = g.cmd.Wait()
	_ = g.pipe.Close()
}
