package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// where is the link to the product's page around the app. Its address is for copying: a click makes the product open the
// page, outside the app's frame.
type where struct {
	link  *dom.BasicHTMLElement
	shown tasks.Where
}

func newWhere(doc dom.HTMLDocument, id string) *where {
	return &where{link: element(find[dom.HTMLElement](doc, id).Underlying())}
}

// listen calls open when the user follows the link, with true for a new tab.
func (w *where) listen(open func(ctx context.Context, newTab bool)) {
	follow := func(event dom.Event) {
		event.PreventDefault()
		newTab := isTrue(event.Underlying(), "ctrlKey", "metaKey") || event.Underlying().Get("button").Equal(js.ValueOf(1))
		start(func(ctx context.Context) { open(ctx, newTab) })
	}
	w.link.AddEventListener("click", false, follow)
	w.link.AddEventListener("auxclick", false, func(event dom.Event) {
		if event.Underlying().Get("button").Equal(js.ValueOf(1)) { // the right one opens the browser's own menu
			follow(event)
		}
	})
}

func isTrue(v js.Value, names ...string) bool {
	for _, name := range names {
		if v.Get(name).Truthy() {
			return true
		}
	}
	return false
}

func (w *where) show(now tasks.Where, text string) {
	if now == w.shown {
		return
	}
	w.shown = now
	setHidden(w.link, !now.IsKnown())
	w.link.SetTextContent(text)
	if now.URL != "" {
		w.link.SetAttribute("href", now.URL)
	}
}
