// Package supervise runs programs, and ends each together with everything that it started. A Command runs to its end:
// a compiler, or the command of a function. A Process is a server, such as an app's remote: Start passes on its
// output, and reports at once when it ends.
package supervise

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Spec says what to run. Name and Command are required.
type Spec struct {
	// Name is printed before each line of output and in errors: the remote's key.
	Name string
	// Kind is printed before the name in errors. The default is "remote".
	Kind string
	// Command is the program and its arguments. The program is looked up in PATH, or in Dir if its name has a slash.
	Command []string
	// Dir is the folder in which it runs. The default is this process's.
	Dir string
	// Env are variables, "KEY=value", added to this process's own, to NO_COLOR, and to GOTMPDIR, a folder that is removed
	// when the program has ended.
	Env []string
	// Input is its standard input, at most a few kilobytes. The default is empty.
	Input []byte
	// Addr is the TCP address at which it must accept connections, such as "127.0.0.1:8787". If it is empty, do not call Ready.
	Addr string
	// Or is another address at which it may do that instead, or empty: Node.js may listen on ::1 only.
	Or string
	// PortVariable is the name of the variable in Env with the port, for errors. The default is "PORT".
	PortVariable string
}

// title names the program in errors.
func (s Spec) title() string { return cmp.Or(s.Kind, "remote") + " " + s.Name }

// readyLimit is how long Ready waits: long enough for "go run" to compile a large program.
const readyLimit = 2 * time.Minute

// stopLimit is how long a program may take to end when asked.
const stopLimit = 1500 * time.Millisecond

// Process is a running program.
type Process struct {
	spec   Spec
	cmd    *exec.Cmd
	out    *Lines
	group  *group
	done   chan struct{}
	stop   sync.Once
	asked  chan struct{} // closed when Stop asks the program to end
	insist chan struct{} // closed when Stop stops waiting for that
	err    error         // set before done is closed
	limits limits
}

// limits are fields so that tests can use shorter ones.
type limits struct{ ready, stop time.Duration }

// Start starts the program. Its output goes to out, line by line. The error says what could not be started.
func Start(spec Spec, out *Output) (*Process, error) {
	if spec.Addr != "" {
		if err := portFree(spec.Addr); err != nil {
			return nil, fmt.Errorf("%s: %w", spec.title(), err)
		}
	}
	if spec.Or != "" && !IsFree(spec.Or) {
		return nil, fmt.Errorf("%s: %s %w", spec.title(), spec.Or, ErrInUse)
	}
	p := &Process{
		spec: spec, out: out.Lines(spec.Name),
		done: make(chan struct{}), asked: make(chan struct{}), insist: make(chan struct{}),
		limits: limits{readyLimit, stopLimit},
	}
	pipe, output, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spec.title(), err)
	}
	defer output.Close()
	p.cmd = exec.Command(spec.Command[0], spec.Command[1:]...)
	p.cmd.Dir = spec.Dir
	temp, variables, remove := goTemp()
	p.cmd.Env = append(append(append(os.Environ(), plainOutput()...), variables...), spec.Env...)
	p.cmd.Stdout, p.cmd.Stderr = output, output
	if len(spec.Input) > 0 {
		p.cmd.Stdin = bytes.NewReader(spec.Input)
	}
	if p.group, err = startGroup(p.cmd, temp); err != nil {
		remove()
		pipe.Close()
		return nil, fmt.Errorf("%s: its command did not start: %w", spec.title(), startCause(err, spec.Dir))
	}
	go p.wait(pipe, remove)
	return p, nil
}

// plainOutput returns the variable that asks a program for output without colours (https://no-color.org). It writes to a pipe,
// but some programs use colours in a CI job all the same. A user who sets FORCE_COLOR wants them.
func plainOutput() []string {
	if os.Getenv("FORCE_COLOR") != "" {
		return nil
	}
	return []string{"NO_COLOR=1"}
}

// startCause removes the system call from the error, because it does not help the author of the command. If the
// folder is missing, or is a file, it names the folder: systems name the program.
func startCause(err error, dir string) error {
	if dir != "" {
		if info, missing := os.Stat(dir); missing != nil {
			err = missing
		} else if !info.IsDir() {
			err = &os.PathError{Path: dir, Err: syscall.ENOTDIR}
		}
	}
	if e, ok := errors.AsType[*exec.Error](err); ok {
		return fmt.Errorf("%s: %w", e.Name, e.Err)
	}
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return fmt.Errorf("%s: %w", e.Path, e.Err)
	}
	return err
}

// wait waits until the program has ended. The program may be like "go run", whose child does the work: the child also
// holds the pipe, so wait until the pipe closes. removeTemp removes what "go run" leaves behind.
func (p *Process) wait(pipe *os.File, removeTemp func()) {
	silent := make(chan struct{})
	go func() {
		defer close(silent)
		_, _ = io.Copy(p.out, pipe)
	}()
	err := p.cmd.Wait()
	select {
	case <-p.asked:
		select {
		case <-silent:
		case <-p.insist:
		}
	default:
	}
	// End what the program left behind, because it would keep the port in use.
	p.group.end()
	select {
	case <-silent:
	case <-time.After(leftLimit):
	}
	pipe.Close()
	removeTemp()
	p.out.Flush()
	select {
	case <-p.asked:
	default:
		p.err = &ExitError{Name: p.spec.title(), Status: status(p.cmd.ProcessState, err), Last: p.out.last()}
	}
	close(p.done)
}

// status returns how the program ended. It uses err only if the system did not report it.
func status(state *os.ProcessState, err error) string {
	if state == nil {
		return err.Error()
	}
	return state.String()
}

// Done returns a channel that is closed when the program has ended, for whatever reason.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err returns an *ExitError if the program has ended by itself, and nil while it runs or after Stop.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Stop stops the program and everything that it started: it asks, and kills them after 1.5 s. It returns when they have
// ended.
func (p *Process) Stop() {
	p.stop.Do(func() {
		close(p.asked)
		p.group.ask()
		select {
		case <-p.done:
		case <-time.After(p.limits.stop):
			close(p.insist)
			p.group.kill()
		}
	})
	<-p.done
}
