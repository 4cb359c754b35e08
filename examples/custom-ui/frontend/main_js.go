// Command frontend is the Tasks page of the example app: a Forge Custom UI page written in Go.
//
// Package tasks has the page's logic and does not touch the document. This package shows the state of that logic and
// forwards the user's actions: page_js.go is the page with the list, details_js.go is the page in the dialog.
package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(run) }

// run shows the list, or the details if the page is in the dialog that the list has opened. It returns when the page is
// closed, or when nothing has to be kept current.
func run(ctx context.Context) error {
	setting := tasks.LoadSetting(ctx)
	doc := dom.GetWindow().Document().(dom.HTMLDocument)
	translate(doc, setting.Words)
	newGuard().listen(ctx, doc)
	newHideable(doc, "start").show(true)
	cache := bridge.NewTokenCache(tasks.Tokens())
	direct := bridge.New(bridge.PageHost(), bridge.WithDirect(cache))
	if setting.Opened != nil {
		newHideable(doc, "details").show(false)
		d := newDetails(doc)
		warnBeforeLeaving(ctx, d.wouldLose)
		d.page = tasks.NewDetails(d, direct, setting)
		d.listen(ctx)
		d.page.Run(ctx)
		return nil
	}
	newHideable(doc, "list").show(false)
	v := newView(doc, setting.Words)
	warnBeforeLeaving(ctx, v.wouldLose)
	v.page = tasks.New(v, direct, cache, setting)
	if shared := newWindows(setting.SharedName()); shared != nil {
		v.page.Share(shared)
	}
	v.listen(ctx)
	v.page.Choose(ctx, v.ways.chosen())
	v.page.Run(ctx)
	return nil
}

// on calls action for each event of the target. The page's actions show their failures themselves, so they return no errors.
func on(ctx context.Context, target any, event string, action func(ctx context.Context, event js.Value), options ...wasm.ListenOption) {
	wasm.Listen(ctx, target, event, func(ctx context.Context, e js.Value) error {
		action(ctx, e)
		return nil
	}, options...)
}
