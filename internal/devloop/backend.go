package devloop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/relay"
	"github.com/forgego/forgego/internal/stableport"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/watch"
	"github.com/forgego/forgego/internal/weburl"
)

// backend is a remote or a container service of forgego.yml.
type backend struct {
	builder
	// kind is "remote" or "service".
	kind, key string
	// setURL sets the backend's base URL in the local host.
	setURL   func(key, url string) error
	settings backendSettings // set by configure

	// The builder's task owns the following, prepare before it and close after it.

	// relay listens at the backend's base URL and forwards requests to the command's own port, which is another at each
	// start. It is nil if forgego.yml has a url: then the command itself listens there.
	relay   *relay.Relay
	process *process
	// place is which of the two program files the process runs.
	place int
	base  string
}

type backendSettings struct {
	manifest.DevRemote
	appID string
	// origins are those of the pages that may call a remote, separated by commas.
	origins string
}

func (b *backend) id() string { return backendID(b.kind, b.key) }

// backendID returns the id of the remote or service with a key.
func backendID(kind, key string) string { return kind + " " + key }

// start builds the program if the command is "go run", and exchanges the running process for a new one. Requests wait
// meanwhile. If the program does not build, the old process goes on.
func (b *backend) start(ctx context.Context) {
	settings := b.settings
	program, isGo := bundle.ParseGoRun(settings.Command)
	b.builder.start(ctx, b.key,
		func(ctx context.Context) error { return b.run(ctx, settings, program, isGo) },
		func(ctx context.Context) ([]watch.Root, error) {
			var roots []watch.Root
			for _, name := range settings.Watch {
				roots = append(roots, watch.Root{Path: filepath.Join(b.loop.options.Dir, filepath.FromSlash(name)), Recursive: true})
			}
			if !isGo {
				return roots, nil
			}
			deps, err := program.Deps(ctx, b.loop.options.Dir, nil)
			return append(roots, deps...), err
		})
}

func (b *backend) run(ctx context.Context, settings backendSettings, program bundle.GoRun, isGo bool) error {
	base, err := b.listen(ctx, settings.URL)
	if err != nil {
		return b.notStarted(ctx, err)
	}
	command, dir, place := settings.Command, b.loop.options.Dir, b.place
	var env []string
	if len(command) == 0 {
		if !supervise.Accepts(ctx, address(base)) && ctx.Err() == nil {
			b.loop.note("%s: nothing answers at %s yet. Start it, or give it a command in forgego.yml.", b.key, base)
		}
		return nil
	}
	if isGo {
		// Windows does not let the running program's file be replaced. So two files alternate.
		place = 1 - place
		path := b.program(place)
		if env, err = b.build(ctx, program, path); err != nil {
			return err
		}
		command, dir = append([]string{path}, program.Args...), program.WorkDir(dir)
	}
	b.stopProcess()
	b.place = place
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := b.exec(ctx, settings, command, env, dir, base); err != nil {
		return b.notStarted(ctx, err)
	}
	return nil
}

// prepare gives the backend its address before anything is built, so that pages that connect find its address in the local
// host. Call it before the first start, which also reports what fails here.
func (b *backend) prepare(ctx context.Context) { _, _ = b.listen(ctx, b.settings.URL) }

// listen makes sure that the backend has an address, and returns its base URL.
func (b *backend) listen(ctx context.Context, url string) (base string, err error) {
	if url != "" {
		if b.relay != nil {
			_ = b.relay.Close()
			b.relay = nil
		}
		return url, b.setBase(url)
	}
	if b.relay == nil {
		// The same port at each start, because the policy of the pages that are open names it.
		err := stableport.Listen("127.0.0.1", b.loop.host.URL()+" "+b.settings.appID+" "+b.id(), func(addr string) (err error) {
			b.relay, err = relay.Listen(addr, relay.Options{Kind: b.kind, Report: b.reportExchange})
			return err
		})
		if err != nil {
			return "", err
		}
		r := b.relay
		b.loop.serving.Go(func() { _ = r.Serve(context.WithoutCancel(ctx)) }) // until close
	}
	base = "http://" + b.relay.Addr()
	return base, b.setBase(base)
}

// setBase sets the backend's base URL in the local host. The policy of a product page that is open names the old one, so
// the page is loaded again.
func (b *backend) setBase(base string) error {
	if err := b.setURL(b.key, base); err != nil || base == b.base {
		return err
	}
	b.base = base
	if b.loop.ready.Load() && !b.loop.stopping.Load() {
		b.loop.refresh(devhost.Refresh{Part: devhost.ProductPage})
	}
	return nil
}

// program returns the file of one of the two programs that alternate.
func (b *backend) program(place int) string {
	path := filepath.Join(b.loop.temp, fmt.Sprintf("%s-%s-%d", b.kind, b.key, place))
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path
}

// build builds the program of a "go run" command. It returns the variables that this command would add.
func (b *backend) build(ctx context.Context, program bundle.GoRun, path string) (env []string, err error) {
	b.loop.report(devhost.Event{Type: EventBuild, Unit: b.kind, Name: b.key, Status: "started", Text: strings.Join(program.Packages, " ")})
	started := time.Now()
	// The folder may have been removed: systems clean up their temporary folders.
	if err = os.MkdirAll(b.loop.temp, 0o700); err == nil {
		err = program.Compile(ctx, b.loop.options.Dir, path)
	}
	if err == nil {
		env, err = program.Env(ctx, b.loop.options.Dir)
	}
	e := devhost.Event{Type: EventBuild, Unit: b.kind, Name: b.key, Status: "ok", Text: strings.Join(program.Packages, " "), Milliseconds: milliseconds(time.Since(started))}
	if ctx.Err() != nil {
		e.Status = "canceled"
	} else if err != nil {
		title := "The " + b.id() + " does not build."
		if b.isRunning() {
			title += " The program that was built before still runs."
		}
		b.failed(newProblem(b.id(), title, err), err)
		e.Status, e.Text = "failed", err.Error()
		err = fmt.Errorf("the %s does not build\n%w", b.id(), err)
	}
	b.loop.report(e)
	return env, err
}

// notStarted reports why the backend was not started, and returns the error.
func (b *backend) notStarted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if _, ended := errors.AsType[*supervise.ExitError](err); !ended { // reportEnd reports that
		b.failed(newProblem(b.id(), "The "+b.id()+" does not run.", err), err)
		b.report("failed", err.Error(), 0)
	}
	return err
}

func (b *backend) report(status, text string, took float64) {
	b.loop.reportBackend(b.kind, b.key, status, text, took)
}

// failed shows a problem, and ends the requests that wait if no process runs.
func (b *backend) failed(p devhost.Problem, err error) {
	b.loop.problems.set(p)
	if !b.isRunning() && b.relay != nil {
		b.relay.Fail(err)
	}
}

func (b *backend) close() {
	b.builder.close()
	b.stopProcess()
	if b.relay != nil {
		_ = b.relay.Close()
	}
	_ = b.setBase("") // fails if the manifest does not have it any more
	for place := range 2 {
		_ = os.Remove(b.program(place)) // need not exist
	}
	if !b.loop.stopping.Load() {
		b.report("stopped", "", 0)
	}
}

// address returns the TCP address of a base URL.
func address(base string) string {
	u, err := weburl.ParseBase(base)
	if err != nil {
		return ""
	}
	if u.Hostname() == u.Host {
		return u.Host + ":80" // an address of IPv6 has its brackets
	}
	return u.Host
}
