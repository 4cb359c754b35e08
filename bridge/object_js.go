package bridge

import (
	"bytes"
	"context"
	"strconv"
	"sync"

	"github.com/forgego/forgego/bridge/internal/inorder"
	"github.com/forgego/forgego/internal/usercode"
)

// pageObject is an answer that the shim keeps under the number of its call, with the callbacks of that call.
type pageObject struct {
	host      *pageHost
	id        uint32
	callbacks []uint32
	once      sync.Once
}

func (o *pageObject) Apply(ctx context.Context, name string, arguments []byte, callbacks ...Callback) (Answer, Object, error) {
	b := strconv.AppendUint([]byte(`{"object":`), uint64(o.id), 10)
	b = appendJSONString(append(b, `,"name":`...), name)
	b = append(append(append(b, `,"arguments":`...), arguments...), '}')
	placed := make([]Callback, len(callbacks))
	for i, c := range callbacks {
		c.Path = "arguments." + c.Path
		placed[i] = c
	}
	return o.host.callWithFunctions(ctx, Call{Command: "apply", Payload: b}, requestLocal, placed)
}

func (o *pageObject) Mute() { o.host.removeCallbacks(o.callbacks) }

func (o *pageObject) Release() {
	o.once.Do(func() {
		o.host.drop(o.id)
		o.Mute()
	})
}

// addCallbacks numbers the callbacks. It returns the numbers, and the places of the callbacks in the payload for
// the shim, as JSON: [[number, path, whether the host waits for its result], …].
func (h *pageHost) addCallbacks(callbacks []Callback) (ids []uint32, places []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.callbacks == nil {
		h.callbacks = map[uint32]*inorder.Queue{}
		h.called = h.pushCallback
	}
	places = append(places, '[')
	for i, c := range callbacks {
		h.lastID++
		ids = append(ids, h.lastID)
		run := c.Func
		if c.Answer != nil {
			run = h.answering(c.Answer)
		}
		h.callbacks[h.lastID] = inorder.New(run, usercode.ShowPanic)
		if i > 0 {
			places = append(places, ',')
		}
		places = strconv.AppendUint(append(places, '['), uint64(h.lastID), 10)
		places = appendJSONString(append(places, ','), c.Path)
		places = append(strconv.AppendBool(append(places, ','), c.Answer != nil), ']')
	}
	return ids, append(places, ']')
}

// pushCallback must be called with h.mu held.
func (h *pageHost) pushCallback(id uint32, arguments []byte) {
	if q := h.callbacks[id]; q != nil {
		q.Push(arguments)
	}
}

func (h *pageHost) removeCallbacks(ids []uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if q := h.callbacks[id]; q != nil {
			q.Close()
			delete(h.callbacks, id)
		}
	}
}

// answering returns the function of a callback whose result goes to the host. Its argument is the number of the host's
// call, a colon, and the arguments.
func (h *pageHost) answering(f func(arguments []byte) ([]byte, error)) func([]byte) {
	return func(numbered []byte) {
		number, arguments, _ := bytes.Cut(numbered, []byte(":"))
		var result []byte
		failed := &HostError{Name: "Error", Message: "the app's callback did not return"} // if f or its error panics
		defer func() { h.answer(number, result, failed) }()
		var err error
		result, err = f(arguments)
		failed = hostError(err)
	}
}

// hostError returns the error of a callback as the host gets it, or nil.
func hostError(err error) *HostError {
	if err == nil {
		return nil
	}
	if e, ok := err.(*HostError); ok {
		return e
	}
	return &HostError{Name: "Error", Message: err.Error()}
}

// answer sends a callback's result to the shim: [number], [number, result] or [number, null, error].
func (h *pageHost) answer(number, result []byte, failed *HostError) {
	b := append([]byte("["), number...)
	switch {
	case failed != nil:
		b = appendJSONString(append(b, `,null,{"name":`...), failed.Name)
		b = appendJSONString(append(b, `,"message":`...), failed.Message)
		if failed.Code != "" {
			b = appendJSONString(append(b, `,"code":`...), failed.Code)
		}
		b = append(b, '}')
	case result != nil:
		b = append(append(b, ','), result...)
	}
	_, _, refused := h.do(context.Background(), Call{Command: "answer", Payload: append(b, ']')}, requestLocal)
	if refused != nil && failed == nil {
		h.answer(number, nil, &HostError{Name: "TypeError", Message: "the result of the app's callback is not JSON"})
	}
}

// CallWithFunctions implements [FunctionHost].
func (h *pageHost) CallWithFunctions(ctx context.Context, call Call, callbacks ...Callback) (Answer, Object, error) {
	return h.callWithFunctions(ctx, call, 0, callbacks)
}

func (h *pageHost) callWithFunctions(ctx context.Context, call Call, flags uint32, callbacks []Callback) (Answer, Object, error) {
	ids, places := h.addCallbacks(callbacks)
	call.Body = places
	id, answer, err := h.do(ctx, call, flags|requestFunctions)
	object := &pageObject{host: h, id: id, callbacks: ids}
	if err != nil {
		object.Release()
		return Answer{}, nil, err
	}
	return answer, object, nil
}
