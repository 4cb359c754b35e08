package bridgetest

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/inorder"
)

// Reply is what a callback returns to the host that has called it.
type Reply struct {
	done   chan struct{}
	begun  bool
	result json.RawMessage
	err    error
}

// Wait waits until the callback has returned and returns its result as JSON, or nil for undefined. If the callback
// fails or panics, the error is a [*bridge.HostError]. If the app no longer takes calls of the callback, the result is
// undefined. If ctx ends first, Wait returns the context's cause.
func (r *Reply) Wait(ctx context.Context) (json.RawMessage, error) {
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// ended returns the reply of a callback that is not called.
func ended() *Reply {
	r := &Reply{done: make(chan struct{})}
	close(r.done)
	return r
}

// replies calls a callback in order, and keeps the replies of its calls by number until the callback returns.
type replies struct {
	callback bridge.Callback
	queue    *inorder.Queue

	mu      sync.Mutex
	last    int
	waiting map[string]*Reply
}

// push queues a call. It returns nil if the app no longer takes calls.
func (r *replies) push(arguments []byte) *Reply {
	reply := &Reply{done: make(chan struct{})}
	r.mu.Lock()
	r.last++
	number := strconv.Itoa(r.last)
	r.waiting[number] = reply
	r.mu.Unlock()
	if !r.queue.Push(append([]byte(number+":"), arguments...)) {
		r.end(number, nil, nil)
		return nil
	}
	return reply
}

// run calls the callback. Its argument is the number of the call, a colon, and the callback's arguments.
func (r *replies) run(numbered []byte) {
	number, arguments, _ := bytes.Cut(numbered, []byte(":"))
	r.begin(string(number))
	var result []byte
	var err error = &bridge.HostError{Name: "Error", Message: "the app's callback did not return"} // if it panics
	defer func() { r.end(string(number), result, err) }()
	if r.callback.Answer == nil {
		r.callback.Func(arguments)
		err = nil
		return
	}
	result, err = r.callback.Answer(arguments)
	if err == nil && result != nil && !json.Valid(result) {
		result, err = nil, &bridge.HostError{Name: "TypeError", Message: "the result of the app's callback is not JSON"}
	}
	if err != nil {
		err = refusal(context.Background(), err)
	}
}

// end ends a call.
func (r *replies) end(number string, result []byte, err error) {
	r.mu.Lock()
	reply := r.waiting[number]
	delete(r.waiting, number)
	r.mu.Unlock()
	if reply != nil {
		reply.result, reply.err = result, err
		close(reply.done)
	}
}

func (r *replies) begin(number string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if reply := r.waiting[number]; reply != nil {
		reply.begun = true
	}
}

// mute ends the calls that have not begun: they return undefined. Later calls do nothing.
func (r *replies) mute() { r.drop(func(reply *Reply) bool { return !reply.begun }) }

// Close does what mute does, and ends the calls that have begun, too.
func (r *replies) Close() { r.drop(func(*Reply) bool { return true }) }

func (r *replies) drop(which func(*Reply) bool) {
	r.queue.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for number, reply := range r.waiting {
		if which(reply) {
			delete(r.waiting, number)
			close(reply.done)
		}
	}
}

// withMethods puts {} in the place of each method in an object, as the page's host does for functions. Text that is no
// object stays as it is.
func withMethods(value []byte, methods map[string]Function) []byte {
	for name := range methods {
		value = withMethod(value, name)
	}
	return value
}

func withMethod(value []byte, name string) []byte {
	var members map[string]json.RawMessage
	if name == "" || json.Unmarshal(value, &members) != nil || members == nil {
		return value
	}
	first, rest, isPath := strings.Cut(name, ".")
	inner := []byte("{}")
	if isPath {
		if members[first] != nil {
			inner = members[first]
		}
		inner = withMethod(inner, rest)
	}
	members[first] = inner
	value, _ = json.Marshal(members) // it was JSON
	return value
}
