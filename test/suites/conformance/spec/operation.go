package spec

// Operation is a case of an export of the official package other than the two that send requests. It lists the steps of the
// caller, in a page whose host answers as the case says.
type Operation struct {
	// Name is unique among the cases with the same first call: a group, a colon, and what the case is about.
	Name  string `json:"name"`
	Steps []Step `json:"steps"`
	// Host is a JavaScript function (command, payload) that answers each call. It returns a value or a promise, or throws.
	// note(name, ...args) records that a function of the host was called. Without Host the answer is undefined.
	Host string `json:"host,omitempty"`
	// Fetch is a JavaScript function (request) that returns the Response to a request of the page itself.
	Fetch string `json:"fetch,omitempty"`
	// Page is a JavaScript function that sets up the document and returns a function that undoes this.
	Page string `json:"page,omitempty"`

	// Different is the reason why our client differs on purpose. If it is empty, our client must not differ.
	Different string `json:"-"`
	// Wire reports, for a different case, whether the data that crosses the bridge differs.
	Wire bool `json:"-"`
	// Ours, for a different case, is what our caller gets from the first step whose outcome differs.
	Ours string `json:"-"`
	// Heard reports, for a different case, whether what our callbacks receive differs.
	Heard bool `json:"-"`
}

// Step is one action of the caller or of the host.
type Step struct {
	// Call is the name of the function to call: "view.submit" of the official package, or ".unsubscribe" of the object On.
	// "." calls the object itself.
	Call string `json:"call,omitempty"`
	// On is the object whose method is called. As is the name under which the result of the step is kept. Without these
	// names, the first object that a step returned is used.
	On string `json:"on,omitempty"`
	As string `json:"as,omitempty"`
	// Args are the arguments, a JSON array. {"$function": NAME} stands for a callback that records its calls, {"$blob":
	// [TYPE, CONTENT]} for a Blob with its content in hexadecimal, and {"$data": [PART…]} for FormData.
	Args string `json:"args,omitempty"`
	// JS, if set, is a JavaScript expression for the official client's arguments. It is needed if JSON cannot express them.
	// In it, official is the package.
	JS string `json:"js,omitempty"`
	// View, if set, is a JavaScript function that returns the part of the official client's value that is compared.
	View string `json:"view,omitempty"`
	// Times is how often the call is made, one after the other. Only the last outcome is compared. 0 means once.
	Times int `json:"times,omitempty"`
	// Void reports whether the call returns Promise<void>. Its value is then not compared, because it is whatever the host
	// answered.
	Void bool `json:"void,omitempty"`

	// Back is a JavaScript expression that the host evaluates instead of a call. For example, payloads[0].callback(1) calls
	// a function in the payload of the first call.
	Back string `json:"back,omitempty"`

	// Error names the kinds of error that our client must return. If it is empty, our client must not fail.
	Error string `json:"-"`
	// Says is a text that our client's error must contain, such as the host's reason.
	Says string `json:"-"`
}

// Result is what the caller gets from a step.
type Result struct {
	Failed  bool   `json:"failed,omitempty"`
	Error   string `json:"error,omitempty"`
	Message string `json:"message,omitempty"`
	Value   any    `json:"value"`
}
