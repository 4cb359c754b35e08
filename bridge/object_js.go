package bridge

import (
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
		placed[i] = Callback{"arguments." + c.Path, c.Func}
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
// the shim, as JSON: [[number, path], …].
func (h *pageHost) addCallbacks(callbacks []Callback) (ids []uint32, places []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.callbacks == nil {
		h.callbacks = map[uint32]*inorder.Queue{}
		h.called = h.pushCallback
	}
	places = append(places, '[')
	for i, c := range callbacks {
		h.lastCallback++
		ids = append(ids, h.lastCallback)
		h.callbacks[h.lastCallback] = inorder.New(c.Func, usercode.ShowPanic)
		if i > 0 {
			places = append(places, ',')
		}
		places = strconv.AppendUint(append(places, '['), uint64(h.lastCallback), 10)
		places = append(appendJSONString(append(places, ','), c.Path), ']')
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
