package bridgetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/inorder"
)

// object is an answer that stays with the host, and the callbacks of its call.
type object struct {
	host    *Host
	methods map[string]Function
	queues  []*replies

	mu       sync.Mutex
	released bool
}

func (o *object) Apply(ctx context.Context, name string, arguments []byte, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	if ctx.Err() != nil {
		return bridge.Answer{}, nil, context.Cause(ctx)
	}
	arguments = bytes.Clone(arguments)
	e := o.host.recordApply(name, arguments)
	done := make(chan outcome, 1)
	began := o.host.perform("the method "+strconv.Quote(name), func() outcome { return o.apply(ctx, name, arguments, callbacks) }, func(out outcome) {
		o.host.finish(e, out)
		done <- out
	})
	if !began {
		return bridge.Answer{}, nil, errClosed()
	}
	select {
	case out := <-done:
		return out.answer, out.object, out.err
	case <-ctx.Done():
		o.host.leave(e, context.Cause(ctx))
		return bridge.Answer{}, nil, context.Cause(ctx)
	}
}

func (o *object) apply(ctx context.Context, name string, arguments []byte, callbacks []bridge.Callback) outcome {
	o.mu.Lock()
	method := o.methods[name]
	if o.released {
		method = nil
	}
	o.mu.Unlock()
	var list []json.RawMessage
	switch {
	case method == nil:
		return outcome{err: &bridge.HostError{Name: "TypeError", Message: fmt.Sprintf("The host's object has no function %q, or it was released.", name)}}
	case json.Unmarshal(arguments, &list) != nil || list == nil:
		return outcome{err: &bridge.HostError{Name: "SyntaxError", Message: "The arguments are not a JSON array."}}
	}
	return o.host.run(ctx, method, arguments, callbacks, false)
}

func (o *object) Mute() {
	for _, q := range o.queues {
		q.mute()
	}
}

func (o *object) Release() {
	o.mu.Lock()
	o.released = true
	o.mu.Unlock()
	for _, q := range o.queues {
		q.Close()
	}
}

// place returns the callbacks by path, each with a queue. It returns an error for a path that is not in the payload.
func (h *Host) place(payload []byte, callbacks []bridge.Callback) (Callbacks, []*replies, error) {
	var root any
	if len(callbacks) > 0 && len(payload) > 0 && json.Unmarshal(payload, &root) != nil {
		return nil, nil, &bridge.HostError{Name: "TypeError", Message: "The payload has no place for its callbacks."}
	}
	places := Callbacks{}
	var queues []*replies
	for _, c := range callbacks {
		if !hasPlace(root, c.Path) {
			return nil, nil, &bridge.HostError{Name: "TypeError", Message: fmt.Sprintf("The payload has no place for the callback %q.", c.Path)}
		}
		r := &replies{callback: c, waiting: map[string]*Reply{}}
		q := inorder.New(r.run, func(err error) { h.reportPanic("the callback "+strconv.Quote(c.Path), err) })
		r.queue = q
		queues = append(queues, r)
		places[c.Path] = func(arguments ...any) *Reply { return h.callBack(r, arguments) }
	}
	h.mu.Lock()
	h.queues = append(h.queues, queues...)
	h.mu.Unlock()
	return places, queues, nil
}

// hasPlace reports whether the container of the path's last name exists. An empty path is the payload itself.
func hasPlace(root any, path string) bool {
	if path == "" {
		return true
	}
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		switch container := root.(type) {
		case map[string]any:
			root = container[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(container) {
				return false
			}
			root = container[i]
		default:
			return false
		}
	}
	switch root.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// callBack queues a call of a callback with these arguments.
func (h *Host) callBack(r *replies, arguments []any) *Reply {
	path := r.callback.Path
	values := make([]any, len(arguments))
	for i, argument := range arguments {
		if err, ok := argument.(error); ok {
			argument = errorFields(err)
		}
		values[i] = argument
	}
	data, err := json.Marshal(values)
	if err != nil {
		h.report(fmt.Sprintf("bridgetest: the arguments for the callback %q cannot be encoded as JSON: %v", path, err))
		return ended()
	}
	reply := r.push(data)
	if reply == nil {
		return ended()
	}
	h.recordCallback(path, data)
	return reply
}

// errorFields returns the fields that the app gets of an error: those of a [*bridge.HostError], or a JavaScript Error
// with the text of any other error.
func errorFields(err error) map[string]string {
	fields := map[string]string{}
	host, ok := errors.AsType[*bridge.HostError](err)
	if !ok {
		host = &bridge.HostError{Name: "Error", Message: err.Error()}
	}
	for name, text := range map[string]string{"name": host.Name, "message": host.Message, "code": host.Code} {
		if text != "" {
			fields[name] = text
		}
	}
	return fields
}
