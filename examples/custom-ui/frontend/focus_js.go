package main

import (
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// Focused returns the place of the keyboard focus.
func (v *view) Focused() tasks.Place {
	doc := v.doc.Underlying()
	focused := doc.Call("querySelector", ":focus")
	if focused.IsNull() {
		// In a window that is not in front, nothing matches :focus.
		active := doc.Get("activeElement")
		if active.IsNull() || active.Equal(doc.Get("body")) {
			return tasks.Place{}
		}
		return tasks.Place{Part: tasks.OtherPart}
	}
	for _, in := range []struct {
		selector, attribute string
		part                tasks.Part
	}{
		{"[data-id]", "data-id", tasks.RowPart},
		{"[data-subject]", "data-subject", tasks.FailurePart},
		{"form", "", tasks.FormPart},
	} {
		if found := focused.Call("closest", in.selector); !found.IsNull() {
			of := ""
			if in.attribute != "" {
				of = element(found).GetAttribute(in.attribute)
			}
			return tasks.Place{Part: in.part, Of: of}
		}
	}
	return tasks.Place{Part: tasks.OtherPart}
}

// focus moves the keyboard focus.
func (v *view) focus(to tasks.Place) {
	switch to.Part {
	case tasks.FormPart:
		v.field.input.Focus()
	case tasks.FailurePart:
		v.failures.focus(to.Of)
	case tasks.RowPart, tasks.CheckboxPart, tasks.DeletePart, tasks.DetailsPart:
		if r := v.list.find(to.Of); r != nil {
			r.focus(to.Part)
		}
	}
}
