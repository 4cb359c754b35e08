// Package devloop runs an app while it is developed: it builds the front ends, starts the remotes and services, serves the
// local host, and brings each saved change into the open pages.
package devloop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/functions"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/watch"
)

// Options configure a Loop. Dir and Report are required.
type Options struct {
	// Dir is the app's folder.
	Dir string
	// Host are options of the local host. Its report is the loop's.
	Host []devhost.Option
	// NewServer returns what serves the resources instead of the local host. Then remotes and services are not started. The
	// default is the local host.
	NewServer func(app *manifest.App, report func(devhost.Event)) (Server, error)
	// Compiler is the compiler for the front ends: see package bundle. The default is Go.
	Compiler string
	// NoBuild serves the resource folders as they are.
	NoBuild bool
	// NoWatch does not watch for changes. Then the first build that fails, and the first backend that does not start, end
	// the loop.
	NoWatch bool
	// Poll looks for changes itself instead of using the system's notifications.
	Poll bool
	// Output gets what remotes and services print. By default it is discarded.
	Output io.Writer
	// Report gets all events. It is called by several goroutines.
	Report func(devhost.Event)
}

// Server serves the resources, and brings changes and problems into the open pages: the local host, or a *devhost.TunnelServer.
type Server interface {
	// Serve answers requests until ctx ends.
	Serve(ctx context.Context) error
	// PageURL returns where to open the app.
	PageURL() string
	// Reload reads manifest.yml and the translations again.
	Reload() error
	Refresh(devhost.Refresh)
	SetProblems([]devhost.Problem)
	// IsTunnelled reports whether another server shows a resource now.
	IsTunnelled(resource string) bool
	// OpenPages returns how many pages are open now.
	OpenPages() int
}

// localHost is the local host as a Server.
type localHost struct{ *devhost.Host }

func (h localHost) OpenPages() int { return len(h.Windows()) }

// Loop is an app that is being developed.
type Loop struct {
	options Options
	server  Server
	// host is the server, if that is the local host.
	host *devhost.Host
	// functions runs the handlers of the app's functions. It is nil with another server.
	functions *functions.Runner
	output    *supervise.Output
	problems  problems
	// temp holds the backends' programs.
	temp    string
	watcher *watch.Watcher // nil with NoWatch
	// bundle is bundle.Build. Tests replace it.
	bundle func(context.Context, bundle.Options) ([]bundle.File, error)
	// readyNotice is how long a program may take to listen before the developer is told: 10 s. Tests replace it.
	readyNotice time.Duration

	serving  sync.WaitGroup
	stopping atomic.Bool
	// ready says that the page can be open.
	ready   atomic.Bool
	rebuild chan struct{}
	early   seen
	// watchAgain holds a value if the set of watched files has changed.
	watchAgain chan struct{}

	// The goroutine of Run owns the following.
	app  *manifest.App
	byID map[string]unit
	// closing are channels that are closed when units that are gone have been closed, by id.
	closing map[string]<-chan struct{}
	// invalid are the names of the files that changed when the app's files became invalid, or "".
	invalid string
	// read is when the app's files were read last.
	read clock.Instant
	// stale means that the host serves an older manifest.yml.
	stale bool
}

// New reads the app and listens. Call Run then. New returns an error if a file of the app is invalid, or as devhost.New does.
func New(o Options) (l *Loop, err error) {
	if o.Output == nil {
		o.Output = io.Discard
	}
	l = &Loop{
		options: o, bundle: bundle.Build, readyNotice: readyNotice,
		rebuild: make(chan struct{}, 1), watchAgain: make(chan struct{}, 1), closing: map[string]<-chan struct{}{},
	}
	if !o.NoWatch {
		l.watcher = watch.New(watch.Options{Poll: o.Poll, Report: func(text string) { l.note("%s", text) }})
		watcher := l.watcher
		defer func() {
			if err != nil {
				watcher.Close()
			}
		}()
		// Watch them before they are read, so that no change is missed.
		if err = l.watcher.Set(l.appFiles()); err != nil {
			return nil, err
		}
	}
	l.read = clock.Now()
	if l.app, err = manifest.LoadApp(o.Dir); err != nil {
		return nil, err
	}
	names := l.app.Dev.CommandKeys()
	if l.app.Dev.RunsFunctions(l.app.Manifest) {
		names = append(names, functions.Name)
	}
	l.output = supervise.NewOutput(o.Output, names...)
	if o.NewServer != nil {
		l.server, err = o.NewServer(l.app, l.reportPage)
	} else {
		err = l.newHost()
	}
	if err != nil {
		return nil, err
	}
	l.problems.show = func(all []devhost.Problem) {
		l.server.SetProblems(all)
		l.report(devhost.Event{Type: EventProblems, Problems: all})
	}
	return l, nil
}

// newHost makes the local host and what runs the app's functions.
func (l *Loop) newHost() (err error) {
	if l.functions, err = functions.NewRunner(); err != nil {
		return err
	}
	options := append(slices.Clone(l.options.Host), devhost.WithReport(l.reportPage), functions.HostOption(l.functions).(devhost.Option))
	if l.host, err = devhost.New(l.options.Dir, options...); err != nil {
		_ = l.functions.Close()
		return err
	}
	l.server = localHost{l.host}
	return nil
}

