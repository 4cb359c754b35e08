package devloop

import (
	"cmp"
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/watch"
)

// The groups of watched files, beside those of the units, which are named by their id.
const (
	manifestGroup     = "manifest"
	devGroup          = "forgego.yml"
	translationsGroup = "translations"
	fixturesGroup     = "fixtures"
	// handlerGroup is the files that can have the handlers of the app's functions.
	handlerGroup = "handlers"
	// appGroup is all files of the app. It is watched while the app's files are invalid: a file or folder that one of them
	// names may be missing.
	appGroup = "app"
	// The name of a resource's group is resourcePrefix and its key.
	resourcePrefix = "resource "
)

// appFiles returns the files that describe the app, by group.
func (l *Loop) appFiles() map[string][]watch.Root {
	return map[string][]watch.Root{
		manifestGroup: files(filepath.Join(l.options.Dir, "manifest.yml")),
		devGroup:      files(filepath.Join(l.options.Dir, "forgego.yml")),
	}
}

// roots returns what to watch, by group.
func (l *Loop) roots() map[string][]watch.Root {
	dir := l.options.Dir
	groups := l.appFiles()
	groups[translationsGroup] = files(l.app.TranslationFiles()...)
	groups[fixturesGroup] = files(l.app.FixtureFiles()...)
	if l.functions != nil {
		groups[handlerGroup] = files(l.app.Manifest.HandlerFiles()...)
	}
	if l.invalid != "" {
		groups[appGroup] = []watch.Root{{Path: dir, Recursive: true}}
	}
	for _, r := range l.app.Manifest.Resources {
		groups[resourcePrefix+r.Key] = []watch.Root{{Path: filepath.Join(dir, filepath.FromSlash(r.Path)), Recursive: true}}
	}
	for _, roots := range groups {
		for i := range roots {
			roots[i].Since = l.read
		}
	}
	for _, u := range l.units() {
		groups[u.id()] = u.dependencies()
	}
	return groups
}

func files(paths ...string) (roots []watch.Root) {
	for _, path := range paths {
		roots = append(roots, watch.Root{Path: path})
	}
	return roots
}

// apply brings changed files into the running app.
func (l *Loop) apply(ctx context.Context, changed []watch.Change) {
	groups := map[string][]watch.Change{}
	for _, c := range changed {
		for _, group := range c.Groups {
			groups[group] = append(groups[group], c)
		}
	}
	l.stale = l.stale || len(groups[manifestGroup]) > 0 || len(groups[translationsGroup]) > 0
	start := map[string]bool{}
	names := changedNames(groups, manifestGroup, devGroup, translationsGroup, fixturesGroup)
	if len(groups[handlerGroup]) > 0 && l.app.Manifest.HandlersMoved() {
		l.stale, names = true, cmp.Or(names, changedNames(groups, handlerGroup))
	}
	if names != "" || len(groups[appGroup]) > 0 && l.invalid != "" {
		for _, u := range l.readAgain(cmp.Or(names, l.invalid)) {
			start[u.id()] = true
		}
	}
	for _, r := range l.app.Manifest.Resources {
		if l.refreshResource(r, groups[resourcePrefix+r.Key]) {
			start[frontendID(r.Key)] = true
		}
	}
	for _, u := range l.units() {
		if start[u.id()] || len(groups[u.id()]) > 0 {
			u.start(ctx)
		}
	}
}

