package jira_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/jira"
)

const (
	formAPI = `{"data":{"onInitChangeId":"i1","uiModifications":[{"id":"u1","data":"D"},{"id":"u2"}]},"actions":{"getOnInitData":{},"submit":{},` +
		`"registerFields":{},"subscribeToChanges":{},"onBridgeError":{},"subscribeToErrors":{}}}`
	formState = `"currentFormState":{"summary":{"fieldId":"summary","fieldType":"summary","fieldName":"Summary","description":"About","value":"S",` +
		`"isVisible":true,"isReadOnly":false,"isRequired":true},"priority":{"fieldId":"priority","fieldType":"priority","fieldName":"Priority",` +
		`"value":{"id":"2","name":"High"},"isVisible":false,"isReadOnly":true,"optionsVisibility":{"options":["1"],"isVisible":true}},"gone":null},` +
		`"currentScreenTabsState":[{"id":"t1","isVisible":true,"isActive":true},{"id":"t2","isVisible":false,"isActive":false}]`
)

func formHost() *stubhost.Host {
	return &stubhost.Host{Errors: map[string]error{}, Answers: map[string]string{
		"getUiModificationsInternalAPI": formAPI,
		".actions.getOnInitData":        "{" + formState + "}",
		".actions.submit":               `"submitted"`,
	}}
}

func modifyForm(_ context.Context, form *jira.Form) error {
	summary, ok := form.Field("summary")
	if !ok {
		return errors.New("no summary")
	}
	summary.SetDescription("first")
	summary.SetName("N")
	summary.SetDescription("second")
	summary.SetVisible(false)
	summary.SetReadOnly(true)
	summary.SetRequired(false)
	priority, _ := form.Field("priority")
	priority.SetOptionsVisibility(nil, true)
	tab, _ := form.ScreenTab("t2")
	tab.SetVisible(true)
	tab.Focus()
	return jira.PriorityField.Set(priority, "3")
}

const formChanges = `{"fieldsChanges":{"summary":{"description":"second","fieldName":"N","isVisible":false,"isReadOnly":true,"isRequired":false},` +
	`"priority":{"optionsVisibility":{"options":[],"isVisible":true},"value":"3"}},` +
	`"screenTabsChanges":[{"id":"t2","isVisible":true,"isActive":true},{"id":"t1","isVisible":true,"isActive":false}],"changeId":"i1"}`

func both(*jira.Form) []string { return []string{"summary", "priority"} }

