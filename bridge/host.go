package bridge

import "context"

// Host is the far end of the bridge: it carries out commands. [PageHost] returns that of the page. A Host is safe for
// use by several goroutines at once. A host may also be a [Starter] and a [FunctionHost]; [Intercept] wraps a host and
// keeps both.
type Host interface {
	// Call sends one command and waits for its answer. If ctx ends first, Call returns context.Cause(ctx) at once and
	// discards the answer. If ctx has ended already, nothing is sent. If the host refuses the command, Call returns a
	// [*HostError]; if there is no host, it returns [ErrNoBridge].
	Call(ctx context.Context, call Call) (Answer, error)
}

// Starter is a [Host] that can send a command first and wait for its answer later. It receives the calls that a function
// makes at once, such as those for several stored objects, in their order. The page's host is one. A host that is
// not a Starter gets each call after it has answered the one before.
type Starter interface {
	Host
	// Start sends the command by the rules of Call, and returns. The function wait returns what Call would return. The
	// caller calls it once or not at all.
	Start(ctx context.Context, call Call) (wait func() (Answer, error))
}

// Call is one command to a [Host], as callBridge(command, payload) sends it. The caller may change Payload and Body
// after the call has returned.
type Call struct {
	// Command is the command's name, such as "fetchRemote".
	Command string
	// Payload is the command's argument, in JSON.
	Payload []byte
	// Fetch means that the call carries a body, as fetch does. A body may be large, so it does not pass through JSON:
	// Body is sent as the string payload.fetchRequestInit.body, and the string in the answer's member body is returned
	// as Answer.Body.
	Fetch bool
	// Body is UTF-8 text, and only for a Fetch call. If it is nil, there is no body (body: null).
	Body []byte

	// apart means that the caller takes the body of the answer apart from its payload, in Answer.Body or Answer.unread. The
	// page's host does so for invoke too, whose body is then its JSON. Client.call sets it for no other host.
	apart bool

	// encoded is the memory of JSON that was encoded for this call: Payload, Body or nil. It is used again if the host has
	// read it when the call returns.
	encoded []byte
}

// copier is a host that has read the call completely when Call returns, even if the context ended first. Other hosts
// should do so too, but a handler of a test may be late.
type copier interface{ copiesCalls() }

// Answer is a [Host]'s answer to a [Call].
type Answer struct {
	// Payload is the answer in JSON, or nil if the host answered undefined. The caller may keep Payload and Body.
	Payload []byte
	// Body is the answer's body as UTF-8 text if the call is a Fetch call and the body is a string. Otherwise it is
	// nil.
	Body []byte

	// unread is the body if the page still holds it. Then Body is nil.
	unread unread
}

// unread is a text that the page holds until the program reads or drops it, once.
type unread interface {
	// read appends the text to room, in UTF-8.
	read(room []byte) []byte
	drop()
}

// HostError means that the host refused a command. It holds the error with which the command's promise was rejected.
type HostError struct {
	// Name, Message and Code are those of the JavaScript error. Each may be empty.
	Name    string
	Message string
	Code    string
}

// Error returns the host's message, or its name if it has no message.
func (e *HostError) Error() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Name != "":
		return e.Name
	}
	return "the host refused the call without saying why"
}

// Is reports whether target is [ErrRejected], or the sentinel for the text of this refusal.
func (e *HostError) Is(target error) bool {
	return target == ErrRejected || target == e.kind()
}
