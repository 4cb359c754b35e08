package conformance

import (
	"slices"
	"strings"

	"github.com/forgego/forgego/test/conformance/spec"
)

// operationCase is a case while a table writes it: op begins it, and the methods, which give it with more, follow one
// another.
type operationCase struct{ spec.Operation }

// void are the calls of the type Promise<void>. A method's name stands behind that of the first call.
var void = map[string]bool{
	"view.submit": true, "view.close": true, "view.onClose": true, "view.open": true, "view.refresh": true,
	"view.theme.enable": true, "view.changeWindowTitle": true, "view.emitReadyEvent": true,
	// Its value is the host's object, whose members are called instead.
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
}

// op is the case of one call; about is its name and args are its arguments, with commas between them, in the JSON of
// spec.Step.
func op(name, about, args string) operationCase {
	return operationCase{spec.Operation{Name: about}}.then(name, args)
}

// call is the official client's name of the case's first call.
func (o operationCase) call() string { return o.Steps[0].Call }

// then gives the case with a further call. The name of a method begins with a dot; that of an object which another
// step keeps may stand before it, with an arrow: "other→.unsubscribe".
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

// last gives the case with a change of its last step.
func (o operationCase) last(change func(*spec.Step)) operationCase {
	o.Steps = slices.Clone(o.Steps)
	change(&o.Steps[len(o.Steps)-1])
	return o
}

// as keeps what the last call gives under a name.
func (o operationCase) as(name string) operationCase {
	return o.last(func(s *spec.Step) { s.As = name })
}

// times has the last call made that often.
func (o operationCase) times(n int) operationCase {
	return o.last(func(s *spec.Step) { s.Times = n })
}

// js gives the official client the arguments of this JavaScript expression in the last call.
func (o operationCase) js(args string) operationCase {
	return o.last(func(s *spec.Step) { s.JS = "[" + args + "]" })
}

// fails: in the last call both clients fail, or ours alone where the case is different, ours with these kinds of error.
func (o operationCase) fails(kinds string) operationCase {
	return o.last(func(s *spec.Step) { s.Error = kinds })
}

// saying: the error of the last call says this.
func (o operationCase) saying(text string) operationCase {
	return o.last(func(s *spec.Step) { s.Says = text })
}

// view is a JavaScript function that gives what counts of the official client's value in the last call.
func (o operationCase) view(js string) operationCase {
	return o.last(func(s *spec.Step) { s.View = js })
}

// back has the host do this after the last step.
func (o operationCase) back(js string) operationCase {
	o.Steps = append(slices.Clone(o.Steps), spec.Step{Back: js})
	return o
}

// answers has the host give the value of this JavaScript expression to each call.
func (o operationCase) answers(js string) operationCase {
	o.Host = "() => (" + js + ")"
	return o
}

// host is a JavaScript function (command, payload) that answers the calls.
func (o operationCase) host(js string) operationCase {
	o.Host = js
	return o
}

// fetch is a JavaScript function (request) that answers the page's own requests.
func (o operationCase) fetch(js string) operationCase {
	o.Fetch = js
	return o
}

// page is a JavaScript function that sets up the document, and gives one that undoes it.
func (o operationCase) page(js string) operationCase {
	o.Page = js
	return o
}

// different gives the case in which our caller gets something else, and why; empty if what differs is something else.
func (o operationCase) different(ours, why string) operationCase {
	o.Ours, o.Different = ours, why
	return o
}

// sends gives the case in which our client sends something else, and why.
func (o operationCase) sends(why string) operationCase {
	o.Wire, o.Different = true, why
	return o
}

// hears gives the case in which our callbacks hear something else, and why.
func (o operationCase) hears(why string) operationCase {
	o.Operation.Heard, o.Different = true, why
	return o
}
