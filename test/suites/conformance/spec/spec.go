// Package spec defines a conformance case: what both clients are asked to do. The Go program, the page and the test all
// read this form.
package spec

// Case is one call and the host's answer to it. The official client and our client make the call in the same page.
type Case struct {
	// Name is unique among all cases: a group, a colon, and what the case is about.
	Name string `json:"name"`
	// Call is RequestRemote or InvokeRemote.
	Call string `json:"call"`
	// Remote is the remote's key, for RequestRemote.
	Remote  string  `json:"remote"`
	Request Request `json:"request"`
	// JS, if set, is a JavaScript expression for the official client's options. It is needed if Request cannot express
	// them. Request is then what the Go program sends instead.
	JS string `json:"js,omitempty"`
	// Host is a JavaScript expression for the host's answer. It is evaluated for each call. It is a value or a promise, or
	// it throws.
	Host string `json:"host"`
	// Times is how often the call is made, one after the other. Only the last outcome is compared. 0 means once.
	Times int `json:"times,omitempty"`

	// Expected is what the test expects, except in the engines of Elsewhere, such as "firefox".
	Expected  `json:"-"`
	Elsewhere map[string]Expected `json:"-"`
}

// Expected is what the test expects of both clients.
type Expected struct {
	// Error names the kinds of error that our client must return. If it is empty, our client must not fail.
	Error string
	// Different is the reason why our client differs on purpose. If it is empty, our client must not differ.
	Different string
	// Ours, for a different case, is the outcome that our client must have. It is set only if our client does not fail and
	// its outcome is what differs.
	Ours string
	// Wire reports, for a different case, whether the data that crosses the bridge differs too.
	Wire bool
	// Engine, in an engine of Elsewhere, is what this engine does in another way.
	Engine string
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

// Body is the body of a request. Kind is how the callers write it:
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
	// Text is the text for the kinds text, json (as JSON) and stream. For the kind bytes it is hexadecimal.
	Text string `json:"text,omitempty"`
	// Repeat is how often the text of the kind text is repeated. 0 means once.
	Repeat int `json:"repeat,omitempty"`
	// Parts are the fields of the kinds form and data, in order.
	Parts []Part `json:"parts,omitempty"`
}

// Part is a field of a form, or a file.
type Part struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// File reports whether Value is the content of a file, in hexadecimal.
	File     bool   `json:"file,omitempty"`
	Filename string `json:"filename,omitempty"`
	Type     string `json:"type,omitempty"`
}

// Outcome is what the caller gets.
type Outcome struct {
	// Failed reports whether there is no response: the promise was rejected, the result had no status, or there was an
	// error. Error is then the name of the JavaScript error, or the kinds of the Go error. Message is its text.
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
