package main

import (
	"context"
	"path/filepath"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/watch"
)

// watch builds again after each change until ctx ends. An error is printed, and the next change may correct it.
func (b *buildCommand) watch(ctx context.Context, c console) error {
	w := watch.New(watch.Options{Report: func(text string) { c.say("%s", text) }})
	defer w.Close()
	for {
		began := clock.Now()
		built, err := b.once(ctx, c)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			report(c, err)
		}
		roots := b.roots(ctx, built)
		for i := range roots {
			roots[i].Since = began
		}
		if err := w.Set(map[string][]watch.Root{"app": roots}); err != nil {
			return err
		}
		c.say("watching for changes; Ctrl-C ends")
		select {
		case <-w.Changes():
		case <-ctx.Done():
			return nil
		}
	}
}

// roots returns the files on which the build depends: the app's two files, the sources, and the resources with their pages.
func (b *buildCommand) roots(ctx context.Context, built []frontend) []watch.Root {
	roots := []watch.Root{{Path: filepath.Join(b.Dir, "manifest.yml")}, {Path: filepath.Join(b.Dir, "forgego.yml")}}
	for _, f := range built {
		// If the go command fails, it says so during the build.
		sources, _ := bundle.Deps(ctx, f.Options)
		roots = append(roots, sources...)
		roots = append(roots, watch.Root{Path: f.resource, Recursive: true, Key: "resource", Match: func(path string) bool {
			name, err := filepath.Rel(f.resource, path)
			return err != nil || !bundle.IsMade(filepath.ToSlash(name))
		}})
	}
	return roots
}
