package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/forgego/forgego/internal/bundle"
)

type buildCommand struct {
	Compress bool   `help:"Also write app.wasm.gz, for pages that load it (data-gzip)."`
	Dir      string `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// Run builds all front ends that forgego.yml names.
func (b *buildCommand) Run(ctx context.Context, c console) error {
	a, err := loadApp(b.Dir)
	if err != nil {
		return err
	}
	if len(a.dev.Frontends) == 0 {
		return errors.New("there is nothing to build: forgego.yml names no Go front end. Add to it\n" +
			"  frontends:\n    main:               # a resource key of manifest.yml\n      package: ./frontend # the folder of a Go main package")
	}
	return a.build(ctx, c, b.Compress)
}

// build makes the bundles, one resource after the other, and says what it wrote.
func (a *app) build(ctx context.Context, c console, compress bool) error {
	for _, key := range slices.Sorted(maps.Keys(a.dev.Frontends)) {
		if err := a.buildFrontend(ctx, c, key, compress); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) buildFrontend(ctx context.Context, c console, key string, compress bool) error {
	resource, ok := a.manifest.Resource(key)
	if !ok {
		return fmt.Errorf("manifest.yml has no resource %q", key)
	}
	program := a.dev.Frontends[key].Package
	c.say("%s: building %s", key, program)
	files, err := bundle.Build(ctx, bundle.Options{
		Dir: a.dir, Package: program, Out: resource.Path, Title: a.title(key), Compress: compress,
	})
	if err != nil {
		return fmt.Errorf("the front end of resource %q does not build\n%w", key, err)
	}
	written := false
	out := filepath.Join(a.dir, filepath.FromSlash(resource.Path))
	for _, f := range files {
		if f.Written {
			c.say("%s: wrote %s, %s", key, filepath.Join(out, f.Name), size(f.Size))
			written = true
		}
	}
	if !written {
		c.say("%s: nothing changed", key)
	}
	if compress && !bundle.LoadsGzip(out) {
		c.say("%s: %s does not load app.wasm.gz yet. Add data-gzip to its script tag:\n"+
			"  <script src=\"forgego.js\" data-program=\"app.wasm\" data-gzip defer></script>", key, filepath.Join(out, bundle.Index))
	}
	return nil
}

// title is that of the first module which shows the resource.
func (a *app) title(resource string) string {
	for _, m := range a.manifest.Modules {
		if m.Resource == resource {
			return m.Title
		}
	}
	return ""
}

func size(bytes int) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
