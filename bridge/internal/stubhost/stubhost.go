// Package stubhost provides a small [bridge.FunctionHost] for tests. It returns preset answers and records its calls.
package stubhost

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// Host answers each command and each function of an object with the JSON text in Answers, or undefined if there is
// none. A function's name starts with a dot, such as ".listen". The answer "." is a function.
type Host struct {
	Answers map[string]string
	Errors  map[string]error

	mu        sync.Mutex
	calls     []string
	callbacks map[string]func([]byte) ([]byte, error)
}

// Context returns a context whose calls go to the host.
func (h *Host) Context(t testing.TB) context.Context {
	return bridge.NewContext(t.Context(), bridge.New(h))
}

// Calls returns the calls that the host got, in order: the command or function, its argument, and after an arrow the
// callbacks' paths. For the end of an object it has "mute" and "release".
func (h *Host) Calls() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

// Fire calls the callback with that path and waits until it returns.
func (h *Host) Fire(path, arguments string) { _, _ = h.Ask(path, arguments) }

// Ask calls the callback with that path and returns its result. It is "gone" if there is no such callback.
func (h *Host) Ask(path, arguments string) (string, error) {
	h.mu.Lock()
	f := h.callbacks[path]
	h.mu.Unlock()
	if f == nil {
		return "gone", nil
	}
	result, err := f([]byte(arguments))
	return string(result), err
}

// Call implements [bridge.Host].
func (h *Host) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	answer, _, err := h.CallWithFunctions(ctx, call)
	return answer, err
}

// CallWithFunctions implements [bridge.FunctionHost].
func (h *Host) CallWithFunctions(_ context.Context, call bridge.Call, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	return h.answer(call.Command, call.Payload, callbacks)
}

func (h *Host) answer(name string, argument []byte, callbacks []bridge.Callback) (bridge.Answer, bridge.Object, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	line := name
	if argument != nil {
		line += " " + string(argument)
	}
	if h.callbacks == nil {
		h.callbacks = map[string]func([]byte) ([]byte, error){}
	}
	for i, c := range callbacks {
		if i == 0 {
			line += " ->"
		}
		line += " " + c.Path
		if h.callbacks[c.Path] = c.Answer; c.Answer == nil {
			h.callbacks[c.Path] = func(arguments []byte) ([]byte, error) {
				c.Func(arguments)
				return nil, nil
			}
		}
	}
	h.calls = append(h.calls, strings.TrimSpace(line))
	if err := h.Errors[name]; err != nil {
		return bridge.Answer{}, nil, err
	}
	o := &object{host: h}
	for _, c := range callbacks {
		o.paths = append(o.paths, c.Path)
	}
	text, ok := h.Answers[name]
	if !ok {
		return bridge.Answer{}, o, nil
	}
	return bridge.Answer{Payload: []byte(text)}, o, nil
}

type object struct {
	host  *Host
	paths []string
}

func (o *object) Apply(_ context.Context, name string, arguments []byte, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	return o.host.answer("."+name, arguments, callbacks)
}

func (o *object) Mute() { o.end("mute") }

func (o *object) Release() { o.end("release") }

func (o *object) end(how string) {
	o.host.mu.Lock()
	defer o.host.mu.Unlock()
	for _, path := range o.paths {
		delete(o.host.callbacks, path)
	}
	o.host.calls = append(o.host.calls, how)
}