func TestOnFormInit(t *testing.T) {
	host := formHost()
	if err := jira.OnFormInit(host.Context(t), modifyForm, both); err != nil {
		t.Fatal(err)
	}
	want := []string{"getUiModificationsInternalAPI", `.actions.registerFields [{"fields":["summary","priority"],"changeId":"i1"}]`, "release",
		".actions.getOnInitData []", "release", ".actions.submit [" + formChanges + "]", "release", "release"}
	if got := host.Calls(); !slices.Equal(got, want) {
		t.Errorf("the host got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFormIsRead(t *testing.T) {
	var got []string
	note := func(values ...any) { got = append(got, strings.TrimSpace(fmt.Sprintln(values...))) }
	err := jira.OnFormInit(formHost().Context(t), func(_ context.Context, form *jira.Form) error {
		note(form.Modifications, form.Changed() == nil)
		for _, f := range form.Fields() {
			note(f.ID(), f.Type(), f.Name(), f.Description(), f.IsVisible(), f.IsReadOnly(), f.IsRequired(), string(f.Value()), f.OptionsVisibility())
		}
		for _, tab := range form.ScreenTabs() {
			note(tab.ID(), tab.IsVisible())
		}
		_, gone := form.Field("gone")
		_, none := form.Field("none")
		_, noTab := form.ScreenTab("none")
		note(gone, none, noTab)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"[{u1 D} {u2 }] true",
		`priority priority Priority  false true false {"id":"2","name":"High"} &{[1] true}`,
		`summary summary Summary About true false true "S" <nil>`,
		"t1 true", "t2 false", "false false false"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOnFormInitFails(t *testing.T) {
	failed := errors.New("failed")
	refusal := &bridge.HostError{Name: "Error", Message: "no"}
	const empty = `.actions.submit [{"fieldsChanges":{},"screenTabsChanges":[],"changeId":"i1"}]`
	const register = `.actions.registerFields [{"fields":[],"changeId":"i1"}]`
	for name, tt := range map[string]struct {
		refused string // the call that the host refuses
		data    string // of getOnInitData
		modify  error
		calls   []string
		want    error
	}{
		"the command":       {"getUiModificationsInternalAPI", "", nil, nil, bridge.ErrRejected},
		"the registration":  {".actions.registerFields", "", nil, []string{register, ".actions.getOnInitData []", empty}, nil},
		"the data":          {".actions.getOnInitData", "", nil, []string{register, ".actions.getOnInitData []", `.actions.onBridgeError [{"error":"onInitError","changeId":"i1","cause":{"name":"Error","message":"no"}}]`}, bridge.ErrRejected},
		"data without form": {"", "{}", nil, []string{register, ".actions.getOnInitData []", `.actions.onBridgeError [{"error":"onInitError","changeId":"i1","cause":{"name":"Error","message":"bridge: uiModificationsApi.onInit: invalid response: the form has no state"}}]`}, bridge.ErrInvalidResponse},
		"the app":           {"", "", failed, []string{register, ".actions.getOnInitData []", empty}, failed},
		"the submission":    {".actions.submit", "", nil, []string{register, ".actions.getOnInitData []", empty}, bridge.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			host := formHost()
			if tt.refused != "" {
				host.Errors[tt.refused] = refusal
			}
			if tt.data != "" {
				host.Answers[".actions.getOnInitData"] = tt.data
			}
			err := jira.OnFormInit(host.Context(t), func(context.Context, *jira.Form) error { return tt.modify }, nil)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v", err)
			}
			calls := slices.DeleteFunc(host.Calls(), func(call string) bool { return call == "release" })[1:]
			if !slices.Equal(calls, tt.calls) {
				t.Errorf("the host got\n%s\nwant\n%s", strings.Join(calls, "\n"), strings.Join(tt.calls, "\n"))
			}
		})
	}
}

// Jira shows spinners until something is submitted, also if the context ends while the app's function runs.
func TestContextEndsInModify(t *testing.T) {
	for name, result := range map[string]error{"modify returns": nil, "modify fails": errors.New("failed")} {
		t.Run(name, func(t *testing.T) {
			host := bridgetest.NewHost(t)
			form := host.SetForm(bridgetest.Form{Fields: []bridgetest.FormField{{ID: "summary", Name: "Summary"}}})
			ctx, cancel := context.WithCancel(host.Context(t))
			defer cancel()
			err := jira.OnFormInit(ctx, func(_ context.Context, form *jira.Form) error {
				field, _ := form.Field("summary")
				field.SetName("Title")
				cancel()
				return result
			}, func(*jira.Form) []string { return []string{"summary"} })
			if want := cmp.Or(result, context.Canceled); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
			calls := host.Calls()
			last := calls[len(calls)-1]
			if last.Function != "actions.submit" || !strings.Contains(string(last.Payload), `"fieldsChanges":{}`) || last.Err != nil {
				t.Errorf("the last call is %v", last)
			}
			if form.Field("summary").Name != "Summary" {
				t.Error("the form is changed")
			}
		})
	}
}

// The same if the app's function panics.
func TestModifyPanics(t *testing.T) {
	modify := func(context.Context, *jira.Form) error { panic("the app's") }
	host := formHost()
	panics := func(f func()) (value any) {
		defer func() { value = recover() }()
		f()
		return nil
	}
	if value := panics(func() { _ = jira.OnFormInit(host.Context(t), modify, both) }); value != "the app's" {
		t.Errorf("OnFormInit panics with %v", value)
	}
	if want := `.actions.submit [{"fieldsChanges":{},"screenTabsChanges":[],"changeId":"i1"}]`; !slices.Contains(host.Calls(), want) {
		t.Errorf("OnFormInit: the host got\n%s", strings.Join(host.Calls(), "\n"))
	}
	host = formHost()
	stop, err := jira.OnFormChange(host.Context(t), modify, both)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	value := panics(func() { _, _ = host.Ask("0", `[{"changedFieldId":"summary","changeId":"i2",`+formState+`}]`) })
	if !strings.Contains(fmt.Sprint(value), "the app's") {
		t.Errorf("OnFormChange panics with %v", value)
	}
	if want := `.actions.submit [{"fieldsChanges":{},"screenTabsChanges":[],"changeId":"i2"}]`; !slices.Contains(host.Calls(), want) {
		t.Errorf("OnFormChange: the host got\n%s", strings.Join(host.Calls(), "\n"))
	}
}

func TestNoForm(t *testing.T) {
	modify := func(context.Context, *jira.Form) error { return nil }
	for name, answer := range map[string]string{
		"nothing":            "null",
		"no functions":       `{"data":{"onInitChangeId":"i1","uiModifications":[]},"actions":{}}`,
		"no id":              strings.Replace(formAPI, `"i1"`, `""`, 1),
		"no modifications":   strings.Replace(formAPI, `"uiModifications"`, `"others"`, 1),
		"no submit":          strings.Replace(formAPI, `"submit":{},`, ``, 1),
		"no subscription":    strings.Replace(formAPI, `"subscribeToChanges":{},`, ``, 1),
		"another form":       `[]`,
		"an id that is null": strings.Replace(formAPI, `"i1"`, `null`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			host := formHost()
			host.Answers["getUiModificationsInternalAPI"] = answer
			if err := jira.OnFormInit(host.Context(t), modify, nil); !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("OnFormInit: got %v", err)
			}
			if _, err := jira.OnFormChange(host.Context(t), modify, nil); !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("OnFormChange: got %v", err)
			}
			reported := slices.ContainsFunc(host.Calls(), func(call string) bool {
				return strings.HasPrefix(call, `.actions.onBridgeError [{"error":"getApiError","cause":`)
			})
			if want := strings.Contains(answer, "onBridgeError"); reported != want {
				t.Errorf("the host got a report: %v, want %v", reported, want)
			}
		})
	}
	host := formHost()
	if err := jira.OnFormInit(host.Context(t), nil, nil); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("OnFormInit without modify: got %v", err)
	}
	if _, err := jira.OnFormChange(host.Context(t), nil, nil); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("OnFormChange without modify: got %v", err)
	}
	if _, err := jira.OnFormError(host.Context(t), nil); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("OnFormError without a handler: got %v", err)
	}
}

