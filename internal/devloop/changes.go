package devloop

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/watch"
)

// The groups of watched files, beside those of the units, which are named by their id.
const (
	manifestGroup     = "manifest"
	devGroup          = "forgego.yml"
	translationsGroup = "translations"
	fixturesGroup     = "fixtures"
	// The name of a resource's group is resourcePrefix and its key.
	resourcePrefix = "resource "
)

// roots returns what to watch, by group.
func (l *Loop) roots() map[string][]watch.Root {
	dir := l.options.Dir
	groups := map[string][]watch.Root{
		manifestGroup:     files(filepath.Join(dir, "manifest.yml")),
		devGroup:          files(filepath.Join(dir, "forgego.yml")),
		translationsGroup: files(l.app.TranslationFiles()...),
		fixturesGroup:     files(l.app.FixtureFiles()...),
	}
	for _, r := range l.app.Manifest.Resources {
		groups[resourcePrefix+r.Key] = []watch.Root{{Path: filepath.Join(dir, filepath.FromSlash(r.Path)), Recursive: true}}
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
	started := map[string]bool{}
	if names := changedNames(groups, manifestGroup, devGroup, translationsGroup, fixturesGroup); len(names) > 0 {
		for _, u := range l.readAgain(groups, names) {
			u.start(ctx)
			started[u.id()] = true
		}
	}
	for _, u := range l.units() {
		if len(groups[u.id()]) > 0 && !started[u.id()] {
			u.start(ctx)
		}
	}
	for _, r := range l.app.Manifest.Resources {
		l.refreshResource(r, groups[resourcePrefix+r.Key])
	}
}

// changedNames returns the names of the files that have changed in some groups, without duplicates.
func changedNames(changed map[string][]watch.Change, groups ...string) (names []string) {
	for _, group := range groups {
		for _, c := range changed[group] {
			names = append(names, filepath.Base(c.Path))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// configProblem is the ID of the problem that a file of the app is invalid.
const configProblem = "app files"

// readAgain reads the app's files again. If they are valid, it returns the units that must be started. Otherwise everything
// stays as it is.
func (l *Loop) readAgain(changed map[string][]watch.Change, names []string) []unit {
	name := strings.Join(names, ", ")
	app, err := manifest.LoadApp(l.options.Dir)
	reload := len(changed[manifestGroup]) > 0 || len(changed[translationsGroup]) > 0
	if err == nil && reload {
		err = l.host.Reload()
	}
	if err != nil {
		l.report(devhost.Event{Type: EventConfig, Name: name, Status: "failed", Text: err.Error()})
		l.problems.set(newProblem(configProblem, "The app's files are not valid. The app runs as they were before.", err))
		return nil
	}
	part := devhost.AppPage
	if !reflect.DeepEqual(app.Dev.Context, l.app.Dev.Context) {
		part = devhost.ProductPage // It lists the accounts and the sites.
	}
	l.app = app
	l.report(devhost.Event{Type: EventConfig, Name: name, Status: "ok"})
	l.problems.clear(configProblem)
	units := l.setUnits()
	l.rewatch()
	if reload {
		l.report(devhost.Event{Type: EventReload, Status: string(devhost.ProductPage)})
	} else {
		l.refresh(devhost.Refresh{Part: part})
	}
	return units
}

// refreshResource makes the open pages show changed files of a resource.
func (l *Loop) refreshResource(r manifest.Resource, changed []watch.Change) {
	if l.host.IsTunnelled(r.Key) {
		return // The server that shows the resource has its own way to reload it.
	}
	folder := filepath.Join(l.options.Dir, filepath.FromSlash(r.Path))
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	refresh := devhost.Refresh{Part: devhost.StyleSheets, Resource: r.Key}
	for _, c := range changed {
		name, err := filepath.Rel(folder, c.Path)
		if err != nil || l.isBuilt(r.Key, name) {
			continue
		}
		name = filepath.ToSlash(name)
		if strings.Contains("/"+name, "/.") {
			continue // Forge does not deploy such files, and the local host does not serve them.
		}
		refresh.Paths = append(refresh.Paths, name)
		if c.Op == watch.Removed || !strings.EqualFold(filepath.Ext(name), ".css") {
			refresh.Part = devhost.AppPage
		}
	}
	if len(refresh.Paths) > 0 {
		l.refresh(refresh)
	}
}

// isBuilt reports whether the build of a front end writes a file of a resource. The build itself says when it has.
func (l *Loop) isBuilt(resource, name string) bool {
	f, ok := l.byID["frontend "+resource].(*frontend)
	return ok && f.writes(name)
}
