package jira

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// formHost is the host's object for UI modifications.
type formHost struct {
	op      string
	object  bridge.Object
	actions formActions
	data    formData
}

// formActions has a member for each function of the object.
type formActions struct {
	GetOnInitData      json.RawMessage `json:"getOnInitData"`
	Submit             json.RawMessage `json:"submit"`
	RegisterFields     json.RawMessage `json:"registerFields"`
	SubscribeToChanges json.RawMessage `json:"subscribeToChanges"`
	SubscribeToErrors  json.RawMessage `json:"subscribeToErrors"`
	OnBridgeError      json.RawMessage `json:"onBridgeError"`
}

type formData struct {
	// OnInitChangeID is the id under which the changes of OnFormInit are submitted.
	OnInitChangeID  json.RawMessage  `json:"onInitChangeId"`
	UIModifications []UIModification `json:"uiModifications"`
}

// formHostOf asks the host for its object.
func formHostOf(ctx context.Context, op string) (*formHost, error) {
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "getUiModificationsInternalAPI"})
	if err != nil {
		return nil, err
	}
	var api struct {
		Actions formActions `json:"actions"`
		Data    formData    `json:"data"`
	}
	h := &formHost{op: op, object: object}
	err = payload.Read(op, answer.Payload, &api)
	h.actions, h.data = api.Actions, api.Data
	a := h.actions
	switch id := string(h.data.OnInitChangeID); {
	case err != nil:
	case !exists(a.GetOnInitData) || !exists(a.Submit) || !exists(a.RegisterFields) || h.data.UIModifications == nil ||
		id == "" || id == "null" || id == `""`:
		err = payload.Invalid(op, "the host has no form that can be modified here")
	case !exists(a.SubscribeToChanges):
		err = payload.Invalid(op, "the host does not report changes of the form")
	}
	if err != nil {
		h.report(ctx, "getApiError", nil, err)
		object.Release()
		return nil, err
	}
	return h, nil
}

// apply calls a function of the object with one argument, or none if it is nil.
func (h *formHost) apply(ctx context.Context, action string, argument []byte) ([]byte, error) {
	answer, result, err := h.object.Apply(ctx, "actions."+action, append(append([]byte("["), argument...), ']'))
	if err != nil {
		return nil, payload.Failed(ctx, h.op, err)
	}
	result.Release()
	return answer.Payload, nil
}

// register says which fields will be changed. Like the official client it goes on if that fails: the host then refuses
// the changes, and reports that to OnFormError.
func (h *formHost) register(ctx context.Context, form *Form, fields func(form *Form) []string, id json.RawMessage) {
	ids := []string{}
	if fields != nil {
		ids = append(ids, fields(form)...)
	}
	argument, err := payload.JSON(h.op, struct {
		Fields   []string        `json:"fields"`
		ChangeID json.RawMessage `json:"changeId"`
	}{ids, id})
	if err == nil {
		_, _ = h.apply(ctx, "registerFields", argument)
	}
}

// endTime limits how long the host may take to end the spinners after a failure.
const endTime = 10 * time.Second

// modify calls the app's function. If that fails or panics, or ctx ends meanwhile, it submits no changes, which ends the
// spinners.
func (h *formHost) modify(ctx context.Context, form *Form, id json.RawMessage, modify func(ctx context.Context, form *Form) error) error {
	done := false
	defer func() {
		if !done {
			// A context that has ended, such as one with a timeout for modify, must not leave the spinners.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
			defer cancel()
			_, _ = h.submit(ctx, newForm(nil), id) // the result is ignored: the app's failure is the reason
		}
	}()
	err := modify(ctx, form)
	if err == nil && ctx.Err() != nil {
		err = payload.Failed(ctx, h.op, context.Cause(ctx))
	}
	done = err == nil
	return err
}

// submit sends the form's changes and returns the host's answer.
func (h *formHost) submit(ctx context.Context, form *Form, id json.RawMessage) ([]byte, error) {
	argument, err := payload.JSON(h.op, struct {
		FieldsChanges     json.RawMessage `json:"fieldsChanges"`
		ScreenTabsChanges []tabState      `json:"screenTabsChanges"`
		ChangeID          json.RawMessage `json:"changeId"`
	}{form.fieldChanges(), form.tabChanges, id})
	if err != nil {
		return nil, err
	}
	return h.apply(ctx, "submit", argument)
}

// report passes an error to the host, if the host takes errors. The official client passes a JavaScript Error; this
// passes its name and message.
func (h *formHost) report(ctx context.Context, kind string, id json.RawMessage, cause error) {
	if !exists(h.actions.OnBridgeError) {
		return
	}
	type reason struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	why := reason{"Error", cause.Error()}
	if e, ok := errors.AsType[*bridge.HostError](cause); ok {
		why = reason{e.Name, e.Message}
	}
	argument, err := payload.JSON(h.op, struct {
		Error    string          `json:"error"`
		ChangeID json.RawMessage `json:"changeId,omitempty"`
		Cause    reason          `json:"cause"`
	}{kind, id, why})
	if err == nil {
		_, _ = h.apply(ctx, "onBridgeError", argument)
	}
}
