// Package stubhost has a small [bridge.FunctionHost] for tests: it answers as it is told, and keeps what it heard.
package stubhost

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// Host answers each command and each function of an object by the text in Answers, as JSON; what is not there is
// undefined. A function's name has a dot in front of it, such as ".listen"; an answer that is a function is ".".
type Host struct {
	Answers map[string]string
	Errors  map[string]error

	mu        sync.Mutex
	heard     []string
	callbacks map[string]func([]byte)
}

// Context gives a context whose calls go to the host.
func (h *Host) Context(t testing.TB) context.Context {
	return bridge.NewContext(t.Context(), bridge.New(h))
}

// Heard gives what the host heard, in order: the command or the function, its argument, and the callbacks' paths after an
// arrow. What becomes of an object is "mute" and "release".
func (h *Host) Heard() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.heard)
}

// Fire calls the callback with that path, and returns when it has.
func (h *Host) Fire(path, arguments string) {
	h.mu.Lock()
	f := h.callbacks[path]
	h.mu.Unlock()
	if f != nil {
		f([]byte(arguments))
	}
}

// Call is [bridge.Host]'s.
func (h *Host) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	answer, _, err := h.CallWithFunctions(ctx, call)
	return answer, err
}

// CallWithFunctions is [bridge.FunctionHost]'s.
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
		h.callbacks = map[string]func([]byte){}
	}
	for i, c := range callbacks {
		if i == 0 {
			line += " ->"
		}
		line += " " + c.Path
		h.callbacks[c.Path] = c.Func
	}
	h.heard = append(h.heard, strings.TrimSpace(line))
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
	o.host.heard = append(o.host.heard, how)
}
