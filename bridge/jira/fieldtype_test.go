package jira_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/jira"
)

// typed is a field type, whatever the types of its values.
type typed struct {
	name  string
	get   func(*jira.Field) (any, error)
	set   func(*jira.Field) error
	clear func(*jira.Field) error
}

func typedOf[G, S any](t jira.FieldType[G, S], value S) typed {
	return typed{t.String(), func(f *jira.Field) (any, error) { return t.Get(f) }, func(f *jira.Field) error { return t.Set(f, value) }, t.Clear}
}

// show returns a value as text; of a pointer, what it points to.
func show(value any) string {
	switch v := value.(type) {
	case *jira.User:
		return deref(v)
	case *jira.Option:
		return deref(v)
	case *jira.Parent:
		return deref(v)
	case *jira.Project:
		return deref(v)
	case *jira.RequestType:
		return deref(v)
	case *string:
		return deref(v)
	case *float64:
		return deref(v)
	case *jira.Cascade:
		if v == nil || v.Child == nil {
			return deref(v)
		}
		return fmt.Sprint(v.Parent, *v.Child)
	case jira.Document:
		return v.Text + string(v.ADF)
	}
	return fmt.Sprint(value)
}

func deref[T any](p *T) string {
	if p == nil {
		return "nil"
	}
	return fmt.Sprint(*p)
}

