package main

import (
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// translate fills in the texts of index.html and its templates, whose elements name the keys.
func translate(doc dom.HTMLDocument, words *tasks.Words) {
	doc.Underlying().Get("documentElement").Set("lang", words.Language())
	doc.SetTitle(words.Text("page.title"))
	translateIn(element(doc.Underlying()), words)
	for _, template := range doc.QuerySelectorAll("template") {
		translateIn(element(template.Underlying().Get("content")), words)
	}
}

func translateIn(root *dom.BasicHTMLElement, words *tasks.Words) {
	all := root.Call("querySelectorAll", "[data-text], [data-label]")
	for i := range all.Length() {
		e := element(all.Index(i))
		if key := e.GetAttribute("data-text"); key != "" {
			e.SetTextContent(words.Text(key))
		}
		if key := e.GetAttribute("data-label"); key != "" {
			e.SetAttribute("aria-label", words.Text(key))
		}
	}
}
