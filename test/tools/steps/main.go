// Command steps runs targets of a Makefile, two at once, and prints how long each took. Two, because many targets wait for a
// browser, or for a compiler that uses one core.
//
// Outputs do not mix: the output of the first target that still runs is printed at once, and that of the other one when the
// first has ended. When a target fails, the other one is stopped, and the output of the failed target comes last. The flag
// -keep-going runs all targets, even if one fails. Then the last lines list the targets that failed.
//
// Run it with "make test", or in the folder test/:
//
//	go run ./tools/steps lint test-go
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/forgego/forgego/internal/supervise"
)

// atOnce is how many targets run at the same time.
const atOnce = 2

func main() {
	var m makefile
	flag.StringVar(&m.program, "make", "make", "the make program")
	flag.StringVar(&m.dir, "dir", "..", "the folder of the Makefile")
	flag.BoolVar(&m.keepGoing, "keep-going", false, "run all targets, also after one has failed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := m.run(ctx, os.Stdout, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(1)
	}
}

// makefile is the Makefile in dir, and the program that reads it.
type makefile struct {
	program, dir string
	// keepGoing runs the other targets after one has failed.
	keepGoing bool
}

// run makes the targets, which start in their order. It writes their outputs to out, and then the times.
func (m makefile) run(ctx context.Context, out io.Writer, targets []string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	began := time.Now()
	all := outputs{to: out}
	took := make([]time.Duration, len(targets))
	failed := make([]error, len(targets))
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for i, target := range targets {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		output := all.start(target)
		running.Go(func() {
			defer func() { <-slots }()
			start := time.Now()
			err := m.make(ctx, output, target)
			took[i] = time.Since(start)
			if err != nil {
				err = &failure{target, took[i], err, output}
			}
			if err == nil || m.keepGoing {
				failed[i] = err
				output.end()
			} else {
				// Only the first call has an effect. The other target has failed because it was stopped.
				stop(err)
			}
		})
	}
	running.Wait()
	if err := context.Cause(ctx); err != nil {
		if f, ok := errors.AsType[*failure](err); ok {
			f.output.showAlone()
		}
		return err
	}
	for i, target := range targets {
		fmt.Fprintf(out, "%5.0f s  %s\n", took[i].Seconds(), target)
	}
	fmt.Fprintf(out, "%5.0f s  in all, %d at once\n", time.Since(began).Seconds(), atOnce)
	return errors.Join(failed...)
}

// make makes one target. When ctx ends, it kills make and everything that make has started.
func (m makefile) make(ctx context.Context, out io.Writer, target string) error {
	_, _, err := supervise.Command{
		// Both outputs are one stream, so that lines stay in their order.
		Args: []string{"/bin/sh", "-c", `exec "$@" >&2`, "sh", m.program, "--no-print-directory", target},
		Dir:  m.dir,
		// Without a new GOTMPDIR for each run: go test would not use a cached result of a test that reads it.
		Env:    os.Environ(),
		Errors: out,
	}.Run(ctx)
	return err
}

// failure means that a target failed.
type failure struct {
	target string
	after  time.Duration
	err    error
	output *output
}

func (f *failure) Error() string {
	return fmt.Sprintf("make %s failed after %.0f s: %v", f.target, f.after.Seconds(), f.err)
}
