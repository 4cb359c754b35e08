// Command logic has the functions that React calls. The page's logic is package tasks of the example custom-ui; this program
// only passes on what the user does, and what the page shows.
package main

import (
	"context"
	"iter"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/examples/react/src/screen"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(run) }

// run exports the functions, and then runs the page until it is closed. Calls wait until there is a page.
func run(ctx context.Context) error {
	p := &page{Screen: screen.New(newDrafts()), made: make(chan struct{})}
	wasm.ExportSeq(ctx, "views", func(ctx context.Context, _ struct{}) iter.Seq2[screen.View, error] { return p.Views(ctx) })
	wasm.ExportFunc(ctx, "focused", func(_ context.Context, at screen.Place) (struct{}, error) {
		p.SetFocused(at)
		return struct{}{}, nil
	})
	wasm.ExportFunc(ctx, "choose", action(p, func(ctx context.Context, tasks *tasks.Page, way screen.Way) { tasks.Choose(ctx, way.Tasks()) }))
	wasm.ExportFunc(ctx, "edit", action(p, func(_ context.Context, tasks *tasks.Page, text string) { tasks.Edit(text) }))
	wasm.ExportFunc(ctx, "add", action(p, func(ctx context.Context, tasks *tasks.Page, name string) { tasks.Add(ctx, name) }))
	wasm.ExportFunc(ctx, "setDone", action(p, func(ctx context.Context, tasks *tasks.Page, in Done) { tasks.SetDone(ctx, in.ID, in.Done) }))
	wasm.ExportFunc(ctx, "remove", action(p, func(ctx context.Context, tasks *tasks.Page, id string) { tasks.Delete(ctx, id) }))
	wasm.ExportFunc(ctx, "undo", action(p, func(ctx context.Context, tasks *tasks.Page, _ struct{}) { tasks.UndoLast(ctx) }))
	wasm.ExportFunc(ctx, "retry", action(p, func(ctx context.Context, tasks *tasks.Page, subject string) { tasks.Retry(ctx, subject) }))
	wasm.ExportFunc(ctx, "dismiss", action(p, func(_ context.Context, tasks *tasks.Page, subject string) { tasks.Dismiss(subject) }))
	wasm.ExportFunc(ctx, "setOnline", action(p, func(_ context.Context, tasks *tasks.Page, online bool) { tasks.SetOnline(online) }))
	wasm.ExportFunc(ctx, "seen", action(p, func(_ context.Context, tasks *tasks.Page, _ struct{}) { tasks.Seen() }))

	setting := tasks.LoadSetting(ctx)
	cache := bridge.NewTokenCache(tasks.Tokens())
	p.tasks = tasks.New(p, bridge.New(bridge.PageHost(), bridge.WithDirect(cache)), cache, setting)
	wasm.OnError(p.tasks.Report)
	close(p.made)
	p.tasks.Run(ctx)
	return nil
}

// page is the page and its screen.
type page struct {
	*screen.Screen
	// tasks is the page itself, once made is closed.
	tasks *tasks.Page
	made  chan struct{}
}

// Done says whether a task is done.
type Done struct {
	ID   string `json:"id"`
	Done bool   `json:"done"`
}

// action returns the function that lets the page do what the user wants. The page shows its failures itself.
func action[In any](p *page, do func(ctx context.Context, tasks *tasks.Page, in In)) func(context.Context, In) (struct{}, error) {
	return func(ctx context.Context, in In) (struct{}, error) {
		select {
		case <-p.made:
			do(ctx, p.tasks, in)
			return struct{}{}, nil
		case <-ctx.Done():
			return struct{}{}, context.Cause(ctx)
		}
	}
}
