package jira

import (
	"encoding/json"

	"github.com/forgego/forgego/bridge/internal/payload"
)

// Field is a field of a [Form]. The variables of a [FieldType], such as [PriorityField], read and set its value.
type Field struct {
	form  *Form
	key   string
	state fieldState
}

// fieldState is a field as the host sends it.
type fieldState struct {
	ID                string             `json:"fieldId"`
	Type              string             `json:"fieldType"`
	Name              string             `json:"fieldName"`
	Description       string             `json:"description"`
	Visible           bool               `json:"isVisible"`
	ReadOnly          bool               `json:"isReadOnly"`
	Required          bool               `json:"isRequired"`
	Value             json.RawMessage    `json:"value"`
	OptionsVisibility *OptionsVisibility `json:"optionsVisibility"`
}

// OptionsVisibility says which options of a field are shown.
type OptionsVisibility struct {
	// Options are ids of options.
	Options []string `json:"options"`
	// Visible means that only these options are shown; otherwise only these are hidden.
	Visible bool `json:"isVisible"`
}

// ID returns the field's id, such as "summary" or "customfield_10035".
func (f *Field) ID() string { return f.state.ID }

// Type returns the field's type, such as "summary" or "com.atlassian.jira.plugin.system.customfieldtypes:select".
func (f *Field) Type() string { return f.state.Type }

// Name returns the field's name.
func (f *Field) Name() string { return f.state.Name }

// Description returns the field's description.
func (f *Field) Description() string { return f.state.Description }

// IsVisible reports whether the field is shown.
func (f *Field) IsVisible() bool { return f.state.Visible }

// IsReadOnly reports whether the user cannot change the field.
func (f *Field) IsReadOnly() bool { return f.state.ReadOnly }

// IsRequired reports whether the field must have a value.
func (f *Field) IsRequired() bool { return f.state.Required }

// OptionsVisibility returns which options are shown. It is nil in [OnFormInit], and if SetOptionsVisibility has not
// been called.
func (f *Field) OptionsVisibility() *OptionsVisibility { return f.state.OptionsVisibility }

// SetName changes the field's name.
func (f *Field) SetName(name string) { f.set("fieldName", name) }

// SetDescription changes the field's description.
func (f *Field) SetDescription(description string) { f.set("description", description) }

// SetVisible shows or hides the field. The form keeps the value of a hidden field.
func (f *Field) SetVisible(visible bool) { f.set("isVisible", visible) }

// SetReadOnly sets whether the user cannot change the field. The form keeps the value. In an issue view Jira hides a
// read-only field without a value.
func (f *Field) SetReadOnly(readOnly bool) { f.set("isReadOnly", readOnly) }

// SetRequired sets whether the field must have a value. A field that Jira itself requires stays required.
func (f *Field) SetRequired(required bool) { f.set("isRequired", required) }

// SetOptionsVisibility shows only the options with these ids, or hides only them. In an issue view and a transition
// Jira takes at most 100 ids.
func (f *Field) SetOptionsVisibility(options []string, visible bool) {
	f.set("optionsVisibility", OptionsVisibility{append([]string{}, options...), visible})
}

// set notes a change whose value always has a JSON form.
func (f *Field) set(name string, value any) { _ = f.form.set(f.key, name, value) }

// Value returns the field's value as JSON, for types that have no variable. It is nil if there is none.
func (f *Field) Value() json.RawMessage { return f.state.Value }

// SetValue changes the field's value to the JSON of value by encoding/json, for types that have no variable; nil is
// null. A value that JSON cannot represent returns [bridge.ErrInvalidRequest]. Jira refuses a value that the type does
// not take, and reports that to [OnFormError].
func (f *Field) SetValue(value any) error {
	const op = "setValue"
	text, err := payload.JSON(op, value)
	if err != nil {
		return err
	}
	if text == nil {
		text = []byte("null")
	}
	f.set("value", json.RawMessage(text))
	return nil
}
