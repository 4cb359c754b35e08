package jira

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// UIModification is one that the app has created by Jira's REST API for the form's context.
type UIModification struct {
	ID string `json:"id"`
	// Data is the text that the app has stored with it.
	Data string `json:"data"`
}

// OnFormInit modifies the form that Jira has opened: a dialog for a new issue, an issue view or a transition. It calls
// fields, which returns the ids of the fields that modify will change, then modify with the form, and then submits the
// changes. Jira shows a spinner at these fields until then, and refuses changes of others. Screen tabs need no id.
// OnFormInit returns when Jira has taken the changes. If Jira refuses a change, [OnFormError] reports it. fields may be nil
// if modify changes no fields; the form that it gets has only Modifications.
//
// If modify returns an error or panics, or if ctx ends before modify returns, the changes are dropped, and the spinners end.
// For that OnFormInit waits for Jira, for at most 10 s. It returns the error of modify, or the reason why ctx ended. Other
// errors are those of [bridge.Client]'s Call, and [bridge.ErrInvalidResponse] if the place has no form that can be modified.
//
// It is uiModificationsApi.onInit. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/uiModifications/
func OnFormInit(ctx context.Context, modify func(ctx context.Context, form *Form) error, fields func(form *Form) []string) error {
	const op = "uiModificationsApi.onInit"
	if modify == nil {
		return payload.InvalidRequest(op, "modify is nil")
	}
	h, err := formHostOf(ctx, op)
	if err != nil {
		return err
	}
	defer h.object.Release()
	id := h.data.OnInitChangeID
	form := newForm(h.data.UIModifications)
	h.register(ctx, form, fields, id)
	answer, err := h.apply(ctx, "getOnInitData", nil)
	if err == nil {
		err = form.read(op, answer)
	}
	if err != nil {
		h.report(ctx, "onInitError", id, err)
		return err
	}
	if err := h.modify(ctx, form, id, modify); err != nil {
		return err
	}
	_, err = h.submit(ctx, form, id)
	return err
}

// OnFormChange calls modify after the user has changed a field of the form, until stop is called or ctx ends, one call
// at a time. [Form.Changed] is that field. Otherwise it is like [OnFormInit].
//
// It is uiModificationsApi.onChange. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/uiModifications/
func OnFormChange(ctx context.Context, modify func(ctx context.Context, form *Form) error, fields func(form *Form) []string) (stop func(), err error) {
	const op = "uiModificationsApi.onChange"
	if modify == nil {
		return nil, payload.InvalidRequest(op, "modify is nil")
	}
	h, err := formHostOf(ctx, op)
	if err != nil {
		return nil, err
	}
	own, end := context.WithCancel(ctx)
	_, heard, err := h.object.Apply(ctx, "actions.subscribeToChanges", []byte("[null]"), appCallback(own, op, func(ctx context.Context, arguments []json.RawMessage) ([]byte, error) {
		return h.changed(ctx, arguments, modify, fields)
	}))
	if err != nil {
		end()
		h.object.Release()
		return nil, payload.Failed(ctx, op, err)
	}
	return handler.Stop(ctx, end, func() { heard.Release(); h.object.Release() }), nil
}

// changed handles a change of the form.
func (h *formHost) changed(ctx context.Context, arguments []json.RawMessage, modify func(ctx context.Context, form *Form) error, fields func(form *Form) []string) ([]byte, error) {
	var change struct {
		ChangedFieldID  string           `json:"changedFieldId"`
		ChangeID        json.RawMessage  `json:"changeId"`
		UIModifications []UIModification `json:"uiModifications"`
	}
	form := newForm(nil)
	err := payload.Invalid(h.op, "the host reported a change without data")
	if len(arguments) > 0 {
		if err = payload.Read(h.op, arguments[0], &change); err == nil {
			form.Modifications = change.UIModifications
			err = form.read(h.op, arguments[0])
		}
	}
	if err != nil {
		h.report(ctx, "subscribeToChangesError", change.ChangeID, err)
		return nil, err
	}
	form.changed, _ = form.Field(change.ChangedFieldID)
	h.register(ctx, form, fields, change.ChangeID)
	if err := h.modify(ctx, form, change.ChangeID, modify); err != nil {
		return nil, err
	}
	answer, err := h.submit(ctx, form, change.ChangeID)
	if cause, ok := errors.AsType[*bridge.HostError](err); ok {
		return nil, &hostFault{err, cause}
	}
	return answer, err
}

// OnFormError calls f with the errors of changes that Jira has refused, until stop is called or ctx ends. If the
// host does not report such errors, OnFormError returns [ErrNoErrors].
//
// It is uiModificationsApi.onError. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/uiModifications/
func OnFormError(ctx context.Context, f func(ctx context.Context, failures []*FormError) error) (stop func(), err error) {
	const op = "uiModificationsApi.onError"
	if f == nil {
		return nil, payload.InvalidRequest(op, "the handler is nil")
	}
	h, err := formHostOf(ctx, op)
	if err != nil {
		return nil, err
	}
	if !exists(h.actions.SubscribeToErrors) {
		h.object.Release()
		return nil, &bridge.Error{Op: op, Err: ErrNoErrors}
	}
	own, end := context.WithCancel(ctx)
	_, heard, err := h.object.Apply(ctx, "actions.subscribeToErrors", []byte("[null]"), appCallback(own, op, func(ctx context.Context, arguments []json.RawMessage) ([]byte, error) {
		var list struct {
			Errors []*FormError `json:"errors"`
		}
		if len(arguments) > 0 {
			if err := payload.Read(op, arguments[0], &list); err != nil {
				return nil, err
			}
		}
		failures := slices.DeleteFunc(list.Errors, func(e *FormError) bool { return e == nil })
		if len(failures) == 0 {
			return nil, nil
		}
		return nil, f(ctx, failures)
	}))
	if err != nil {
		end()
		h.object.Release()
		return nil, payload.Failed(ctx, op, err)
	}
	return handler.Stop(ctx, end, func() { heard.Release(); h.object.Release() }), nil
}
