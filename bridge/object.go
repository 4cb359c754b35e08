package bridge

import "context"

// FunctionHost is a [Host] over which functions cross: callbacks out, and objects with methods back. The page's host is
// one. A program that needs neither links nothing of it.
type FunctionHost interface {
	Host
	// CallWithFunctions is Call for a payload with callbacks in it, or for an answer that is or has functions. The object
	// stands for that answer; release it when neither it nor the callbacks are needed any more. The call must have no
	// body.
	CallWithFunctions(ctx context.Context, call Call, callbacks ...Callback) (Answer, Object, error)
}

// Callback is a function in the payload of a [Call], which has no other place for it.
type Callback struct {
	// Path leads to the function's place: names of members and indexes of elements with dots between them, such as
	// "actions.0.onClick". Empty, the function is the payload itself.
	Path string
	// Func gets the arguments, a JSON array, each time the host calls the function: one call after the other, in their
	// order. To the host the function gives undefined. It may take its time; a panic in it is reported and does not end
	// the program.
	Func func(arguments []byte)
}

// Object is an object or a function that the host answered with, and that stays with the host.
type Object interface {
	// Apply calls the function member of that name, or the object itself if the name is empty, with the arguments, a
	// JSON array, and gives what it returns, as CallWithFunctions does. The path of a callback begins with an argument's
	// number. Errors are those of [Host]'s Call; an object without such a function gives a [*HostError].
	Apply(ctx context.Context, name string, arguments []byte, callbacks ...Callback) (Answer, Object, error)
	// Mute ends the callbacks of the call that gave the object: none of them begins to run any more.
	Mute()
	// Release does what Mute does, and lets the object go.
	Release()
}
