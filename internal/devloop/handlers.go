package devloop

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/functions"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/watch"
)

// handlersID is the id of the unit.
const handlersID = "functions"

// handlers are the app's functions: their files are bundled, and run in one process of Node.js.
type handlers struct {
	builder
	settings handlersSettings // set by configure
	// The builder's task owns the following, and close after it.
	inputs []string

	mu      sync.Mutex
	process *functions.Process
	closed  bool
	// earlier are processes that still answer calls.
	earlier  map[*functions.Process]bool
	retiring sync.WaitGroup

	noNode sync.Once
}

type handlersSettings struct {
	handlers []manifest.Function
	// env are variables that Node.js gets: those with credentials are empty.
	env []string
}

// setHandlers makes the unit if the app's handlers run on this machine.
func (l *Loop) setHandlers(before map[string]unit, changed []unit) []unit {
	if !l.app.Dev.RunsFunctions(l.app.Manifest) {
		return changed
	}
	h, ok := before[handlersID].(*handlers)
	if !ok {
		h = &handlers{builder: l.newBuilder(handlersID), earlier: map[*functions.Process]bool{}}
	}
	l.byID[handlersID] = h
	s := handlersSettings{handlers: l.app.Manifest.Handlers()}
	for _, product := range l.app.Dev.Products {
		if product.Authorization != "" {
			s.env = append(s.env, product.Authorization+"=") // The local host sends it itself.
		}
	}
	slices.Sort(s.env)
	if configure(&h.settings, s) {
		changed = append(changed, h)
	}
	return changed
}

func (h *handlers) id() string { return handlersID }

// start bundles the handlers and exchanges the running process for a new one. Calls wait meanwhile. If the files are not
// valid, the old process goes on.
func (h *handlers) start(ctx context.Context) {
	h.startWith(ctx, h.settings)
}

func (h *handlers) startWith(ctx context.Context, settings handlersSettings) {
	h.builder.start(ctx, handlersID,
		func(ctx context.Context) error { return h.run(ctx, settings) },
		func(context.Context) ([]watch.Root, error) { return h.roots(settings), nil })
}

// roots returns what to watch: the files that were bundled, the folders of the handlers, in which a missing file may appear,
// and the files that change with the installed packages.
func (h *handlers) roots(settings handlersSettings) []watch.Root {
	dir := h.loop.options.Dir
	var folders []string
	for _, f := range settings.handlers {
		folder, _, _ := strings.Cut(f.File, "/")
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	var roots []watch.Root
	for _, folder := range slices.Compact(folders) {
		roots = append(roots, watch.Root{Path: filepath.Join(dir, folder), Recursive: true})
	}
	roots = append(roots, files(filepath.Join(dir, "package.json"), filepath.Join(dir, "tsconfig.json"), filepath.Join(dir, "node_modules", ".package-lock.json"))...)
	for _, name := range h.inputs {
		if !strings.Contains(filepath.ToSlash(name), "/node_modules/") {
			roots = append(roots, watch.Root{Path: name})
		}
	}
	return roots
}

func (h *handlers) run(ctx context.Context, settings handlersSettings) error {
	runner := h.loop.functions
	runner.Hold()
	err := h.exchange(ctx, settings)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.process != nil:
		runner.Use(h.process)
	case err != nil && ctx.Err() == nil:
		runner.Fail(err)
	}
	if errors.Is(err, functions.ErrNoNode) {
		return nil // It is said once, and nothing else needs it.
	}
	return err
}

// exchange builds and starts a new process. If the files are not valid, the old one stays.
func (h *handlers) exchange(ctx context.Context, settings handlersSettings) error {
	program, began := filepath.Join(h.loop.temp, handlersID), clock.Now()
	if err := h.build(ctx, settings, program); err != nil {
		return err
	}
	// A saved file must help while the code is loaded, which may never end.
	h.depend(h.roots(settings), true, began)
	h.loop.rewatch()
	h.stopProcess()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	err := h.exec(ctx, settings, program)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, functions.ErrNoNode):
		h.noNode.Do(func() {
			h.loop.note("functions: Node.js is not installed, or not in PATH, so the app's functions do not run. Nothing else needs it.")
		})
		return err
	case err != nil:
		h.failed("The app's functions do not run.", err)
		return err
	}
	h.loop.problems.clear(handlersID)
	return nil
}

