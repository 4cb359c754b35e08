package bridge

import (
	"context"
	"encoding/binary"
	"sync"
	"syscall/js"
	"unsafe"

	"github.com/forgego/forgego/internal/shim"
)

// pageHost carries calls to the page's bridge through the shim.
//
// A call crosses as bytes in this program's memory: out by one function of the shim that takes numbers only, in by the
// exported function forgego_deliver for all answers that wait. No js.Value is made per call, so that there is none to
// release, and exceptions are caught on the JavaScript side and come as bytes too. jsglue/forgego.js is the other end.
type pageHost struct {
	// send(address, length) starts a call and returns 1 if there is no bridge; take(address) writes the waiting answers;
	// forget(id) drops a call and stops its request.
	send, take, forget js.Value

	mu      sync.Mutex
	lastID  uint32
	waiting map[uint32]chan<- reply
	// request is where a call is encoded; the shim has read it when send returns.
	request []byte
}

type reply struct {
	answer Answer
	err    error
}

// page is the only pageHost: the exported function has no receiver.
var page *pageHost

func newPageHost() Host {
	if !shim.Port.Truthy() {
		return nil
	}
	page = &pageHost{
		send:    shim.Port.Get("send"),
		take:    shim.Port.Get("take"),
		forget:  shim.Port.Get("forget"),
		waiting: make(map[uint32]chan<- reply),
	}
	return page
}

func (h *pageHost) Call(ctx context.Context, call Call) (Answer, error) {
	_, answer, err := h.do(ctx, call, 0)
	return answer, err
}

// do sends a call with these flags and waits for its answer. It gives the call's number too.
func (h *pageHost) do(ctx context.Context, call Call, flags uint32) (id uint32, answer Answer, err error) {
	if ctx.Err() != nil {
		return 0, Answer{}, context.Cause(ctx)
	}
	done := make(chan reply, 1)
	id, ok := h.start(call, flags, done)
	if !ok {
		return 0, Answer{}, ErrNoBridge
	}
	select {
	case r := <-done:
		return id, r.answer, r.err
	case <-ctx.Done():
		h.drop(id)
		return id, Answer{}, context.Cause(ctx)
	}
}

// drop has a call's answer come to nobody, and stops the request that it began.
func (h *pageHost) drop(id uint32) {
	h.mu.Lock()
	delete(h.waiting, id)
	h.mu.Unlock()
	h.forget.Invoke(id)
}

// A request is five numbers of 32 bits, little-endian, and then the command, the payload and the body.
const (
	requestFetch = 1 << iota // the call is a Fetch call
	requestBody              // it has a body
	requestLocal             // the shim itself answers it; the body is bytes
)

// start sends the call. It reports false if there is no bridge.
func (h *pageHost) start(call Call, flags uint32, done chan<- reply) (id uint32, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastID++
	id = h.lastID
	if call.Fetch {
		flags |= requestFetch
	}
	if call.Body != nil {
		flags |= requestBody
	}
	b := h.request[:0]
	for _, n := range [...]uint32{id, flags, uint32(len(call.Command)), uint32(len(call.Payload)), uint32(len(call.Body))} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	b = append(b, call.Command...)
	b = append(b, call.Payload...)
	b = append(b, call.Body...)
	h.waiting[id] = done
	if h.send.Invoke(address(b), len(b)).Int() != 0 {
		delete(h.waiting, id)
		return 0, false
	}
	const kept = 64 << 10 // a large buffer is not kept for the small calls that follow
	if cap(b) <= kept {
		h.request = b
	} else {
		h.request = nil
	}
	return id, true
}

// address gives where in the program's memory b is. The caller keeps b on the heap: a stack may move.
func address(b []byte) int { return int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

// An answer is four numbers of 32 bits, little-endian, and then the payload and the body.
const (
	answerError     = 1 << iota // the payload is the error's name, message and code
	answerUndefined             // there is no payload
	answerBody                  // there is a body

	answerHead = 4 * 4
)

// deliver is called by the shim when answers wait that are size bytes together. The goroutines that it wakes run when
// the shim resumes the program.
//
//go:wasmexport forgego_deliver
func deliver(size int32) {
	b := make([]byte, size)
	page.take.Invoke(address(b))
	page.mu.Lock()
	defer page.mu.Unlock()
	for len(b) > 0 {
		id, flags := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		bodyAt := answerHead + binary.LittleEndian.Uint32(b[8:])
		end := bodyAt + binary.LittleEndian.Uint32(b[12:])
		// Their capacity ends where they end: one who appends to an answer must not write into the next.
		payload, body := b[answerHead:bodyAt:bodyAt], b[bodyAt:end:end]
		b = b[end:]
		done, ok := page.waiting[id]
		if !ok {
			continue // its context ended
		}
		delete(page.waiting, id)
		var r reply
		switch {
		case flags&answerError != 0:
			r.err = readHostError(payload)
		default:
			if flags&answerUndefined == 0 {
				r.answer.Payload = payload
			}
			if flags&answerBody != 0 {
				r.answer.Body = body
			}
		}
		done <- r
	}
}

func readHostError(payload []byte) *HostError {
	e := &HostError{}
	members(payload, func(name string, value []byte) bool {
		switch text, _ := jsonString(value); name {
		case "name":
			e.Name = text
		case "message":
			e.Message = text
		case "code":
			e.Code = text
		}
		return true
	})
	return e
}
