package devloop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/watch"
)

// devServer is the development server of a front end, such as Vite's. It listens on the resource's tunnel.port, where the
// local host reaches it. It has its own way to bring changes into open pages.
type devServer struct {
	builder
	// key is the resource's.
	key      string
	settings serverSettings // set by configure

	// The task of the job owns the following: the pause before the next start, and when the server has ended last.
	pause time.Duration
	ended clock.Instant
}

type serverSettings struct {
	manifest.Frontend
	port int
}

const (
	// firstPause is how long to wait before a server that has ended is started again. The pause doubles up to longestPause,
	// unless the server has run for longer than that, or has not been started for some time.
	firstPause   = 100 * time.Millisecond
	longestPause = 10 * time.Second
	// portPause is how often to look whether the port is free.
	portPause = 500 * time.Millisecond
)

func (s *devServer) id() string { return serverID(s.key) }

// serverID returns the id of the development server of a resource's front end.
func serverID(key string) string { return "server " + key }

func (s *devServer) start(ctx context.Context) {
	settings := s.settings
	s.job.start(ctx, func(ctx context.Context) { s.run(ctx, settings) })
}

// run runs the server until ctx ends, and starts it again when it ends. If the server ends before it listens, run returns, and a
// change of the project's files starts the server again. The server may have written such files itself, so a change of the time
// while it ran counts only after a pause.
func (s *devServer) run(ctx context.Context, settings serverSettings) {
	dir := filepath.Join(s.loop.options.Dir, filepath.FromSlash(settings.Dir))
	if abs, err := filepath.Abs(dir); err == nil { // Messages name it.
		dir = abs
	}
	for {
		began := clock.Now()
		if s.pause == 0 || began.Sub(s.ended) > 2*longestPause {
			s.pause = firstPause
		}
		s.watch(nil, clock.Instant{}) // What the server writes must not start it again.
		listened, err := s.runOnce(ctx, settings, dir)
		if ctx.Err() != nil {
			return
		}
		s.ended = clock.Now()
		s.failed(newServerProblem(s.id(), settings, dir, listened, err))
		switch {
		case listened:
			if s.ended.Sub(began) > longestPause {
				s.pause = firstPause
			}
			if !s.rest(ctx) {
				return
			}
		case errors.Is(err, supervise.ErrInUse) && !s.loop.options.NoWatch:
			s.settle()
			for !supervise.IsPortFree(settings.port) {
				if !sleep(ctx, portPause) {
					return
				}
			}
		default:
			s.mu.Lock()
			s.err = err
			s.mu.Unlock()
			s.settle()
			s.watch(projectFiles(dir), clock.Instant{})
			if s.rest(ctx) {
				s.watch(projectFilesAgain(dir), began)
			}
			return
		}
	}
}

// rest waits before the next start, and doubles the pause. It reports false if ctx ends before.
func (s *devServer) rest(ctx context.Context) bool {
	pause := s.pause
	s.pause = min(2*pause, longestPause)
	return sleep(ctx, pause)
}

// runOnce runs the server until it or ctx ends. It reports whether the server has listened.
func (s *devServer) runOnce(ctx context.Context, settings serverSettings, dir string) (listened bool, err error) {
	if err := checkInstalled(dir); err != nil {
		return false, err
	}
	began := time.Now()
	s.report("starting", strings.Join(settings.Command, " "), 0)
	port := strconv.Itoa(settings.port)
	p, err := supervise.Start(supervise.Spec{
		Name: s.key, Kind: "front end", Command: settings.Command, Dir: dir,
		Addr: net.JoinHostPort("127.0.0.1", port), Or: net.JoinHostPort("::1", port),
		Env: []string{"HOST=127.0.0.1", "PORT=" + port},
	}, s.loop.output)
	if err != nil {
		return false, err
	}
	defer p.Stop()
	if !s.waitUntilReady(ctx, p, settings.port) {
		return false, p.Err()
	}
	s.loop.problems.clear(s.id())
	s.report("ready", "http://localhost:"+port, milliseconds(time.Since(began)))
	s.mu.Lock()
	s.err = nil
	s.mu.Unlock()
	s.settle()
	select {
	case <-p.Done():
	case <-ctx.Done():
	}
	return true, p.Err()
}

// waitUntilReady waits until the server listens, and reports whether it does. Otherwise the server or ctx has ended.
func (s *devServer) waitUntilReady(ctx context.Context, p *supervise.Process, port int) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := make(chan error, 1)
	wait := func() { ready <- p.Ready(ctx) }
	go wait()
	notice := time.NewTimer(s.loop.readyNotice)
	defer notice.Stop()
	for {
		select {
		case err := <-ready:
			if _, slow := errors.AsType[*supervise.NotReadyError](err); slow {
				go wait()
				continue
			}
			return err == nil
		case <-notice.C:
			title := fmt.Sprintf("The development server of front end %s does not listen on port %d yet.", s.key, port)
			text := fmt.Sprintf("Port %d is the tunnel.port of the resource in manifest.yml. What the server prints may say that it uses another port: then change one of the two.", port)
			s.loop.problems.set(devhost.Problem{ID: s.id(), Title: title, Text: text + " forgego goes on waiting."})
			s.loop.note("%s: %s %s", s.key, title, text)
			if !s.loop.options.NoWatch {
				s.settle()
			}
		}
	}
}

// watch sets the files that start the server again, also if they changed after a time, unless that is zero.
func (s *devServer) watch(files []watch.Root, began clock.Instant) {
	s.depend(files, true, began)
	s.loop.rewatch()
}

func (s *devServer) report(status, text string, took float64) {
	s.loop.reportBackend("server", s.key, status, text, took)
}

// failed shows a problem.
func (s *devServer) failed(p devhost.Problem) {
	s.loop.problems.set(p)
	s.report("failed", p.Title+"\n"+p.Text, 0)
}

func (s *devServer) close() {
	s.builder.close()
	if !s.loop.stopping.Load() {
		s.report("stopped", "", 0)
	}
}

// newServerProblem returns the problem that the end of a server is, or that it did not start.
func newServerProblem(id string, settings serverSettings, dir string, listened bool, err error) devhost.Problem {
	p := newProblem(id, "The front end's command does not run.", err)
	switch {
	case errors.Is(err, errNotInstalled):
		p.Title, p.Text = "The npm packages are not installed.", "Run "+installer(dir)+" in "+dir+". Then forgego starts the front end's command."
	case errors.Is(err, supervise.ErrInUse):
		p.Title = fmt.Sprintf("Port %d is used by another program.", settings.port)
		p.Text = "The command " + strings.Join(settings.Command, " ") + " must listen there. Stop the other program, and forgego starts the command; or change tunnel.port in manifest.yml, and the server's port with it."
	case errors.Is(err, exec.ErrNotFound):
		p.Text += ". Install it, for example with Node.js, or change the command in forgego.yml."
	case listened:
		p.Text += "\n\nforgego starts it again."
	default:
		p.Text += "\n\n" + cmp.Or(missingPackages(dir), "It has ended before it listened. forgego starts it again when a file of its folder changes.")
	}
	return p
}

// sleep waits, and reports false if ctx ends before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
