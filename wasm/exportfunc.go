package wasm

import (
	"context"
	"iter"

	"github.com/forgego/forgego/internal/exported"
	"github.com/forgego/forgego/internal/nesting"
)

// ExportFunc lets JavaScript call f as a function that takes one value and returns a promise:
//
//	wasm.ExportFunc(ctx, "addTask", func(ctx context.Context, in NewTask) (Task, error) { … })
//
//	const { exports } = await load('app.wasm');
//	const task = await exports.addTask({ title: 'Write' }, { signal });
//
// The program must be loaded by the ES module that "forgego module" writes. The function is there when load resolves if
// ExportFunc is called before the program first waits. "forgego types" writes the types of all exported functions for
// TypeScript.
//
// Values are converted as bridge.JSON converts them, by the rules of encoding/json. A []byte as the whole input or result
// is a Uint8Array, without a conversion. If In is struct{}, the function takes no value; if Out is struct{}, it returns
// undefined. JavaScript functions in the input are [Callback] values.
//
// Each call runs f in its own goroutine, so f may wait. The context of f is a child of ctx, and ends when JavaScript aborts
// the call by its signal. An error rejects the promise with an Error that has the text of the error as its message. Its name
// and code are the results of the methods ErrorName() string and ErrorCode() string, if an error in the chain has them. A
// panic rejects the promise too, and the program continues: see [OnError]. A value that does not fit In rejects with the
// name TypeError and the field.
//
// The function exists until stop is called or ctx ends; calls that are running then have a context that has ended.
// ExportFunc panics if the name is not an identifier of JavaScript or is exported already, and if the ES module has not
// loaded the program. Outside a page it prints [ErrNoPage] to standard error.
func ExportFunc[In, Out any](ctx context.Context, name string, f func(ctx context.Context, input In) (Out, error)) (stop func()) {
	return addExport(ctx, "wasm.ExportFunc", name, exported.Function{
		Flags: flagsOf[In](),
		Run: func(ctx context.Context, data []byte, send func([]byte, bool) bool) error {
			input, err := decodeInput[In](data)
			if err != nil {
				return err
			}
			output, err := f(ctx, input)
			if err != nil {
				return err
			}
			_, err = sendOutput(output, send)
			return err
		},
	})
}

// ExportSeq is [ExportFunc] for a function whose values JavaScript iterates over:
//
//	for await (const line of exports.readLines('notes.txt')) { … }
//
// A value is computed when JavaScript asks for it. If JavaScript leaves the loop, the iteration of the sequence ends, and so
// does the context of f. The first error in the sequence rejects and ends the iteration.
func ExportSeq[In, Out any](ctx context.Context, name string, f func(ctx context.Context, input In) iter.Seq2[Out, error]) (stop func()) {
	return addExport(ctx, "wasm.ExportSeq", name, exported.Function{
		Flags: flagsOf[In]() | exported.FlagSeq,
		Run: func(ctx context.Context, data []byte, send func([]byte, bool) bool) error {
			input, err := decodeInput[In](data)
			if err != nil {
				return err
			}
			for output, err := range f(ctx, input) {
				if err != nil {
					return err
				}
				more, err := sendOutput(output, send)
				if err != nil || !more {
					return err
				}
			}
			return nil
		},
	})
}

// Callback is a JavaScript function in the input of an exported function. It is decoded from the function itself, and may
// be called until the exported function returns.
type Callback[In, Out any] struct{ call, index uint32 }

// IsZero reports whether JavaScript passed no function.
func (c Callback[In, Out]) IsZero() bool { return c.call == 0 }

// Call calls the function and waits for its result, which may be a promise. What the function throws is a [*Rejection],
// without its Value. When ctx ends, Call returns context.Cause(ctx) at once. After the exported function has returned, Call
// returns an error.
func (c Callback[In, Out]) Call(ctx context.Context, input In) (output Out, err error) {
	if c.IsZero() {
		return output, ErrNoCallback
	}
	data, err := nesting.Marshal(input)
	if err != nil {
		return output, err
	}
	result, err := exported.CallBack(ctx, c.call, c.index, data)
	if thrown, ok := err.(*exported.ScriptError); ok {
		return output, &Rejection{Name: thrown.Name, Message: thrown.Message}
	}
	if err != nil {
		return output, err
	}
	if _, ok := any(output).(struct{}); ok {
		return output, nil
	}
	if err := nesting.Unmarshal(result, &output); err != nil {
		return output, &callbackError{err}
	}
	return output, nil
}

// ErrNoCallback means that a [Callback] was called to which JavaScript passed no function.
var ErrNoCallback error = sentinel("JavaScript passed no function")

// callbackError means that a callback's result does not fit the Go type.
type callbackError struct{ err error }

func (e *callbackError) Error() string {
	return "wasm: the result of the JavaScript function does not fit: " + nesting.Problem(e.err)
}

func (e *callbackError) Unwrap() error { return e.err }

// UnmarshalJSON takes the numbers that stand for the function.
func (c *Callback[In, Out]) UnmarshalJSON(data []byte) error {
	var numbers []uint32
	if err := nesting.Unmarshal(data, &numbers); err != nil || len(numbers) != 2 && numbers != nil {
		return sentinel("it is not a function")
	}
	*c = Callback[In, Out]{}
	if numbers != nil {
		c.call, c.index = numbers[0], numbers[1]
	}
	return nil
}

// MarshalJSON returns an error: a JavaScript function exists only in the input of a call.
func (c Callback[In, Out]) MarshalJSON() ([]byte, error) {
	return nil, sentinel("a JavaScript function cannot be sent back")
}

func (*Callback[In, Out]) isCallback() {}

// flagsOf returns the flags for a function with this input.
func flagsOf[In any]() uint32 {
	var in In
	switch any(in).(type) {
	case []byte:
		return exported.FlagBytes
	case struct{}:
		return exported.FlagNoInput
	}
	if hasCallbacks[In]() {
		return exported.FlagFunctions
	}
	return 0
}

// decodeInput returns the input of a call.
func decodeInput[In any](data []byte) (input In, err error) {
	switch p := any(&input).(type) {
	case *[]byte:
		*p = data
	case *struct{}:
	default:
		if err := nesting.Unmarshal(data, &input); err != nil {
			return input, &exported.InputError{Err: err}
		}
	}
	return input, nil
}

// sendOutput sends one result of a call. It reports whether another one is wanted.
func sendOutput[Out any](output Out, send func(data []byte, isBytes bool) bool) (more bool, err error) {
	switch v := any(output).(type) {
	case []byte:
		return send(v, true), nil
	case struct{}:
		return send(nil, false), nil
	}
	data, err := nesting.Append(nesting.Room(), output)
	if err != nil {
		return false, err
	}
	more = send(data, false)
	nesting.Recycle(data)
	return more, nil
}
