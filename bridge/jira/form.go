package jira

import (
	"encoding/json"
	"slices"

	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
)

// Form is a form of Jira. Its fields and tabs have the state before the changes: what is set is submitted later, all at
// once, and does not change what the methods return. Use a form only until the function that got it has returned, and
// by one goroutine at a time.
type Form struct {
	// Modifications are the app's UI modifications for this form.
	Modifications []UIModification

	fields     map[string]*Field
	tabs       []*ScreenTab
	changed    *Field
	changes    []*fieldChange
	tabChanges []tabState
}

func newForm(modifications []UIModification) *Form {
	return &Form{Modifications: modifications, tabChanges: []tabState{}}
}

// read reads the form's state.
func (f *Form) read(op string, data []byte) error {
	var state struct {
		Fields map[string]*fieldState `json:"currentFormState"`
		Tabs   []tabState             `json:"currentScreenTabsState"`
	}
	if err := payload.Read(op, data, &state); err != nil {
		return err
	}
	if state.Fields == nil {
		return payload.Invalid(op, "the form has no state")
	}
	f.fields = map[string]*Field{}
	for id, field := range state.Fields {
		if field != nil {
			f.fields[id] = &Field{form: f, key: id, state: *field}
		}
	}
	for _, tab := range state.Tabs {
		f.tabs = append(f.tabs, &ScreenTab{form: f, state: tab})
	}
	return nil
}

// Field returns the field with this id, such as "summary" or "customfield_10035". It reports false if the form has no
// such field, or UI modifications do not support it.
func (f *Form) Field(id string) (field *Field, ok bool) {
	field, ok = f.fields[id]
	return field, ok
}

// Fields returns all fields that UI modifications support, sorted by id.
func (f *Form) Fields() []*Field {
	var all []*Field
	for _, field := range f.fields {
		all = append(all, field)
	}
	slices.SortFunc(all, func(a, b *Field) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return 0
	})
	return all
}

// Changed returns the field that the user has changed. It is nil in [OnFormInit], and if the form does not have the
// field.
func (f *Form) Changed() *Field { return f.changed }

// ScreenTab returns the tab with this id. It reports false if the form has no such tab.
func (f *Form) ScreenTab(id string) (tab *ScreenTab, ok bool) {
	for _, tab := range f.tabs {
		if tab.state.ID == id {
			return tab, true
		}
	}
	return nil, false
}

// ScreenTabs returns the form's tabs in order.
func (f *Form) ScreenTabs() []*ScreenTab { return slices.Clone(f.tabs) }

// fieldChange holds the changes of a field, in the order of their first calls.
type fieldChange struct {
	id      string
	members []fieldMember
}

type fieldMember struct {
	name  string
	value json.RawMessage
}

// set notes the change of a member of a field. A later change of the same member replaces it.
func (f *Form) set(id, name string, value any) error {
	text, err := nesting.Marshal(value)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(f.changes, func(c *fieldChange) bool { return c.id == id })
	if i < 0 {
		i = len(f.changes)
		f.changes = append(f.changes, &fieldChange{id: id})
	}
	c := f.changes[i]
	for j := range c.members {
		if c.members[j].name == name {
			c.members[j].value = text
			return nil
		}
	}
	c.members = append(c.members, fieldMember{name, text})
	return nil
}

// fieldChanges returns the changes of all fields as a JSON object.
func (f *Form) fieldChanges() json.RawMessage {
	b := []byte("{")
	for i, c := range f.changes {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendName(b, c.id), '{')
		for j, m := range c.members {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(appendName(b, m.name), m.value...)
		}
		b = append(b, '}')
	}
	return append(b, '}')
}

// appendName appends the name of a JSON member.
func appendName(b []byte, name string) []byte {
	text, _ := nesting.Marshal(name) // a text always has a JSON form
	return append(append(b, text...), ':')
}