func TestFieldTypes(t *testing.T) {
	child := "c"
	user, option, named := `{"accountId":"a"}`, `{"id":"1","value":"V"}`, `{"id":"1","name":"N"}`
	if err := new(jira.Document).UnmarshalJSON(nil); err == nil {
		t.Error("a document without a byte is read")
	}
	doc := jira.Document{ADF: []byte(`{"type":"doc","version":1,"content":[]}`)}
	for _, tt := range []struct {
		kind            typed
		value, got, set string
		none            string // what an empty field has
		cleared         string
	}{
		{typedOf(jira.AssigneeField, "b"), user, "{a}", `"b"`, "nil", "null"},
		{typedOf(jira.ReporterField, "b"), user, "{a}", `"b"`, "nil", "null"},
		{typedOf(jira.SummaryField, "b"), `"S"`, "S", `"b"`, "", "null"},
		{typedOf(jira.DescriptionField, doc), `{"type":"doc"}`, `{"type":"doc"}`, `{"type":"doc","version":1,"content":[]}`, "", "null"},
		{typedOf(jira.LabelsField, []string{"b"}), `["a"]`, "[a]", `["b"]`, "[]", "[]"},
		{typedOf(jira.PriorityField, "b"), `{"id":"1","name":"N","iconUrl":"u"}`, "{1 N u}", `"b"`, "{  }", "null"},
		{typedOf(jira.ComponentsField, nil), `[` + named + `]`, "[{1 N}]", `[]`, "[]", "[]"},
		{typedOf(jira.FixVersionsField, []string{"b"}), `[` + named + `]`, "[{1 N}]", `["b"]`, "[]", "[]"},
		{typedOf(jira.AffectsVersionsField, []string{"b"}), `[` + named + `]`, "[{1 N}]", `["b"]`, "[]", "[]"},
		{typedOf(jira.IssueTypeField, "b"), named, "{1 N}", `"b"`, "{ }", "null"},
		{typedOf(jira.ParentField, "b"), `{"id":"1","key":"FT-1"}`, "{1 FT-1}", `"b"`, "nil", "null"},
		{typedOf(jira.StatusField, "b"), named, "{1 N}", `"b"`, "{ }", "null"},
		{typedOf(jira.ResolutionField, "b"), option, "{1 V}", `"b"`, "nil", "null"},
		{typedOf(jira.DueDateField, "2026-05-12"), `"2026-05-11"`, "2026-05-11", `"2026-05-12"`, "nil", "null"},
		{typedOf(jira.OriginalEstimateField, 1.5), `2.5`, "2.5", `1.5`, "nil", "null"},
		{typedOf(jira.SelectField, "b"), option, "{1 V}", `"b"`, "nil", "null"},
		{typedOf(jira.RadioButtonsField, "b"), option, "{1 V}", `"b"`, "nil", "null"},
		{typedOf(jira.MultiSelectField, []string{"b"}), `[` + option + `]`, "[{1 V}]", `["b"]`, "[]", "[]"},
		{typedOf(jira.CheckboxesField, []string{"b"}), `[` + option + `]`, "[{1 V}]", `["b"]`, "[]", "[]"},
		{typedOf(jira.CascadingSelectField, jira.CascadeIDs{Parent: "b", Child: &child}), `{"parent":` + option + `,"child":{"id":"2","value":"W"}}`, "{1 V} {2 W}", `{"parentId":"b","childId":"c"}`, "nil", "null"},
		{typedOf(jira.CascadingSelectField, jira.CascadeIDs{Parent: "b"}), `{"parent":` + option + `,"child":null}`, "{{1 V} <nil>}", `{"parentId":"b","childId":null}`, "nil", "null"},
		{typedOf(jira.TextField, "b"), `"S"`, "S", `"b"`, "", "null"},
		{typedOf(jira.ParagraphField, jira.Document{Text: "b"}), `"S"`, "S", `"b"`, "", "null"},
		{typedOf(jira.URLField, "b"), `"S"`, "S", `"b"`, "", "null"},
		{typedOf(jira.NumberField, 0), `2.5`, "2.5", `0`, "nil", "null"},
		{typedOf(jira.UserPickerField, "b"), user, "{a}", `"b"`, "nil", "null"},
		{typedOf(jira.MultiUserPickerField, []string{"b"}), `[` + user + `]`, "[{a}]", `["b"]`, "[]", "[]"},
		{typedOf(jira.PeopleField, []string{"b"}), `[` + user + `]`, "[{a}]", `["b"]`, "[]", "[]"},
		{typedOf(jira.DatePickerField, "2026-05-12"), `"2026-05-11"`, "2026-05-11", `"2026-05-12"`, "nil", "null"},
		{typedOf(jira.DateTimeField, "b"), `"S"`, "S", `"b"`, "nil", "null"},
		{typedOf(jira.TargetStartField, "b"), `"S"`, "S", `"b"`, "nil", "null"},
		{typedOf(jira.TargetEndField, "b"), `"S"`, "S", `"b"`, "nil", "null"},
		{typedOf(jira.ProjectPickerField, "b"), `{"projectId":"1"}`, "{1}", `"b"`, "nil", "null"},
		{typedOf(jira.RequestTypeField, "b"), `{"requestTypeId":"1"}`, "{1}", `"b"`, "nil", "null"},
	} {
		t.Run(tt.kind.name, func(t *testing.T) {
			host := formHost()
			host.Answers[".actions.getOnInitData"] = fmt.Sprintf(`{"currentFormState":{"full":{"fieldId":"full","fieldType":%q,"value":%s},"null":{"fieldId":"null","fieldType":%[1]q,"value":null},"empty":{"fieldId":"empty","fieldType":%[1]q},"wrong":{"fieldId":"wrong","fieldType":%[1]q,"value":[[7]]},"other":{"fieldId":"other","fieldType":"x"}}}`, tt.kind.name, tt.value)
			err := jira.OnFormInit(host.Context(t), func(_ context.Context, form *jira.Form) error {
				full, _ := form.Field("full")
				if value, err := tt.kind.get(full); err != nil || show(value) != tt.got {
					t.Errorf("the value is %s (%v), want %s", show(value), err, tt.got)
				}
				for _, id := range []string{"null", "empty"} {
					field, _ := form.Field(id)
					if value, err := tt.kind.get(field); err != nil || show(value) != tt.none {
						t.Errorf("%s: the value is %s (%v), want %s", id, show(value), err, tt.none)
					}
				}
				wrong, _ := form.Field("wrong")
				if value, err := tt.kind.get(wrong); !errors.Is(err, bridge.ErrInvalidResponse) && !strings.Contains(show(value), "[[7]]") {
					t.Errorf("a wrong value: got %s, %v", show(value), err)
				}
				other, _ := form.Field("other")
				_, err := tt.kind.get(other)
				for _, err := range []error{err, tt.kind.set(other), tt.kind.clear(other), tt.kind.set(nil)} {
					if !errors.Is(err, bridge.ErrInvalidRequest) {
						t.Errorf("another type: got %v", err)
					}
				}
				empty, _ := form.Field("empty")
				return errors.Join(tt.kind.set(full), tt.kind.clear(empty))
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := `.actions.submit [{"fieldsChanges":{"full":{"value":` + tt.set + `},"empty":{"value":` + tt.cleared + `}},"screenTabsChanges":[],"changeId":"i1"}]`
			if calls := host.Calls(); calls[5] != want {
				t.Errorf("the host got %s\nwant %s", calls[5], want)
			}
		})
	}
}
