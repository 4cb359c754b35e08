package bridgetest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Form is a form of Jira that the app changes by UI modifications. Set its fields before [Host.SetForm].
type Form struct {
	Fields []FormField
	Tabs   []FormTab
	// Modifications are the UI modifications that the app has created for the form: their data.
	Modifications []string

	host     *Host
	last     int
	change   []func(...any) *Reply
	failures []func(...any) *Reply
	// registered are the fields that may be changed, by the id of the change.
	registered map[string][]string
}

// FormField is a field of a [Form].
type FormField struct {
	// ID and Type are those of Jira, such as "summary". If Type is empty, it is the ID.
	ID, Type string
	// Name and Description are the field's texts.
	Name, Description string
	// Value is encoded by encoding/json; after a change it is json.RawMessage.
	Value any
	// Hidden, ReadOnly and Required are the field's state.
	Hidden, ReadOnly, Required bool
	// Options are the ids of options that are shown, if OnlyOptions is set, and otherwise of hidden ones.
	Options     []string
	OnlyOptions bool
}

// FormTab is a tab of a [Form].
type FormTab struct {
	ID     string
	Hidden bool
	// Active means that the tab is in front.
	Active bool
}

// SetForm shows the form to the app, whose calls of package jira change it. It returns the form.
func (h *Host) SetForm(f Form) *Form {
	shown := &f
	shown.host, shown.registered = h, map[string][]string{}
	shown.Fields, shown.Tabs = slices.Clone(f.Fields), slices.Clone(f.Tabs)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jira.form = shown
	return shown
}

var formCommands = map[string]command{
	"getUiModificationsInternalAPI": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		h := w.host
		h.mu.Lock()
		defer h.mu.Unlock()
		f := h.jira.form
		if f == nil {
			return nil, unprepared(notPrepared, "no form that can be modified", "Host.SetForm")
		}
		f.last++
		return Object{
			Value: map[string]any{"data": map[string]any{"onInitChangeId": "init-" + strconv.Itoa(f.last), "uiModifications": f.modifications()}},
			Methods: map[string]Function{
				"actions.getOnInitData":      f.getOnInitData,
				"actions.registerFields":     f.register,
				"actions.submit":             f.submit,
				"actions.subscribeToChanges": f.subscribe(&f.change),
				"actions.subscribeToErrors":  f.subscribe(&f.failures),
				"actions.onBridgeError":      method(func() {}),
			},
		}, nil
	},
}

func (f *Form) modifications() []map[string]string {
	list := []map[string]string{}
	for i, data := range f.Modifications {
		list = append(list, map[string]string{"id": "modification-" + strconv.Itoa(i+1), "data": data})
	}
	return list
}

// state returns the form as the app gets it. The caller holds the host's lock.
func (f *Form) state() map[string]any {
	fields := map[string]any{}
	for _, field := range f.Fields {
		state := map[string]any{
			"fieldId": field.ID, "fieldType": field.kind(), "fieldName": field.Name, "description": field.Description, "value": field.Value,
			"isVisible": !field.Hidden, "isReadOnly": field.ReadOnly, "isRequired": field.Required,
		}
		if field.Options != nil {
			state["optionsVisibility"] = map[string]any{"options": field.Options, "isVisible": field.OnlyOptions}
		}
		fields[field.ID] = state
	}
	tabs := []map[string]any{}
	for _, tab := range f.Tabs {
		tabs = append(tabs, map[string]any{"id": tab.ID, "isVisible": !tab.Hidden, "isActive": tab.Active})
	}
	return map[string]any{"currentFormState": fields, "currentScreenTabsState": tabs}
}

func (f FormField) kind() string {
	if f.Type == "" {
		return f.ID
	}
	return f.Type
}

func (f *Form) getOnInitData(context.Context, json.RawMessage, Callbacks) (any, error) {
	f.host.mu.Lock()
	defer f.host.mu.Unlock()
	data, err := json.Marshal(f.state())
	return json.RawMessage(data), err
}

func (f *Form) register(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
	var in struct {
		Fields   []string `json:"fields"`
		ChangeID string   `json:"changeId"`
	}
	if err := json.Unmarshal(argumentsOf(payload).at(0), &in); err != nil {
		return nil, refuse(invalidRequest, "The fields to change must be a list of ids.")
	}
	f.host.mu.Lock()
	defer f.host.mu.Unlock()
	f.registered[in.ChangeID] = in.Fields
	return nil, nil
}

// fieldChanges are the changes of a field.
type fieldChanges struct {
	Name        *string         `json:"fieldName"`
	Description *string         `json:"description"`
	Visible     *bool           `json:"isVisible"`
	ReadOnly    *bool           `json:"isReadOnly"`
	Required    *bool           `json:"isRequired"`
	Value       json.RawMessage `json:"value"`
	Options     *struct {
		Options []string `json:"options"`
		Visible bool     `json:"isVisible"`
	} `json:"optionsVisibility"`
}

