package jira

import (
	"errors"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// FieldType is a type of fields: G is the type of the values that its fields have, and S that of the values that can be
// set. Most fields with options have an id and a name, and are set by the id.
//
// Source of all types:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/uiModifications/#field-details and the
// types of @forge/jira-bridge 0.40.1.
type FieldType[G, S any] struct{ name string }

// String returns the type's name, as [Field.Type] does.
func (t FieldType[G, S]) String() string { return t.name }

// Get returns the field's value. A nil pointer means that the field is empty. A field of another type returns
// [bridge.ErrInvalidRequest], and a value of another form [bridge.ErrInvalidResponse].
func (t FieldType[G, S]) Get(field *Field) (G, error) {
	var value, none G
	if err := t.check("getValue", field); err != nil {
		return none, err
	}
	if field.state.Value == nil {
		return none, nil
	}
	if err := payload.ReadAs("getValue", field.state.Value, &value); err != nil {
		return none, err
	}
	return value, nil
}

// Set changes the field's value. A field of another type returns [bridge.ErrInvalidRequest].
func (t FieldType[G, S]) Set(field *Field, value S) error {
	if err := t.check("setValue", field); err != nil {
		return err
	}
	if list, ok := any(value).([]string); ok && list == nil {
		return field.SetValue([]string{})
	}
	return field.SetValue(&value)
}

// Clear empties the field: it sets null, or an empty list. Jira refuses that for types that must have a value, and
// reports it to [OnFormError]. A field of another type returns [bridge.ErrInvalidRequest].
func (t FieldType[G, S]) Clear(field *Field) error {
	if err := t.check("setValue", field); err != nil {
		return err
	}
	var none S
	if _, ok := any(none).([]string); ok {
		return t.Set(field, none)
	}
	return field.SetValue(nil)
}

func (t FieldType[G, S]) check(op string, field *Field) error {
	if field == nil {
		return payload.InvalidRequest(op, "there is no field")
	}
	if field.state.Type != t.name {
		return &bridge.Error{Op: op, Err: errors.Join(bridge.ErrInvalidRequest,
			errors.New("the field "+field.state.ID+" has the type "+field.state.Type+", and not "+t.name))}
	}
	return nil
}

// custom is the prefix of the types of Jira's own custom fields.
const custom = "com.atlassian.jira.plugin.system.customfieldtypes:"

// The types of system fields.
var (
	AssigneeField         = FieldType[*User, string]{"assignee"}
	ReporterField         = FieldType[*User, string]{"reporter"}
	SummaryField          = FieldType[string, string]{"summary"}
	DescriptionField      = FieldType[Document, Document]{"description"}
	LabelsField           = FieldType[[]string, []string]{"labels"}
	PriorityField         = FieldType[Priority, string]{"priority"}
	ComponentsField       = FieldType[[]Named, []string]{"components"}
	FixVersionsField      = FieldType[[]Named, []string]{"fixVersions"}
	AffectsVersionsField  = FieldType[[]Named, []string]{"versions"}
	IssueTypeField        = FieldType[Named, string]{"issuetype"}
	ParentField           = FieldType[*Parent, string]{"parent"}
	StatusField           = FieldType[Named, string]{"status"}
	ResolutionField       = FieldType[*Option, string]{"resolution"}
	DueDateField          = FieldType[*string, string]{"duedate"}
	OriginalEstimateField = FieldType[*float64, float64]{"timeoriginalestimate"}
)

// The types of custom fields. Users are set by their account ids. Dates have the form 2006-01-02.
var (
	SelectField          = FieldType[*Option, string]{custom + "select"}
	RadioButtonsField    = FieldType[*Option, string]{custom + "radiobuttons"}
	MultiSelectField     = FieldType[[]Option, []string]{custom + "multiselect"}
	CheckboxesField      = FieldType[[]Option, []string]{custom + "multicheckboxes"}
	CascadingSelectField = FieldType[*Cascade, CascadeIDs]{custom + "cascadingselect"}
	TextField            = FieldType[string, string]{custom + "textfield"}
	ParagraphField       = FieldType[Document, Document]{custom + "textarea"}
	URLField             = FieldType[string, string]{custom + "url"}
	NumberField          = FieldType[*float64, float64]{custom + "float"}
	UserPickerField      = FieldType[*User, string]{custom + "userpicker"}
	MultiUserPickerField = FieldType[[]User, []string]{custom + "multiuserpicker"}
	PeopleField          = FieldType[[]User, []string]{custom + "people"}
	DatePickerField      = FieldType[*string, string]{custom + "datepicker"}
	DateTimeField        = FieldType[*string, string]{custom + "datetime"}
	TargetStartField     = FieldType[*string, string]{"com.atlassian.jpo:jpo-custom-field-baseline-start"}
	TargetEndField       = FieldType[*string, string]{"com.atlassian.jpo:jpo-custom-field-baseline-end"}
	ProjectPickerField   = FieldType[*Project, string]{custom + "project"}
	RequestTypeField     = FieldType[*RequestType, string]{"com.atlassian.servicedesk:vp-origin"}
)