func TestOnFormChange(t *testing.T) {
	host := formHost()
	failed := errors.New("failed")
	stop, err := jira.OnFormChange(host.Context(t), func(ctx context.Context, form *jira.Form) error {
		if form.Changed() == nil {
			return failed
		}
		return modifyForm(ctx, form)
	}, func(form *jira.Form) []string {
		if form.Changed() == nil {
			return nil
		}
		return []string{form.Changed().ID()}
	})
	if err != nil {
		t.Fatal(err)
	}
	result, err := host.Ask("0", `[{"changedFieldId":"summary","changeId":"i1","uiModifications":[],`+formState+`}]`)
	if result != `"submitted"` || err != nil {
		t.Errorf("the host gets %s, %v", result, err)
	}
	if _, err := host.Ask("0", `[{"changedFieldId":"other","changeId":"i2","uiModifications":[],"currentFormState":{}}]`); err == nil || err.Error() != "Error: failed" {
		t.Errorf("an error of the app: the host gets %v", err)
	}
	if _, err := host.Ask("0", `[{"changeId":"i3"}]`); err == nil {
		t.Error("a change without a form is accepted")
	}
	host.Errors[".actions.submit"] = &bridge.HostError{Name: "Error", Message: "no"}
	_, err = host.Ask("0", `[{"changedFieldId":"summary","changeId":"i4","uiModifications":[],`+formState+`}]`)
	if refusal, ok := err.(*bridge.HostError); !ok || refusal.Message != "no" {
		t.Errorf("a refused submission: the host gets %v", err)
	}
	stop()
	calls := slices.DeleteFunc(host.Calls(), func(call string) bool { return call == "release" })
	want := []string{"getUiModificationsInternalAPI", ".actions.subscribeToChanges [null] -> 0",
		`.actions.registerFields [{"fields":["summary"],"changeId":"i1"}]`, ".actions.submit [" + formChanges + "]",
		`.actions.registerFields [{"fields":[],"changeId":"i2"}]`, `.actions.submit [{"fieldsChanges":{},"screenTabsChanges":[],"changeId":"i2"}]`,
		`.actions.onBridgeError [{"error":"subscribeToChangesError","changeId":"i3","cause":{"name":"Error","message":"bridge: uiModificationsApi.onChange: invalid response: the form has no state"}}]`,
		`.actions.registerFields [{"fields":["summary"],"changeId":"i4"}]`, ".actions.submit [" + strings.Replace(formChanges, "i1", "i4", 1) + "]"}
	if !slices.Equal(calls, want) {
		t.Errorf("the host got\n%s\nwant\n%s", strings.Join(calls, "\n"), strings.Join(want, "\n"))
	}
	if result, _ := host.Ask("0", "[]"); result != "gone" {
		t.Error("the handler is called after stop")
	}
}

func TestOnFormError(t *testing.T) {
	host := formHost()
	var got []string
	failed := errors.New("failed")
	stop, err := jira.OnFormError(host.Context(t), func(_ context.Context, failures []*jira.FormError) error {
		for _, f := range failures {
			got = append(got, f.Error())
		}
		return failed
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if _, err := host.Ask("0", `[{"errors":[{"type":"FIELD_VALIDATION_FAILED","fieldId":"summary","fieldType":"summary","method":"setName","message":"too long"},null,{"type":"SCREENTABS_VALIDATION_FAILED"}]}]`); err == nil || err.Error() != "Error: failed" {
		t.Errorf("the host gets %v", err)
	}
	for _, none := range []string{`[]`, `[{}]`, `[{"errors":[]}]`, `[{"errors":[null]}]`} {
		if _, err := host.Ask("0", none); err != nil {
			t.Errorf("%s: the host gets %v", none, err)
		}
	}
	if want := []string{"FIELD_VALIDATION_FAILED summary setName: too long", "SCREENTABS_VALIDATION_FAILED"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	host.Answers["getUiModificationsInternalAPI"] = strings.Replace(formAPI, `,"subscribeToErrors":{}`, ``, 1)
	if _, err := jira.OnFormError(host.Context(t), func(context.Context, []*jira.FormError) error { return nil }); !errors.Is(err, jira.ErrNoErrors) {
		t.Errorf("without errors: got %v", err)
	}
}
