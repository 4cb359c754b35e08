// Package spec is the form of a conformance case: what both clients are asked to do, in words that the Go program, the
// page and the test read alike.
package spec

// Case is one call, made by the official client and by ours in the same page, and the host's answer to it.
type Case struct {
	// Name tells the case from all others: its group, a colon, and what it is about.
	Name string `json:"name"`
	// Call is RequestRemote or InvokeRemote.
	Call string `json:"call"`
	// Remote is the remote's key, for RequestRemote.
	Remote  string  `json:"remote"`
	Request Request `json:"request"`
	// JS, if set, is a JavaScript expression for the official client's options, where they are more than Request can
	// say; Request is then what a Go program says instead.
	JS string `json:"js,omitempty"`
	// Host is a JavaScript expression for the host's answer, evaluated for each call: a value, a promise, or a throw.
	Host string `json:"host"`
	// Times is how often the call is made, one after the other; the last outcome counts. 0 is once.
	Times int `json:"times,omitempty"`

	// Error names the kinds of error with which our client must fail; empty if it must not fail.
	Error string `json:"-"`
	// Different is why our client differs on purpose; empty if it must not differ.
	Different string `json:"-"`
	// Ours, of a different case, is the outcome that our client must have, if it does not fail and its outcome is what
	// differs.
	Ours string `json:"-"`
	// Wire, of a different case, says that what crosses the bridge differs too.
	Wire bool `json:"-"`
}

// The two calls.
const (
	RequestRemote = "requestRemote"
	InvokeRemote  = "invokeRemote"
)

// Request is what the caller asks for.
type Request struct {
	Method  string      `json:"method,omitempty"`
	Path    string      `json:"path"`
	Headers [][2]string `json:"headers,omitempty"`
	Body    *Body       `json:"body,omitempty"`
}

// Body is a request's body. Kind says how the callers write it:
//
//	kind    official client                            ours
//	text    a string                                   bridge.Text
//	bytes   a Uint8Array                               bridge.Bytes
//	json    JSON.stringify and a content-type, or      bridge.JSON
//	        with invokeRemote the value itself
//	form    URLSearchParams                            bridge.Form
//	data    FormData                                   bridge.FormData
//	stream  a ReadableStream                           bridge.Reader
type Body struct {
	Kind string `json:"kind"`
	// Text is the text of text, json (as JSON) and stream; of bytes it is in hexadecimal.
	Text string `json:"text,omitempty"`
	// Repeat is how often the text of text comes; 0 is once.
	Repeat int `json:"repeat,omitempty"`
	// Parts are the fields of form and data, in order.
	Parts []Part `json:"parts,omitempty"`
}

// Part is a field of a form, or a file.
type Part struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// File says that Value is a file's content, in hexadecimal.
	File     bool   `json:"file,omitempty"`
	Filename string `json:"filename,omitempty"`
	Type     string `json:"type,omitempty"`
}

// Outcome is what the caller gets.
type Outcome struct {
	// Failed says that there is no response: the promise was rejected or gave an object without a status, or there was
	// an error. Error is then the JavaScript error's name, or the kinds of the Go error; Message is its text.
	Failed  bool   `json:"failed,omitempty"`
	Error   string `json:"error,omitempty"`
	Message string `json:"message,omitempty"`

	Status     any         `json:"status,omitempty"`
	StatusText string      `json:"statusText,omitempty"`
	OK         bool        `json:"ok,omitempty"`
	Headers    [][2]string `json:"headers,omitempty"`
	// Text is the body as text, and Bytes the body in hexadecimal.
	Text  string `json:"text,omitempty"`
	Bytes string `json:"bytes,omitempty"`
}
