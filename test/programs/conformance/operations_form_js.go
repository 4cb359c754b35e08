package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge/jira"
)

// formOperations are the operations of package jira for forms.
var formOperations = map[string]operation{
	"uiModificationsApi.onInit": func(ctx context.Context, args arguments) (any, error) {
		modify, fields, err := modification(args)
		if err != nil {
			return nil, err
		}
		return done(jira.OnFormInit(ctx, modify, fields))
	},
	"uiModificationsApi.onChange": func(ctx context.Context, args arguments) (any, error) {
		modify, fields, err := modification(args)
		if err != nil {
			return nil, err
		}
		_, err = jira.OnFormChange(ctx, modify, fields)
		return done(err)
	},
	"uiModificationsApi.onError": func(ctx context.Context, args arguments) (any, error) {
		var h handler
		if err := args.read(0, &h); err != nil {
			return nil, err
		}
		_, err := jira.OnFormError(ctx, func(_ context.Context, failures []*jira.FormError) error {
			var list []map[string]string
			for _, f := range failures {
				members := map[string]string{}
				for name, text := range map[string]string{
					"type": string(f.Type), "fieldId": f.FieldID, "fieldType": f.FieldType, "method": f.Method, "cause": f.Cause,
					"lifecycleHook": f.LifecycleHook, "message": f.Message,
				} {
					if text != "" {
						members[name] = text
					}
				}
				list = append(list, members)
			}
			hear(h.Function, map[string]any{"errors": list})
			return h.err()
		})
		return done(err)
	},
}

// modification returns the two handlers of a case.
func modification(args arguments) (modify func(context.Context, *jira.Form) error, fields func(*jira.Form) []string, err error) {
	var what struct {
		Changes [][]json.RawMessage `json:"$changes"`
		Fails   string              `json:"fails"`
	}
	var ids struct {
		Fields []string `json:"$fields"`
	}
	if err := args.read(0, &what); err != nil {
		return nil, nil, err
	}
	if err := args.read(1, &ids); err != nil {
		return nil, nil, err
	}
	modify = func(_ context.Context, form *jira.Form) error {
		var changed any
		if form.Changed() != nil {
			changed = form.Changed().ID()
		}
		var modifications []map[string]string
		for _, m := range form.Modifications {
			members := map[string]string{"id": m.ID}
			if m.Data != "" {
				members["data"] = m.Data
			}
			modifications = append(modifications, members)
		}
		hear("form", modifications, changed, len(form.Fields()), len(form.ScreenTabs()))
		for _, change := range what.Changes {
			if err := changeForm(form, change); err != nil {
				return err
			}
		}
		return handler{Fails: what.Fails}.err()
	}
	return modify, func(*jira.Form) []string { return ids.Fields }, nil
}

// changeForm makes one change: the id of a field, or of a tab after "tab:", a method and its arguments.
func changeForm(form *jira.Form, change []json.RawMessage) error {
	args := arguments(change)
	id, method := args.text(0), args.text(1)
	if tabID, ok := strings.CutPrefix(id, "tab:"); ok {
		tab, ok := form.ScreenTab(tabID)
		switch {
		case method == "read" && !ok:
			hear("form", id, nil)
		case method == "read":
			hear("form", tab.ID(), tab.IsVisible())
		case method == "setVisible":
			tab.SetVisible(args.value(2) == true)
		case method == "focus":
			tab.Focus()
		default:
			return fmt.Errorf("a tab has no method %s", method)
		}
		return nil
	}
	field, ok := form.Field(id)
	switch {
	case method == "read" && !ok:
		hear("form", id, nil)
	case method == "read":
		hear("form", field.ID(), field.Type(), field.Name(), field.Description(), field.IsVisible(), field.IsReadOnly(), field.IsRequired(),
			field.Value(), field.OptionsVisibility())
	case method == "setName":
		field.SetName(args.text(2))
	case method == "setDescription":
		field.SetDescription(args.text(2))
	case method == "setVisible":
		field.SetVisible(args.value(2) == true)
	case method == "setReadOnly":
		field.SetReadOnly(args.value(2) == true)
	case method == "setRequired":
		field.SetRequired(args.value(2) == true)
	case method == "setValue":
		return field.SetValue(args.value(2))
	case method == "setOptionsVisibility":
		var options []string
		if err := args.read(2, &options); err != nil {
			return err
		}
		field.SetOptionsVisibility(options, args.value(3) == true)
	default:
		return fmt.Errorf("a field has no method %s", method)
	}
	return nil
}
