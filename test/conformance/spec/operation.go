package spec

// Operation is a case of any other export of the official package: what the caller does, step by step, in a page whose
// host answers as the case says.
type Operation struct {
	// Name tells the case from all others of the same first call: its group, a colon, and what it is about.
	Name  string `json:"name"`
	Steps []Step `json:"steps"`
	// Host is a JavaScript function (command, payload) that gives the host's answer to each call: a value, a promise, or
	// a throw. note(name, ...args) records that a function of the host's was called. Without Host the answer is undefined.
	Host string `json:"host,omitempty"`
	// Fetch is a JavaScript function (request) that gives the Response to a request that the page makes itself.
	Fetch string `json:"fetch,omitempty"`
	// Page is a JavaScript function that sets up the document and gives a function that undoes it.
	Page string `json:"page,omitempty"`

	// Different is why our client differs on purpose; empty if it must not differ.
	Different string `json:"-"`
	// Wire, of a different case, says that what crosses the bridge differs.
	Wire bool `json:"-"`
	// Ours, of a different case, is what our caller gets from the first step whose outcome differs.
	Ours string `json:"-"`
	// Heard, of a different case, says that what our callbacks hear differs.
	Heard bool `json:"-"`
}

// Step is one thing that the caller does, or the host.
type Step struct {
	// Call is the name of what is called: "view.submit" of the official package, or ".unsubscribe" of the object On;
	// "." calls the object itself.
	Call string `json:"call,omitempty"`
	// On is the object whose method is called, and As the name under which what the step gives is kept. Without them
	// that is the first object that a step gave.
	On string `json:"on,omitempty"`
	As string `json:"as,omitempty"`
	// Args are the arguments, a JSON array. {"$function": NAME} stands for a callback that records what it hears, and
	// {"$blob": [TYPE, CONTENT]}, in hexadecimal, for a Blob, and {"$data": [PART…]} for FormData.
	Args string `json:"args,omitempty"`
	// JS, if set, is a JavaScript expression for the official client's arguments, where they are more than JSON can
	// say: official is the package.
	JS string `json:"js,omitempty"`
	// View, if set, is a JavaScript function that gives what counts of the official client's value.
	View string `json:"view,omitempty"`
	// Times is how often the call is made, one after the other; the last outcome counts. 0 is once.
	Times int `json:"times,omitempty"`
	// Void says that the call is of the type Promise<void>, so that its value, which is whatever the host answered, does
	// not count.
	Void bool `json:"void,omitempty"`

	// Back is a JavaScript expression that the host evaluates instead of a call: payloads[0].callback(1) calls a function
	// in the payload of the first call.
	Back string `json:"back,omitempty"`

	// Error names the kinds of error with which our client must fail; empty if it must not fail.
	Error string `json:"-"`
	// Says is what our client's error must say, such as the host's reason.
	Says string `json:"-"`
}

// Result is what the caller gets from a step.
type Result struct {
	Failed  bool   `json:"failed,omitempty"`
	Error   string `json:"error,omitempty"`
	Message string `json:"message,omitempty"`
	Value   any    `json:"value"`
}