// changedNames returns the names of the files that have changed in some groups, without duplicates.
func changedNames(changed map[string][]watch.Change, groups ...string) string {
	var names []string
	for _, group := range groups {
		for _, c := range changed[group] {
			names = append(names, filepath.Base(c.Path))
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// configProblem is the ID of the problem that a file of the app is invalid.
const configProblem = "app files"

// readAgain reads the app's files again, because of those named. If they are valid, it returns the units that must be
// started. Otherwise everything stays as it is.
func (l *Loop) readAgain(name string) []unit {
	l.read = clock.Now()
	app, err := manifest.LoadApp(l.options.Dir)
	// The correction of manifest.yml may be read before it is reported.
	reload := l.stale || l.invalid != ""
	if err == nil && reload {
		err = l.server.Reload()
	}
	if err != nil {
		l.notValid(name, err)
		return nil
	}
	part := devhost.AppPage
	if !reflect.DeepEqual(app.Dev.Context, l.app.Dev.Context) {
		part = devhost.ProductPage // It lists the accounts and the sites.
	}
	before := l.app
	l.app, l.invalid, l.stale = app, "", false
	l.checkCredentials(before.Dev.Products)
	l.noteWarnings(before.Manifest)
	l.report(devhost.Event{Type: EventConfig, Name: name, Status: "ok"})
	l.problems.clear(configProblem)
	units := l.setUnits()
	l.rewatch()
	if reload {
		// What did not start may have lacked something in the manifest.
		for id, u := range l.byID {
			if l.problems.get(id).ID != "" && !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
		l.reportReload("", devhost.ProductPage)
	} else {
		l.refresh(devhost.Refresh{Part: part})
	}
	return units
}

// notValid shows why the app's files are not valid.
func (l *Loop) notValid(name string, err error) {
	if l.invalid == "" {
		l.rewatch()
	}
	problem := newProblem(configProblem, "The app's files are not valid. The app runs as they were before.", err)
	if name == l.invalid && reflect.DeepEqual(l.problems.get(configProblem), problem) {
		return // Another file has changed.
	}
	l.invalid = name
	l.problems.set(problem)
	l.report(devhost.Event{Type: EventConfig, Name: name, Status: "failed", Text: err.Error()})
}

// maxStyleSheets is how many style sheets are exchanged in a page. With more, the page is loaded again.
const maxStyleSheets = 100

// required are files that the build of a front end writes, and without which the page may not work. A page without data-worker
// needs fewer.
var required = []string{bundle.Program, bundle.Script, bundle.PageScript, bundle.WorkerScript, bundle.Index}

// refreshResource makes the open pages show changed files of a resource. It reports whether a file is missing that the
// build of the front end writes.
func (l *Loop) refreshResource(r manifest.Resource, changed []watch.Change) (incomplete bool) {
	if l.server.IsTunnelled(r.Key) {
		return false // The server that shows the resource has its own way to reload it.
	}
	folder := filepath.Join(l.options.Dir, filepath.FromSlash(r.Path))
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	refresh := devhost.Refresh{Part: devhost.StyleSheets, Resource: r.Key}
	for _, c := range changed {
		name, err := filepath.Rel(folder, c.Path)
		if err != nil || !filepath.IsLocal(name) { // It was in the folder that was the resource's before.
			continue
		}
		name = filepath.ToSlash(name)
		incomplete = incomplete || c.Op == watch.Removed && slices.Contains(required, name)
		if l.isBuilt(r.Key, name) {
			continue
		}
		if name != "." && strings.Contains("/"+name, "/.") {
			continue // Forge does not deploy such files, and the local host does not serve them.
		}
		refresh.Paths = append(refresh.Paths, name)
		if c.Op == watch.Removed || !strings.EqualFold(filepath.Ext(name), ".css") {
			refresh.Part = devhost.AppPage
		}
	}
	if len(refresh.Paths) > maxStyleSheets {
		refresh.Part = devhost.AppPage
	}
	if len(refresh.Paths) > 0 {
		if refresh.Part != devhost.StyleSheets {
			refresh.Paths = nil // There may be thousands, and the page does not need them.
		}
		l.refresh(refresh)
	}
	return incomplete
}

// isBuilt reports whether the build of a front end writes a file of a resource. The build itself says when it has.
func (l *Loop) isBuilt(resource, name string) bool {
	_, ok := l.byID[frontendID(resource)].(*frontend)
	return ok && bundle.IsMade(name)
}
