package main

import (
	"strconv"

	"github.com/chasefleming/elem-go"
	"github.com/chasefleming/elem-go/attrs"
	"honnef.co/go/js/dom/v2"
)

// showList shows one row for each note.
func showList(doc dom.Document, list dom.Element, notes []Note) {
	doc.GetElementByID("count").SetTextContent(strconv.Itoa(len(notes)) + " notes")
	list.SetTextContent("")
	for _, note := range notes {
		row := doc.CreateElement("li")
		row.SetTextContent(note.Title) // text, so it needs no escaping
		list.AppendChild(row)
	}
}

// rows returns the notes as HTML. Text and attributes are escaped.
func rows(notes []Note) elem.Node {
	return elem.Ul(nil, elem.TransformEach(notes, func(note Note) elem.Node {
		return elem.Li(nil,
			elem.Text(note.Title),
			elem.Button(attrs.Props{"type": "button", "data-delete": note.ID}, elem.Text("Delete")))
	})...)
}
