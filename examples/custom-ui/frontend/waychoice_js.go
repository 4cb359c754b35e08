package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// wayChoice is the radio group for the way to the backend. Only the user changes it, so it is read but never set.
type wayChoice struct {
	box              dom.HTMLElement
	byInvoke, direct *dom.HTMLInputElement
	// filesNote shows why files cannot be sent; it is hidden if they can.
	filesNote *hideable
}

func newWayChoice(doc dom.HTMLDocument) *wayChoice {
	return &wayChoice{
		box:       find[dom.HTMLElement](doc, "ways"),
		byInvoke:  find[*dom.HTMLInputElement](doc, "invoke-remote"),
		direct:    find[*dom.HTMLInputElement](doc, "direct"),
		filesNote: newHideable(doc, filesNote),
	}
}

func (w *wayChoice) listen(page *tasks.Page) {
	w.box.AddEventListener("change", false, func(dom.Event) {
		way := w.chosen()
		start(func(ctx context.Context) { page.Choose(ctx, way) })
	})
}

func (w *wayChoice) chosen() tasks.Way {
	switch {
	case w.byInvoke.Checked():
		return tasks.InvokeRemote
	case w.direct.Checked():
		return tasks.Direct
	}
	return tasks.RequestRemote
}

func (w *wayChoice) show(s tasks.State) { w.filesNote.show(s.HasFiles()) }