func (f *Form) submit(_ context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
	var in struct {
		Fields map[string]fieldChanges `json:"fieldsChanges"`
		Tabs   []struct {
			ID      string `json:"id"`
			Visible bool   `json:"isVisible"`
			Active  bool   `json:"isActive"`
		} `json:"screenTabsChanges"`
		ChangeID string `json:"changeId"`
	}
	if err := json.Unmarshal(argumentsOf(payload).at(0), &in); err != nil {
		return nil, refuse(invalidRequest, "The changes of the form cannot be read: %v.", err)
	}
	f.host.mu.Lock()
	var failures []any
	for _, id := range slices.Sorted(maps.Keys(in.Fields)) {
		i := slices.IndexFunc(f.Fields, func(field FormField) bool { return field.ID == id })
		switch {
		case i < 0:
		case !slices.Contains(f.registered[in.ChangeID], id):
			failures = append(failures, map[string]string{"type": "APPLY_CHANGES_FOR_UNREGISTERED_FIELD", "fieldId": id, "fieldType": f.Fields[i].kind(),
				"message": "The field " + id + " was changed, but is not among the registered fields."})
		default:
			f.Fields[i].apply(in.Fields[id])
		}
	}
	for _, change := range in.Tabs {
		if i := slices.IndexFunc(f.Tabs, func(tab FormTab) bool { return tab.ID == change.ID }); i >= 0 {
			f.Tabs[i].Hidden, f.Tabs[i].Active = !change.Visible, change.Active
		}
	}
	listeners := f.failures
	f.host.mu.Unlock()
	if len(failures) > 0 {
		for _, tell := range listeners {
			tell(map[string]any{"errors": failures})
		}
	}
	return nil, nil
}

func (f *FormField) apply(c fieldChanges) {
	set(&f.Name, c.Name)
	set(&f.Description, c.Description)
	set(&f.ReadOnly, c.ReadOnly)
	set(&f.Required, c.Required)
	if c.Visible != nil {
		f.Hidden = !*c.Visible
	}
	if c.Value != nil {
		f.Value = c.Value
	}
	if c.Options != nil {
		f.Options, f.OnlyOptions = append([]string{}, c.Options.Options...), c.Options.Visible
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (f *Form) subscribe(to *[]func(...any) *Reply) Function {
	return func(_ context.Context, _ json.RawMessage, callbacks Callbacks) (any, error) {
		call := callbacks["0"]
		if call == nil {
			return nil, refuse(invalidRequest, "A subscription needs a function.")
		}
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		*to = append((*to)[:len(*to):len(*to)], call)
		return nil, nil
	}
}

// Field returns the field with that id as it is now. If there is none, the test fails.
func (f *Form) Field(id string) FormField {
	if f.host.t != nil {
		f.host.t.Helper()
	}
	f.host.mu.Lock()
	i := slices.IndexFunc(f.Fields, func(field FormField) bool { return field.ID == id })
	if i >= 0 {
		defer f.host.mu.Unlock()
		return f.Fields[i]
	}
	f.host.mu.Unlock()
	f.host.misuse("the form has no field %q", id)
	return FormField{}
}

// Tab returns the tab with that id as it is now. If there is none, the test fails.
func (f *Form) Tab(id string) FormTab {
	if f.host.t != nil {
		f.host.t.Helper()
	}
	f.host.mu.Lock()
	i := slices.IndexFunc(f.Tabs, func(tab FormTab) bool { return tab.ID == id })
	if i >= 0 {
		defer f.host.mu.Unlock()
		return f.Tabs[i]
	}
	f.host.mu.Unlock()
	f.host.misuse("the form has no tab %q", id)
	return FormTab{}
}

// Change sets the value of a field, as the user does, and waits until the handlers of jira.OnFormChange have returned.
// It returns the error of the first that fails.
func (f *Form) Change(ctx context.Context, fieldID string, value any) error {
	h := f.host
	if h.t != nil {
		h.t.Helper()
	}
	data, err := json.Marshal(value)
	if err != nil {
		h.misuse("the value of the field %q: %v", fieldID, err)
	}
	h.mu.Lock()
	i := slices.IndexFunc(f.Fields, func(field FormField) bool { return field.ID == fieldID })
	if i < 0 {
		h.mu.Unlock()
		h.misuse("the form has no field %q", fieldID)
	}
	f.Fields[i].Value = json.RawMessage(data)
	listeners := f.change
	h.mu.Unlock()
	for _, call := range listeners {
		h.mu.Lock()
		f.last++
		change := f.state()
		maps.Copy(change, map[string]any{"changedFieldId": fieldID, "changeId": "change-" + strconv.Itoa(f.last), "uiModifications": f.modifications()})
		// Encode it now: the fields may change while the handler waits for its turn.
		data, err := json.Marshal(change)
		h.mu.Unlock()
		if err != nil {
			return err
		}
		if _, err := call(json.RawMessage(data)).Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Fail passes an error that is not of the host's own finding to the handlers of jira.OnFormError. It is encoded by
// encoding/json, such as a jira.FormError.
func (f *Form) Fail(failures ...any) {
	f.host.mu.Lock()
	listeners := f.failures
	f.host.mu.Unlock()
	for _, tell := range listeners {
		tell(map[string]any{"errors": failures})
	}
}
