package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/manifest"
)

type buildCommand struct {
	compilerFlag
	Gzip   bool   `negatable:"" default:"true" help:"Also write app.wasm.gz, which pages with data-gzip load, whatever the server does. On by default."`
	Brotli bool   `help:"Also write app.wasm.br, for servers that send it for app.wasm. Takes about 40 times as long as gzip."`
	Out    string `placeholder:"DIR" help:"Write the resources that have a Go front end, with all their files, into folders of DIR that have the resources' keys, and leave those of the app as they are."`
	Watch  bool   `help:"Build again after each change, until Ctrl-C."`
	Dir    string `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// noFrontend says that an app has no front end that forgego builds.
const noFrontend = "forgego.yml has no Go front end. Add to it\n" +
	"  frontends:\n    main:                 # a resource key of manifest.yml\n      package: ./frontend # the folder of a Go main package"

// compilerFlag is the flag of all commands that build a program.
type compilerFlag struct {
	Compiler string `enum:"go,tinygo" default:"go" placeholder:"go|tinygo" help:"The compiler for the front ends: go, or tinygo, which makes much smaller programs with limits (docs/tinygo.md). Default: ${default}."`
}

// Run builds all front ends in forgego.yml and prints what is deployed.
func (b *buildCommand) Run(ctx context.Context, c console) error {
	if b.Watch {
		return b.watch(ctx, c)
	}
	_, err := b.once(ctx, c)
	return err
}

// frontend is a front end of the app and how it is built.
type frontend struct {
	key string
	// resource is the resource's folder in the app.
	resource string
	bundle.Options
}

// out returns the folder in which the front end is built.
func (f frontend) out() string {
	if filepath.IsAbs(f.Out) {
		return f.Out
	}
	return f.resource
}

// once builds all front ends at the same time, and prints each as soon as it is built.
func (b *buildCommand) once(ctx context.Context, c console) ([]frontend, error) {
	app, err := manifest.LoadApp(b.Dir)
	if err != nil {
		return nil, err
	}
	programs := app.Dev.Programs()
	for _, key := range slices.Sorted(maps.Keys(app.Dev.Frontends)) {
		if !slices.Contains(programs, key) {
			c.say("%s: not built here, because it has a command of its own; its tools build it, as npm run build does", key)
		}
	}
	if len(app.Dev.Frontends) == 0 {
		return nil, errors.New("nothing to build: " + noFrontend)
	}
	var all []frontend
	for _, key := range programs {
		f, err := b.frontend(app, key)
		if err != nil {
			return all, err
		}
		all = append(all, f)
	}
	if b.Out != "" {
		if err := copyResources(all); err != nil {
			return all, err
		}
	}
	failed := make([]error, len(all))
	var builds sync.WaitGroup
	for i, f := range all {
		builds.Go(func() { failed[i] = f.build(ctx, c) })
	}
	builds.Wait()
	if ctx.Err() != nil { // then all have the same error
		return all, context.Cause(ctx)
	}
	return all, errors.Join(failed...)
}

// copyResources copies the other files of the resources to where the front ends are built. It writes nothing if one of the
// folders cannot be used.
func copyResources(all []frontend) error {
	copies, failed := make([]*bundle.Copy, len(all)), make([]error, len(all))
	wrap := func(i int, err error) {
		if err != nil {
			failed[i] = fmt.Errorf("resource %q: %w", all[i].key, err)
		}
	}
	for i, f := range all {
		var err error
		copies[i], err = bundle.NewCopy(f.resource, f.Out)
		wrap(i, err)
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	for i, c := range copies {
		wrap(i, c.Run())
	}
	return errors.Join(failed...)
}

// frontend returns the front end of a resource.
func (b *buildCommand) frontend(app *manifest.App, key string) (frontend, error) {
	resource, ok := app.Manifest.Resource(key)
	if !ok {
		return frontend{}, fmt.Errorf("manifest.yml has no resource %q", key)
	}
	f := frontend{key, filepath.Join(app.Dir, filepath.FromSlash(resource.Path)), bundle.Options{
		Dir: app.Dir, Package: app.Dev.Frontends[key].Package, Out: resource.Path, Title: app.Title(key),
		Compiler: b.Compiler, Gzip: b.Gzip, Brotli: b.Brotli,
	}}
	if b.Out == "" {
		return f, nil
	}
	out, err := filepath.Abs(filepath.Join(b.Out, key))
	if err != nil {
		return f, err
	}
	f.Out = out
	return f, nil
}

// build builds one front end, and prints what it has written and what is deployed.
func (f frontend) build(ctx context.Context, c console) error {
	by, how := "", ""
	if f.Compiler == bundle.TinyGo {
		by = " by TinyGo"
	}
	if f.Brotli {
		how = ", and compressing it with brotli (about 40 times as long as gzip)"
	}
	c.say("%s: building %s%s%s", f.key, f.Package, by, how)
	began := time.Now()
	files, err := bundle.Build(ctx, f.Options)
	if err != nil {
		return fmt.Errorf("the front end of resource %q does not build\n%w", f.key, err)
	}
	out := f.out()
	report, err := newSizeReport(out)
	if err != nil {
		return fmt.Errorf("the front end of resource %q is built, but its files cannot be measured: %w", f.key, err)
	}
	head := fmt.Sprintf("%s: built into %s in %.1f s", f.key, out, time.Since(began).Seconds())
	if !slices.ContainsFunc(files, func(file bundle.File) bool { return file.Written || file.Removed }) {
		head = fmt.Sprintf("%s: nothing changed in %s", f.key, out)
	}
	hint := ""
	if bundle.WrotePage(files) {
		hint += fmt.Sprintf("\n%s: wrote the page %s", f.key, filepath.Join(out, bundle.Index))
	}
	for _, file := range files {
		if file.Removed {
			hint += fmt.Sprintf("\n%s: removed %s of an old program; forgego build --brotli makes a new one", f.key, filepath.Join(out, file.Name))
		}
	}
	if f.Gzip && !bundle.LoadsGzip(out) {
		hint += fmt.Sprintf("\n%s: %s does not load app.wasm.gz, so browsers may get the program uncompressed. Add data-gzip to its script tag, and preload that file:\n"+
			"  <link rel=\"preload\" href=\"app.wasm.gz\" as=\"fetch\" fetchpriority=\"high\">\n"+
			"  <script src=\"forgego.js\" data-program=\"app.wasm\" data-gzip defer fetchpriority=\"high\"></script>", f.key, filepath.Join(out, bundle.Index))
	}
	c.say("%s\n%s%s", head, report.table(), hint)
	return report.keep()
}
