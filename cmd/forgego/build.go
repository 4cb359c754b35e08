package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/terminal"
)

type buildCommand struct {
	compilerFlag
	Compress bool   `help:"Also write app.wasm.gz, for pages that load it (data-gzip), and app.wasm.br, for servers that send it for app.wasm. Takes about 4 seconds per megabyte."`
	Dir      string `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// Run builds all front ends in forgego.yml, one resource after another, and prints what it wrote.
func (b *buildCommand) Run(ctx context.Context, c console) error {
	app, err := manifest.LoadApp(b.Dir)
	if err != nil {
		return err
	}
	if len(app.Dev.Frontends) == 0 {
		return errors.New("nothing to build: forgego.yml has no Go front end. Add to it\n" +
			"  frontends:\n    main:                 # a resource key of manifest.yml\n      package: ./frontend # the folder of a Go main package")
	}
	for _, key := range slices.Sorted(maps.Keys(app.Dev.Frontends)) {
		if err := b.build(ctx, c, app, key); err != nil {
			return err
		}
	}
	return nil
}

// compilerFlag is the flag that build and dev share.
type compilerFlag struct {
	Compiler string `enum:"go,tinygo" default:"go" help:"The compiler for the front ends: go, or tinygo, which makes much smaller programs with limits (docs/tinygo.md). Default: ${default}."`
}

func (b *buildCommand) build(ctx context.Context, c console, app *manifest.App, key string) error {
	resource, ok := app.Manifest.Resource(key)
	if !ok {
		return fmt.Errorf("manifest.yml has no resource %q", key)
	}
	o := bundle.Options{Dir: app.Dir, Package: app.Dev.Frontends[key].Package, Out: resource.Path, Title: app.Title(key), Compiler: b.Compiler, Compress: b.Compress}
	doing := "building"
	if o.Compress {
		doing = "building and compressing (about 4 seconds per megabyte)"
	}
	by := ""
	if o.Compiler == bundle.TinyGo {
		by = " by TinyGo"
	}
	c.say("%s: %s %s%s", key, doing, o.Package, by)
	files, err := bundle.Build(ctx, o)
	if err != nil {
		return fmt.Errorf("the front end of resource %q does not build\n%w", key, err)
	}
	changed := false
	out := filepath.Join(app.Dir, filepath.FromSlash(resource.Path))
	for _, f := range files {
		file := filepath.Join(out, f.Name)
		switch {
		case f.Written:
			c.say("%s: wrote %s, %s", key, file, terminal.Size(f.Size))
		case f.Removed:
			c.say("%s: removed %s of an old program; forgego build --compress makes a new one", key, file)
		}
		changed = changed || f.Written || f.Removed
	}
	if !changed {
		c.say("%s: nothing changed", key)
	}
	if o.Compress && !bundle.LoadsGzip(out) {
		c.say("%s: %s does not load app.wasm.gz yet. Add data-gzip to its script tag, and preload that file:\n"+
			"  <link rel=\"preload\" href=\"app.wasm.gz\" as=\"fetch\" crossorigin fetchpriority=\"high\">\n"+
			"  <script src=\"forgego.js\" data-program=\"app.wasm\" data-gzip defer fetchpriority=\"high\"></script>", key, filepath.Join(out, bundle.Index))
	}
	return nil
}
