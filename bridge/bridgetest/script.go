package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

// Command answers a command of the bridge. payload is the command's argument, or nil if it has none. If a call
// carries a body, the body is in payload, in fetchRequestInit.
//
// The answer is encoded by encoding/json; nil is undefined, and json.RawMessage("null") is null. An [Object] has
// methods. A [*bridge.HostError] is the error with which the promise rejects; any other error provides the text. ctx
// ends when the caller leaves or the host is closed.
type Command func(ctx context.Context, payload json.RawMessage) (any, error)

// Function is a [Command] that gets the callbacks in its payload, or a method of an [Object], whose payload is the
// array of its arguments.
type Function func(ctx context.Context, payload json.RawMessage, callbacks Callbacks) (any, error)

// Callbacks are the functions in a payload by path, such as "callback" or "actions.0.onClick". In a method's
// arguments, a path starts with the argument's number. A call returns without waiting for the callback; the [Reply] waits
// for its result. The callback gets its calls in order, one at a time. Arguments are encoded by encoding/json; an error
// becomes an object with name, message and code, as in the page's host. After the caller has released or muted the
// answer, calls do nothing.
type Callbacks map[string]func(arguments ...any) *Reply

// Object is an answer that is or has functions.
type Object struct {
	// Value is the rest of the answer; nil means an object without other members.
	Value any
	// Methods are the object's functions by name. Names that are separated by dots, such as "actions.submit", are those
	// of a member and of its method. If there is one with an empty name, the answer itself is that function.
	Methods map[string]Function
}

// On scripts a command: f answers it from now on, even if the host has the command itself.
func (h *Host) On(command string, f Command) {
	h.OnWithFunctions(command, func(ctx context.Context, payload json.RawMessage, _ Callbacks) (any, error) {
		return f(ctx, payload)
	})
}

// OnWithFunctions is [Host.On] for a command that has callbacks in its payload, such as a subscription.
func (h *Host) OnWithFunctions(command string, f Function) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.scripts[command] = f
}

// OnFunction scripts a function of the app's resolver, which bridge.Invoke calls by its key. payload is the caller's,
// or nil if there was none. Without a script, invoke is refused.
func (h *Host) OnFunction(functionKey string, f Command) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.resolver[functionKey] = f
}

// performScript carries out a scripted command.
func (h *Host) performScript(ctx context.Context, script Function, call bridge.Call, callbacks []bridge.Callback) outcome {
	if err := h.applyFailure(ctx, call.Command); err != nil {
		return h.settle(ctx, outcome{err: err}, callbacks)
	}
	payload := call.Payload
	if call.Body != nil {
		payload = withBody(payload, call.Body)
	}
	return h.run(ctx, script, payload, callbacks, call.Fetch)
}

// run calls a scripted function and converts its answer.
func (h *Host) run(ctx context.Context, f Function, payload []byte, callbacks []bridge.Callback, isFetch bool) outcome {
	bounded, cancel := h.bounded(ctx)
	defer cancel()
	places, queues, err := h.place(payload, callbacks)
	if err != nil {
		return outcome{err: err}
	}
	o := &object{host: h, queues: queues}
	value, err := f(bounded, payload, places)
	if err != nil {
		o.Release()
		return outcome{err: refusal(ctx, err)}
	}
	if given, ok := value.(Object); ok {
		value, o.methods = given.Value, given.Methods
		if _, isFunction := given.Methods[""]; value == nil && !isFunction {
			value = struct{}{}
		}
	}
	answer := bridge.Answer{}
	if value != nil {
		if answer.Payload, err = json.Marshal(value); err != nil {
			o.Release()
			return outcome{err: &bridge.HostError{Name: "TypeError", Message: fmt.Sprintf("The scripted answer cannot be encoded as JSON: %v.", err)}}
		}
		answer.Payload = withMethods(answer.Payload, o.methods)
	}
	if isFetch {
		answer = takeBody(answer.Payload)
	}
	return outcome{answer: answer, object: o}
}

// bounded returns a context that ends with the caller's and with the host.
func (h *Host) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	bounded, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(h.ctx, func() { cancel(errClosed()) })
	return bounded, func() { stop(); cancel(nil) }
}

// hasBodyPlace reports whether a payload has the object in which the body belongs.
func hasBodyPlace(payload []byte) bool {
	var place struct {
		Init map[string]json.RawMessage `json:"fetchRequestInit"`
	}
	return json.Unmarshal(payload, &place) == nil && place.Init != nil
}

// withBody puts the body into the payload.
func withBody(payload, body []byte) []byte {
	members, init := map[string]json.RawMessage{}, map[string]any{}
	if json.Unmarshal(payload, &members) != nil || json.Unmarshal(members["fetchRequestInit"], &init) != nil {
		return payload
	}
	init["body"] = string(body)
	placed, err := json.Marshal(init)
	if err != nil {
		return payload
	}
	members["fetchRequestInit"] = placed
	if placed, err = json.Marshal(members); err != nil {
		return payload
	}
	return placed
}

// takeBody removes a string body from an answer.
func takeBody(payload []byte) bridge.Answer {
	members := map[string]json.RawMessage{}
	var body *string
	if json.Unmarshal(payload, &members) != nil || json.Unmarshal(members["body"], &body) != nil || body == nil {
		return bridge.Answer{Payload: payload}
	}
	delete(members, "body")
	rest, err := json.Marshal(members)
	if err != nil {
		return bridge.Answer{Payload: payload}
	}
	return bridge.Answer{Payload: rest, Body: []byte(*body)}
}
