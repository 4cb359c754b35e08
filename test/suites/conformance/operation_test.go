package conformance

import (
	"slices"
	"strings"

	"github.com/forgego/forgego/test/suites/conformance/spec"
)

// operationCase is a case while a table builds it. op creates it. Each method returns the case with an addition, so calls
// can be chained.
type operationCase struct{ spec.Operation }

// void are the calls that return Promise<void>. The name of a method follows the name of the first call.
var void = map[string]bool{
	"view.submit": true, "view.close": true, "view.onClose": true, "view.open": true, "view.refresh": true,
	"view.theme.enable": true, "view.changeWindowTitle": true, "view.emitReadyEvent": true,
	// Its value is the host's object. The cases call its members instead.
	"view.createHistory":      true,
	"view.createHistory.push": true, "view.createHistory.replace": true, "view.createHistory.go": true,
	"view.createHistory.goBack": true, "view.createHistory.goForward": true,
	"router.navigate": true, "router.open": true, "router.reload": true,
	"Modal.open": true, "showFlag.close": true,
	"events.emit": true, "events.emitPublic": true, "events.on.unsubscribe": true, "events.onPublic.unsubscribe": true,
	"realtime.subscribe.unsubscribe": true, "realtime.subscribeGlobal.unsubscribe": true,
	"rovo.open":                       true,
	"permissions.egress.deleteDomain": true, "permissions.egress.deleteGroup": true, "permissions.remote.set": true,
	"objectStore.delete":      true,
	"FeatureFlags.initialize": true, "FeatureFlags.shutdown": true,
	"frontendCustomMetrics.counter.incr": true, "frontendCustomMetrics.counter.incrBy": true,
	"i18n.resetTranslationsCache": true,
	"ViewIssueModal.open":         true, "CreateIssueModal.open": true, "workflowRules.onConfigure": true, "refreshIssueView": true,
	"customFieldApi.getFieldData": true,
	"uiModificationsApi.onInit":   true, "uiModificationsApi.onChange": true, "uiModificationsApi.onError": true,
	"updateBylineProperties": true,
	"widgetEdit.onSave":      true, "widgetEdit.onProductSave": true, "widgetEdit.onSaveError": true, "widgetEdit.updateConfig": true,
	"widget.setPreviewConfig": true,
}

// op returns the case of one call. about is the name of the case. args are the arguments, separated by commas, in the JSON
// of spec.Step.
func op(name, about, args string) operationCase {
	return operationCase{spec.Operation{Name: about}}.then(name, args)
}

// call returns the official client's name of the case's first call.
func (o operationCase) call() string { return o.Steps[0].Call }

// then returns the case with another call. The name of a method begins with a dot. To call a method of an object that
// another step keeps, write the object's name and an arrow first: "other→.unsubscribe".
func (o operationCase) then(name, args string) operationCase {
	s := spec.Step{Call: name, Args: "[" + args + "]"}
	if on, method, ok := strings.Cut(name, "→"); ok {
		s.On, s.Call = on, method
	}
	key := name
	if strings.HasPrefix(s.Call, ".") && len(o.Steps) > 0 {
		key = o.call() + s.Call
	}
	s.Void = void[key]
	o.Steps = append(slices.Clone(o.Steps), s)
	return o
}

// last returns the case with a change of its last step.
func (o operationCase) last(change func(*spec.Step)) operationCase {
	o.Steps = slices.Clone(o.Steps)
	change(&o.Steps[len(o.Steps)-1])
	return o
}

// as keeps the result of the last call under a name.
func (o operationCase) as(name string) operationCase {
	return o.last(func(s *spec.Step) { s.As = name })
}

// times makes the last call n times.
func (o operationCase) times(n int) operationCase {
	return o.last(func(s *spec.Step) { s.Times = n })
}

// js sets the arguments of the official client in the last call. They are JavaScript expressions.
func (o operationCase) js(args string) operationCase {
	return o.last(func(s *spec.Step) { s.JS = "[" + args + "]" })
}

// fails sets the kinds of error that our client must return in the last call. The official client must fail too, unless the
// case is different.
func (o operationCase) fails(kinds string) operationCase {
	return o.last(func(s *spec.Step) { s.Error = kinds })
}

// saying sets a text that the error of the last call must contain.
func (o operationCase) saying(text string) operationCase {
	return o.last(func(s *spec.Step) { s.Says = text })
}

// view sets a JavaScript function for the last call. It returns the part of the official client's value that is compared.
func (o operationCase) view(js string) operationCase {
	return o.last(func(s *spec.Step) { s.View = js })
}

// back adds a step in which the host evaluates js.
func (o operationCase) back(js string) operationCase {
	o.Steps = append(slices.Clone(o.Steps), spec.Step{Back: js})
	return o
}

// answers makes the host answer each call with the value of this JavaScript expression.
func (o operationCase) answers(js string) operationCase {
	o.Host = "() => (" + js + ")"
	return o
}

// host sets a JavaScript function (command, payload) that answers the calls.
func (o operationCase) host(js string) operationCase {
	o.Host = js
	return o
}

// fetch sets a JavaScript function (request) that answers the page's own requests.
func (o operationCase) fetch(js string) operationCase {
	o.Fetch = js
	return o
}

// page sets a JavaScript function that sets up the document and returns a function that undoes this.
func (o operationCase) page(js string) operationCase {
	o.Page = js
	return o
}

// different returns the case in which our caller gets something else, and why. If ours is empty, something else differs.
func (o operationCase) different(ours, why string) operationCase {
	o.Ours, o.Different = ours, why
	return o
}

// sends returns the case in which our client sends something else, and why.
func (o operationCase) sends(why string) operationCase {
	o.Wire, o.Different = true, why
	return o
}

// hears returns the case in which our callbacks receive something else, and why.
func (o operationCase) hears(why string) operationCase {
	o.Operation.Heard, o.Different = true, why
	return o
}