// build bundles the handlers.
func (h *handlers) build(ctx context.Context, settings handlersSettings, program string) error {
	e := devhost.Event{Type: EventBuild, Unit: handlersID, Name: handlersID, Status: "started", Text: names(settings.handlers)}
	h.loop.report(e)
	started := time.Now()
	inputs, err := functions.Bundle(h.loop.options.Dir, settings.handlers, program)
	e.Milliseconds = milliseconds(time.Since(started))
	switch {
	case ctx.Err() != nil:
		e.Status, err = "canceled", context.Cause(ctx)
	case err != nil:
		e.Status, e.Text = "failed", err.Error()
		title := "The app's functions cannot be bundled."
		if h.isRunning() {
			title += " Those that were bundled before still run."
		}
		h.loop.problems.set(newProblem(handlersID, title, err))
	default:
		e.Status, h.inputs = "ok", inputs
	}
	h.loop.report(e)
	return err
}

// names lists the files of handlers.
func names(all []manifest.Function) string {
	var files []string
	for _, f := range all {
		files = append(files, f.File)
	}
	slices.Sort(files)
	return strings.Join(slices.Compact(files), ", ")
}

// exec starts Node.js and waits until it listens.
func (h *handlers) exec(ctx context.Context, settings handlersSettings, program string) error {
	began := time.Now()
	p, err := h.loop.functions.Start(h.loop.options.Dir, program, settings.env, h.loop.output)
	if err != nil {
		return err
	}
	h.report("starting", "Node.js", 0)
	if err := h.waitUntilReady(ctx, p, settings); err != nil {
		p.Stop()
		return err
	}
	h.mu.Lock()
	h.process = p
	h.mu.Unlock()
	h.report("ready", "Node.js", milliseconds(time.Since(began)))
	h.loop.serving.Go(func() { h.restart(ctx, p, settings) })
	return nil
}

// loadLimit is how long the code may take to be loaded with NoWatch, where no saved file helps.
const loadLimit = 2 * time.Minute

// waitUntilReady waits until the process listens, which it does when it has loaded the code. If that takes long, it says so: calls fail
// then, and the first build has settled.
func (h *handlers) waitUntilReady(ctx context.Context, p *functions.Process, settings handlersSettings) error {
	ready := make(chan error, 1)
	go func() { ready <- p.Ready(ctx) }()
	limit := h.loop.readyNotice
	if h.loop.options.NoWatch {
		limit = loadLimit
	}
	select {
	case err := <-ready:
		return err
	case <-time.After(limit):
	}
	err := fmt.Errorf("the code of %s, or of a file that it imports, has not been loaded within %v: its first run does not end", names(settings.handlers), limit)
	if h.loop.options.NoWatch {
		return err
	}
	const title = "The app's functions do not run yet."
	h.loop.problems.set(devhost.Problem{ID: handlersID, Title: title, Text: err.Error() + ". forgego goes on waiting, and starts them again when a file is saved."})
	h.loop.note("functions: %s %v.", title, err)
	h.loop.functions.Fail(err)
	h.settle()
	failed := <-ready
	h.loop.functions.Hold()
	return failed
}

// restart waits for the end of a process, and starts another one if it has had calls: a handler may end it, as on Forge, where
// the next call has a new one. Without a call, it would end again.
func (h *handlers) restart(ctx context.Context, p *functions.Process, settings handlersSettings) {
	<-p.Done()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.process != p || h.closed || h.loop.stopping.Load() {
		return
	}
	h.process = nil
	err := p.Err()
	h.report("failed", err.Error(), 0)
	if !p.WasCalled() {
		h.loop.functions.Fail(err)
		h.loop.problems.set(newProblem(handlersID, "The app's functions do not run.", err))
		return
	}
	h.startWith(context.WithoutCancel(ctx), settings)
}

func (h *handlers) report(status, text string, took float64) {
	h.loop.reportBackend(handlersID, handlersID, status, text, took)
}

func (h *handlers) failed(title string, err error) {
	h.loop.problems.set(newProblem(handlersID, title, err))
	h.report("failed", err.Error(), 0)
}

func (h *handlers) isRunning() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.process != nil && !isClosed(h.process.Done())
}

// stopProcess lets the process answer the calls that it has, and then ends it. It does not wait for that.
func (h *handlers) stopProcess() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.process; p != nil {
		h.process, h.earlier[p] = nil, true
		h.retiring.Go(func() {
			p.Retire()
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.earlier, p)
		})
	}
}

func (h *handlers) close() {
	h.mu.Lock()
	h.closed = true // so that no process is started again
	h.mu.Unlock()
	h.builder.close()
	h.loop.functions.Fail(errors.New("the app's functions have been stopped"))
	h.stopProcess()
	h.mu.Lock()
	earlier := slices.Collect(maps.Keys(h.earlier))
	h.mu.Unlock()
	for _, p := range earlier {
		p.Stop() // Their calls fail.
	}
	h.retiring.Wait()
	_ = os.RemoveAll(filepath.Join(h.loop.temp, handlersID))
	if !h.loop.stopping.Load() {
		h.report("stopped", "", 0)
	}
}
