package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// ways is the choice of the way to the backend. The user alone changes it, so that it is read and not shown.
type ways struct {
	box              dom.HTMLElement
	byInvoke, direct *dom.HTMLInputElement
	// filesNote says why files cannot be sent, unless they can.
	filesNote *hiding
}

func newWays(doc dom.HTMLDocument) *ways {
	return &ways{
		box:       find[dom.HTMLElement](doc, "ways"),
		byInvoke:  find[*dom.HTMLInputElement](doc, "invoke-remote"),
		direct:    find[*dom.HTMLInputElement](doc, "direct"),
		filesNote: newHiding(doc, filesNote),
	}
}

func (w *ways) listen(page *tasks.Page) {
	w.box.AddEventListener("change", false, func(dom.Event) {
		way := w.chosen()
		start(func(ctx context.Context) { page.Choose(ctx, way) })
	})
}

func (w *ways) chosen() tasks.Way {
	switch {
	case w.byInvoke.Checked():
		return tasks.InvokeRemote
	case w.direct.Checked():
		return tasks.Direct
	}
	return tasks.RequestRemote
}

func (w *ways) show(s tasks.State) { w.filesNote.show(s.HasFiles()) }
