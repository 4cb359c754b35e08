package supervise

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// maxOutput is how much a Command may write to each output, in bytes.
const maxOutput = 5 << 20

// leftLimit is how long to wait for the end of a program's output after the program and its group have ended. Only a
// program that left the group can still have the output open.
const leftLimit = time.Second

// FloodError means that a Command was stopped because it wrote more than 5 MB.
type FloodError struct {
	// Stream is "standard output" or "standard error".
	Stream string
}

func (e *FloodError) Error() string { return "it wrote more than 5 MB to its " + e.Stream }

// Command is a program that runs to its end. Args is required.
type Command struct {
	// Args are the program and its arguments. The program is looked up in PATH, or in Dir if its name has a slash.
	Args []string
	// Dir is the folder in which it runs. The default is this process's.
	Dir string
	// Env is its environment. The default is this process's, plus GOTMPDIR, a folder that is removed when the program
	// has ended.
	Env []string
	// Input is its standard input.
	Input []byte
	// Errors receives its standard error while it runs. It may be nil.
	Errors io.Writer
	// Temp is a folder of the caller's that is removed if this process is killed while the program runs. Otherwise,
	// the caller removes it.
	Temp string
}

// Run runs the program and returns its output. When the program has ended, Run ends what it left behind. A program
// that exits with 0 has succeeded, whatever it left behind.
//
// Errors: the reason why the program did not start (exec.ErrNotFound if it does not exist), *exec.ExitError if it
// failed, *FloodError if it wrote more than 5 MB to an output, and the cause of ctx's end. In the last two cases Run
// kills the program with everything that it started.
func (c Command) Run(ctx context.Context) (stdout, stderr []byte, err error) {
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if c.Env == nil {
		folder, variables, remove := goTemp()
		defer remove()
		c.Temp, c.Env = cmp.Or(c.Temp, folder), append(os.Environ(), variables...)
	}
	return c.run(ctx)
}

// run is Run for a command with an environment.
func (c Command) run(ctx context.Context) (stdout, stderr []byte, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := exec.Command(c.Args[0], c.Args[1:]...)
	cmd.Dir, cmd.Env = c.Dir, c.Env

	// Use our own pipes, because package exec waits until every process has closed its pipes.
	var pipes [3]struct{ in, out *os.File }
	closeAll := func() {
		for _, p := range pipes {
			_, _ = p.in.Close(), p.out.Close() // a nil *os.File returns an error
		}
	}
	for i := range pipes {
		if pipes[i].in, pipes[i].out, err = os.Pipe(); err != nil {
			closeAll()
			return nil, nil, err
		}
	}
	defer closeAll()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = pipes[0].in, pipes[1].out, pipes[2].out
	g, err := startGroup(cmd, c.Temp)
	if err != nil {
		return nil, nil, startCause(err, c.Dir)
	}
	_, _, _ = pipes[0].in.Close(), pipes[1].out.Close(), pipes[2].out.Close()

	var killed atomic.Bool
	defer context.AfterFunc(ctx, func() {
		killed.Store(true)
		g.kill()
	})()
	go func() {
		_, _ = pipes[0].out.Write(c.Input) // it need not read everything
		_ = pipes[0].out.Close()
	}()
	output := collect(pipes[1].in, nil, func() { cancel(&FloodError{"standard output"}) })
	messages := collect(pipes[2].in, c.Errors, func() { cancel(&FloodError{"standard error"}) })

	err = cmd.Wait()
	g.end()
	left, enough := context.WithTimeout(context.Background(), leftLimit)
	defer enough()
	stdout, stderr = output.until(left), messages.until(left)
	if flood, ok := errors.AsType[*FloodError](context.Cause(ctx)); ok {
		return stdout, stderr, flood
	}
	if err != nil && killed.Load() {
		err = context.Cause(ctx)
	}
	return stdout, stderr, err
}

// collected is the data read from a pipe, up to maxOutput.
type collected struct {
	mu    sync.Mutex
	kept  []byte
	ended chan struct{}
}

// collect reads a pipe to its end, and also writes the data to to, if to is not nil. The first byte above maxOutput
// calls flood; it and later bytes are dropped.
func collect(from io.Reader, to io.Writer, flood func()) *collected {
	c := &collected{ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		part := make([]byte, 32<<10)
		for {
			n, err := from.Read(part)
			if !c.add(part[:n], to) {
				flood()
				_, _ = io.Copy(io.Discard, from)
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return c
}

func (c *collected) add(part []byte, to io.Writer) (fits bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	room := maxOutput - len(c.kept)
	fits = len(part) <= room
	part = part[:min(len(part), room)]
	c.kept = append(c.kept, part...)
	if to != nil && len(part) > 0 {
		_, _ = to.Write(part)
	}
	return fits
}

// until waits for the end of the pipe or of ctx, and returns the data.
func (c *collected) until(ctx context.Context) []byte {
	select {
	case <-c.ended:
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[:len(c.kept):len(c.kept)]
}
