package devloop

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/terminal"
	"github.com/forgego/forgego/internal/watch"
)

// frontend is a resource whose program is built from a Go package.
type frontend struct {
	builder
	// key is the resource's.
	key     string
	options bundle.Options // set by configure
}

func (f *frontend) id() string { return frontendID(f.key) }

// frontendID returns the id of the front end of a resource.
func frontendID(key string) string { return "frontend " + key }

// start builds the program, and makes the open pages load it.
func (f *frontend) start(ctx context.Context) {
	o := f.options
	f.builder.start(ctx, f.key,
		func(ctx context.Context) error { return f.build(ctx, o) },
		func(ctx context.Context) ([]watch.Root, error) { return bundle.Deps(ctx, o) })
}

func (f *frontend) build(ctx context.Context, o bundle.Options) error {
	f.loop.report(devhost.Event{Type: EventBuild, Unit: "frontend", Name: f.key, Status: "started", Text: o.Package})
	started := time.Now()
	files, err := f.loop.bundle(ctx, o)
	took := milliseconds(time.Since(started))
	switch {
	case err == nil: // Perhaps it was cancelled too late. Then the next build may find nothing to write.
	case ctx.Err() != nil:
		f.loop.report(devhost.Event{Type: EventBuild, Unit: "frontend", Name: f.key, Status: "canceled", Text: o.Package, Milliseconds: took})
		return context.Cause(ctx)
	default:
		f.loop.problems.set(newProblem(f.id(), fmt.Sprintf("The front end %s does not build. Below is the last program that was built.", o.Package), err))
		f.loop.report(devhost.Event{Type: EventBuild, Unit: "frontend", Name: f.key, Status: "failed", Text: err.Error(), Milliseconds: took})
		return fmt.Errorf("the front end of resource %q does not build\n%w", f.key, err)
	}
	f.loop.problems.clear(f.id())
	f.loop.report(devhost.Event{Type: EventBuild, Unit: "frontend", Name: f.key, Status: "ok", Text: summary(files), Milliseconds: took})
	if bundle.WrotePage(files) {
		f.loop.note("%s: wrote the page %s", f.key, filepath.Join(o.Out, bundle.Index))
	}
	for _, file := range files {
		if file.Written || file.Removed {
			f.loop.refresh(devhost.Refresh{Part: devhost.AppPage, Resource: f.key})
			break
		}
	}
	return nil
}

// summary says what a build wrote.
func summary(files []bundle.File) string {
	var parts []string
	for _, f := range files {
		if f.Written {
			parts = append(parts, f.Name+" "+terminal.Size(f.Size))
		}
	}
	if len(parts) == 0 {
		return "nothing changed"
	}
	return strings.Join(parts, ", ")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
