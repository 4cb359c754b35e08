package conformance

import (
	"maps"
	"slices"

	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

// casesIn returns the cases with what the test expects in an engine.
func casesIn(engine browser.Engine) []spec.Case {
	all := cases()
	for i := range all {
		if other, ok := all[i].Elsewhere[string(engine)]; ok {
			all[i].Expected = other
		}
	}
	return all
}

// cases returns all cases, with the default values that most of them leave out.
func cases() []spec.Case {
	all := slices.Concat(
		forCall(spec.RequestRemote, methodCases, pathCases, headerCases, bodyCases, formCases, statusCases, answerCases, attachmentCases, refusalCases),
		forCall(spec.InvokeRemote, invokeRequestCases, invokeBodyCases, invokeAnswerCases, invokeFailureCases),
	)
	for i := range all {
		c := &all[i]
		if c.Host == "" && c.Call == spec.RequestRemote {
			c.Host = `{ status: 200, statusText: "OK", headers: {}, body: "" }`
		}
		if c.Host == "" {
			c.Host = `{ success: true, payload: { status: 200, headers: {}, body: {} } }`
		}
	}
	return all
}

func forCall(name string, tables ...[]spec.Case) []spec.Case {
	all := slices.Concat(tables...)
	for i := range all {
		all[i].Call = name
		if name == spec.RequestRemote && all[i].Remote == "" {
			all[i].Remote = "tasks-api"
		}
		if all[i].Remote == noKey {
			all[i].Remote = ""
		}
	}
	return all
}

// noKey stands for the empty key, which a case must set explicitly.
const noKey = "(none)"

// Common forms of a case.

func get(name, path string) spec.Case {
	return spec.Case{Name: name, Request: spec.Request{Path: path}}
}

func method(name, method string) spec.Case {
	return spec.Case{Name: name, Request: spec.Request{Method: method, Path: "/tasks"}}
}

func headers(name string, pairs ...string) spec.Case {
	c := get(name, "/tasks")
	for pair := range slices.Chunk(pairs, 2) {
		c.Request.Headers = append(c.Request.Headers, [2]string{pair[0], pair[1]})
	}
	return c
}

func post(name, kind, text string) spec.Case {
	return spec.Case{Name: name, Request: spec.Request{Method: "POST", Path: "/tasks", Body: &spec.Body{Kind: kind, Text: text}}}
}

func form(name, kind string, parts ...spec.Part) spec.Case {
	return spec.Case{Name: name, Request: spec.Request{Method: "POST", Path: "/tasks", Body: &spec.Body{Kind: kind, Parts: parts}}}
}

func field(name, value string) spec.Part { return spec.Part{Name: name, Value: value} }

func file(name, filename, contentType, hex string) spec.Part {
	return spec.Part{Name: name, Value: hex, File: true, Filename: filename, Type: contentType}
}

func answered(name, host string) spec.Case {
	c := get(name, "/tasks")
	c.Host = host
	return c
}

// with returns the case with a change.
func with(c spec.Case, change func(*spec.Case)) spec.Case {
	change(&c)
	return c
}

// fails returns the case in which both clients fail. kinds are the kinds of our error.
func fails(c spec.Case, kinds string) spec.Case {
	c.Error = kinds
	return c
}

// refuses returns the case in which only our client fails, and why.
func refuses(c spec.Case, kinds, why string) spec.Case {
	c.Error, c.Different = kinds, why
	return c
}

// differs returns the case in which our caller gets something else, and why.
func differs(c spec.Case, ours, why string) spec.Case {
	c.Ours, c.Different = ours, why
	return c
}

// sends returns the case in which our client sends something else, and why.
func sends(c spec.Case, why string) spec.Case {
	c.Wire, c.Different = true, why
	return c
}

// elsewhere returns the case with another expectation in some engines, which change makes. does is what these engines do in
// another way than Chromium.
func elsewhere(c spec.Case, does string, change func(spec.Case) spec.Case, engines ...browser.Engine) spec.Case {
	plain := c
	plain.Expected = spec.Expected{}
	other := change(plain).Expected
	other.Engine = does
	c.Elsewhere = maps.Clone(c.Elsewhere)
	if c.Elsewhere == nil {
		c.Elsewhere = map[string]spec.Expected{}
	}
	for _, engine := range engines {
		c.Elsewhere[string(engine)] = other
	}
	return c
}

// equal returns the case in which both clients do the same.
func equal(c spec.Case) spec.Case { return c }

// js returns the case with the options that the official client's caller writes.
func js(c spec.Case, options string) spec.Case {
	c.JS = options
	return c
}

const (
	invalidRequest  = "invalid request"
	invalidResponse = "invalid response"
	rejected        = "rejected"
)
