package bridge

import "context"

// FunctionHost is a [Host] that supports functions: callbacks in payloads, and answers that are functions or have
// methods. The page's host is one. A program that uses no functions does not link their code.
type FunctionHost interface {
	Host
	// CallWithFunctions is like Call, for a payload with callbacks or an answer with functions. The object stands for
	// the answer. Release it when neither the answer nor the callbacks are needed. In the answer's payload, each member
	// that is a function is {}; an answer that is itself a function has no payload. The call must not have a body.
	CallWithFunctions(ctx context.Context, call Call, callbacks ...Callback) (Answer, Object, error)
}

// Callback is a function in the payload of a [Call].
type Callback struct {
	// Path is the function's place in the payload: names of members and indexes of elements, separated by dots, such as
	// "actions.0.onClick". If it is empty, the function is the payload itself.
	Path string
	// Func is called each time the host calls the function, with the arguments as a JSON array. Calls run one after the
	// other, in order. To the host, the function returns undefined. Func may block. If it panics, the panic is
	// reported and the program goes on.
	Func func(arguments []byte)
	// Answer is called instead of Func if it is set. The host's call waits for it and returns its result, which is JSON
	// or nil for undefined. If Answer returns an error, the host's call fails with that error: with the name, the message
	// and the code of a [*HostError], or else with the error's text. If Answer panics, the host's call fails. If the
	// object is released first, the host's call returns undefined.
	Answer func(arguments []byte) (result []byte, err error)
}

// Object is an object or a function in the host's answer. It stays with the host.
type Object interface {
	// Apply calls the object's method with this name, or the object itself if name is empty. Names that are separated by
	// dots, such as "actions.submit", are those of a member and of its method. The arguments are a JSON array. Apply
	// returns what CallWithFunctions returns. The path of a callback starts with the index of an argument. Errors are
	// those of [Host]'s Call. If there is no such function, Apply returns a [*HostError].
	Apply(ctx context.Context, name string, arguments []byte, callbacks ...Callback) (Answer, Object, error)
	// Mute stops the callbacks of the call that returned the object: no further call of them starts.
	Mute()
	// Release does what Mute does, and frees the object.
	Release()
}
