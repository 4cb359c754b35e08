package bridge

import "context"

// Host is the far end of the bridge: it carries out one command and gives the answer.
//
// The page's own host is behind [Default]. A Host is safe for use by several goroutines at once.
type Host interface {
	// Call sends one command and waits for its answer. When ctx ends first, it returns context.Cause(ctx) at once, and
	// an answer that comes later is dropped; when ctx has ended before, nothing is sent. A command that the host refuses
	// gives a [*HostError]; a host that is not there gives [ErrNoBridge].
	Call(ctx context.Context, call Call) (Answer, error)
}

// Call is one command to a [Host], as callBridge(command, payload) sends it. The caller may change Payload and Body once
// the call has returned.
type Call struct {
	// Command is the command's name, such as "fetchRemote".
	Command string
	// Payload is the command's argument as JSON.
	Payload []byte
	// Fetch says that the call carries a body as fetch does. A body may be large, so it never passes through JSON: Body
	// goes out as the string payload.fetchRequestInit.body, and the answer's string member body comes back in
	// Answer.Body.
	Fetch bool
	// Body is UTF-8 text, for a Fetch call only. Nil means that the payload says all there is (body: null).
	Body []byte
}

// Answer is what a [Host] gives back for a [Call].
type Answer struct {
	// Payload is the answer as JSON; nil if the host answered undefined. The caller may keep Payload and Body.
	Payload []byte
	// Body is the answer's body as UTF-8 text, of a Fetch call whose answer has a string body; otherwise nil.
	Body []byte
}

// HostError is a command that the host refused: the error that its promise was rejected with.
type HostError struct {
	// Name, Message and Code are those of the JavaScript error; each may be empty.
	Name    string
	Message string
	Code    string
}

// Error gives the host's message, or its name if it has no message.
func (e *HostError) Error() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Name != "":
		return e.Name
	}
	return "the host refused the call without saying why"
}

// Is says that every HostError is [ErrRejected] and, by the texts that Forge documents, of which kind.
func (e *HostError) Is(target error) bool {
	return target == ErrRejected || target == e.kind()
}