// Host returns the local host, or nil if there is another server.
func (l *Loop) Host() *devhost.Host { return l.host }

// Problems returns what the developer must correct now.
func (l *Loop) Problems() []devhost.Problem { return l.problems.list() }

// Rebuild builds and starts everything again, although nothing has changed. It does not wait for that.
func (l *Loop) Rebuild() { signal(l.rebuild) }

// rewatch makes Run set the watched files again.
func (l *Loop) rewatch() { signal(l.watchAgain) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run serves the app until ctx ends, and returns the cause of that. It returns another error if the local host fails, or
// with NoWatch if something does not build or start. Call it only once.
func (l *Loop) Run(ctx context.Context) (err error) {
	var changes <-chan []watch.Change
	if l.watcher != nil {
		defer l.watcher.Close()
		changes = l.watcher.Changes()
	}
	temp, removeTemp, err := supervise.TempDir()
	if err != nil {
		return err
	}
	defer removeTemp()
	l.temp = temp
	ctx, cancel := context.WithCancelCause(ctx)
	defer l.serving.Wait()
	defer cancel(nil)
	defer l.stop()
	l.setUnits()
	l.checkCredentials(nil)
	l.noteWarnings(nil)
	for _, u := range l.units() {
		if b, ok := u.(*backend); ok {
			b.prepare(ctx)
		}
	}
	// The remotes may fetch the key set while they start, so start the host first.
	l.serving.Go(func() {
		if err := l.server.Serve(ctx); err != nil {
			cancel(err)
		}
	})
	if l.watcher != nil {
		if err := l.watcher.Set(l.roots()); err != nil {
			return err
		}
	}
	l.startUnits(ctx)
	first := l.firstResults()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-first:
			if err != nil {
				return err
			}
			first = nil
			l.ready.Store(true)
			l.report(devhost.Event{Type: EventReady, Text: l.server.PageURL()})
		case <-l.watchAgain:
			if l.watcher == nil {
				continue
			}
			if err := l.watcher.Set(l.roots()); err != nil {
				return err
			}
		case <-l.rebuild:
			l.startUnits(ctx)
		case changed := <-changes:
			l.apply(ctx, changed)
		}
	}
}

// checkCredentials says which products of forgego.yml lack their authorization, unless that was known before. Without this,
// only the app's first request says so.
func (l *Loop) checkCredentials(before map[string]manifest.DevProduct) {
	if l.host == nil {
		return // Nothing here asks a product.
	}
	for _, key := range slices.Sorted(maps.Keys(l.app.Dev.Products)) {
		product := l.app.Dev.Products[key]
		if _, err := product.AuthorizationHeader(key); err != nil && before[key].Authorization != product.Authorization {
			l.note("%v", err)
		}
	}
}

// firstResults returns a channel with the first error that ends the loop, or nil when all units have been built and
// started or have failed.
func (l *Loop) firstResults() <-chan error {
	all := l.units()
	results := make(chan error, len(all))
	for _, u := range all {
		go func() { results <- u.first() }()
	}
	first := make(chan error, 1)
	go func() {
		for range all {
			if err := <-results; err != nil && (l.options.NoWatch || isNotInstalled(err)) {
				first <- err
				return
			}
		}
		first <- nil
	}()
	return first
}

// isNotInstalled reports whether an error stays whatever the developer changes in the app.
func isNotInstalled(err error) bool {
	return errors.Is(err, bundle.ErrNoGo) || errors.Is(err, bundle.ErrNoTinyGo)
}

// stop ends all builds and processes.
func (l *Loop) stop() {
	l.stopping.Store(true)
	var stopping sync.WaitGroup
	for _, u := range l.units() {
		stopping.Go(u.close)
	}
	stopping.Wait()
	if l.functions != nil {
		_ = l.functions.Close()
	}
}

func (l *Loop) startUnits(ctx context.Context) {
	for _, u := range l.units() {
		u.start(ctx)
	}
}

func (l *Loop) report(e devhost.Event) {
	e.Time = time.Now()
	l.options.Report(e)
}

// reportBackend reports an EventBackend. took is in milliseconds.
func (l *Loop) reportBackend(unit, key, status, text string, took float64) {
	l.report(devhost.Event{Type: EventBackend, Unit: unit, Name: key, Status: status, Text: text, Milliseconds: took})
}

// note reports something that the developer should know.
func (l *Loop) note(format string, args ...any) {
	l.report(devhost.Event{Type: EventLog, Text: fmt.Sprintf(format, args...)})
}

// refresh makes the open pages show a change.
func (l *Loop) refresh(r devhost.Refresh) {
	l.server.Refresh(r)
	l.reportReload(r.Resource, r.Part)
}

// reportReload reports that the open pages load something again, or that no page is open.
func (l *Loop) reportReload(resource string, part devhost.Part) {
	e := devhost.Event{Type: EventReload, Name: resource, Status: string(part)}
	if l.server.OpenPages() == 0 {
		e.Text = "no page is open"
	}
	l.report(e)
}
