package devloop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/relay"
	"github.com/forgego/forgego/internal/supervise"
)

// process is a process with the goroutines that report what becomes of it.
type process struct {
	*supervise.Process
	// ready receives whether it accepts connections, and giveUp ends the wait for that.
	ready   chan error
	giveUp  context.CancelFunc
	waiting sync.WaitGroup
	// reported is closed when its end has been reported.
	reported chan struct{}

	mu sync.Mutex
	// over means that its end has been reported, or is being reported.
	over bool
}

// whileRunning calls say, unless the end of the process has been reported: nobody may hear of the end first and then that the
// process listens. It reports whether it called say.
func (p *process) whileRunning(say func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		say()
	}
	return !p.over
}

// readyNotice is how long a program may take to listen before the developer is told.
const readyNotice = 10 * time.Second

// exec starts a command and waits until it accepts connections. If another program has taken the port that the loop has
// chosen, it tries a second one.
func (b *backend) exec(ctx context.Context, settings backendSettings, command, env []string, dir, base string) error {
	err := b.execOnce(ctx, settings, command, env, dir, base)
	if b.relay == nil || !errors.Is(err, supervise.ErrInUse) || ctx.Err() != nil {
		return err
	}
	b.loop.note("%s: another program has taken its port, so it starts again with another one.", b.key)
	b.relay.Hold()
	return b.execOnce(ctx, settings, command, env, dir, base)
}

func (b *backend) execOnce(ctx context.Context, settings backendSettings, command, env []string, dir, base string) error {
	addr := address(base)
	if b.relay != nil {
		var err error
		if addr, err = supervise.FreeAddr(); err != nil {
			return err
		}
	}
	variables, portVariable := remoteVariables(addr, base, settings, b.loop.host.JWKSURL()), "PORT"
	if b.kind == "service" {
		variables, portVariable = serviceVariables(addr, settings.appID, b.key), "SERVER_PORT"
	}
	b.report("starting", strings.Join(settings.Command, " "), 0)
	started, err := supervise.Start(supervise.Spec{
		Name: b.key, Kind: b.kind, Command: command, Dir: dir, Addr: addr, Env: append(variables, env...), PortVariable: portVariable,
	}, b.loop.output)
	if err != nil {
		return err
	}
	p := &process{Process: started, ready: make(chan error, 1), reported: make(chan struct{})}
	waiting, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	p.giveUp = giveUp
	b.process = p
	to := b.relay
	p.waiting.Go(func() {
		err := p.Ready(waiting)
		if err == nil && to != nil {
			p.whileRunning(func() { to.Forward(addr) })
		}
		p.ready <- err
	})
	b.loop.serving.Go(func() {
		defer close(p.reported)
		b.reportEnd(p, to)
	})
	began := time.Now()
	ready := func() {
		b.report("ready", base, milliseconds(time.Since(began)))
	}
	notice := time.NewTimer(b.loop.readyNotice)
	defer notice.Stop()
	for {
		select {
		case err := <-p.ready:
			if err == nil && p.whileRunning(func() { b.loop.problems.clear(b.id()); ready() }) {
				return nil
			}
			if isClosed(p.Done()) {
				<-p.reported
				if err = p.Err(); err != nil && !supervise.IsFree(addr) {
					err = fmt.Errorf("%s %w: %w", addr, supervise.ErrInUse, err)
				}
			}
			return err
		case <-ctx.Done():
			// The next build may fail. Then this process is the one that runs.
			p.waiting.Go(func() {
				if <-p.ready == nil {
					p.whileRunning(ready)
				}
			})
			return context.Cause(ctx)
		case <-notice.C:
			if !b.loop.options.NoWatch {
				b.settle()
			}
			title := fmt.Sprintf("The %s does not listen at %s yet.", b.id(), addr)
			b.loop.problems.set(devhost.Problem{ID: b.id(), Title: title, Text: "It must listen on 127.0.0.1 and the port in the variable " + portVariable + ". forgego goes on waiting."})
			b.loop.note("%s: it does not listen at %s yet. It must listen on 127.0.0.1 and the port in the variable %s.", b.key, addr, portVariable)
		}
	}
}

// reportEnd waits for the end of a process, and reports an end that nobody asked for.
func (b *backend) reportEnd(p *process, to *relay.Relay) {
	<-p.Done()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	err := p.Err()
	if err == nil || b.loop.stopping.Load() {
		return
	}
	if to != nil {
		to.Fail(err)
	}
	b.loop.problems.set(newProblem(b.id(), "", err))
	b.report("failed", err.Error(), 0)
}

func (b *backend) isRunning() bool { return b.process != nil && !isClosed(b.process.Done()) }

// drainTime is how long a process may take to answer the requests that it has before it is stopped.
const drainTime = 500 * time.Millisecond

// stopProcess ends the process, after it has answered the requests that it has. New requests wait from then on.
func (b *backend) stopProcess() {
	if b.process != nil {
		// It must not forward requests to this process later.
		b.process.giveUp()
		b.process.waiting.Wait()
	}
	if b.relay != nil {
		b.relay.Hold()
	}
	if b.process != nil {
		if b.relay != nil && !b.loop.stopping.Load() {
			ctx, cancel := context.WithTimeout(context.Background(), drainTime)
			_ = b.relay.Drain(ctx) // a request that takes longer may be lost
			cancel()
		}
		b.process.Stop()
		<-b.process.reported
		if b.relay != nil && b.process.Err() != nil {
			b.relay.Hold() // It ended by itself, which ends new requests.
		}
		b.process = nil
	}
}
