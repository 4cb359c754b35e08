package bridge

import (
	"context"
	"encoding/binary"
	"sync"
	"syscall/js"
	"unsafe"

	"github.com/forgego/forgego/bridge/internal/inorder"
	"github.com/forgego/forgego/internal/shim"
)

// pageHost carries calls to the page's bridge through the shim.
//
// A call crosses as bytes in this program's memory: out by one function of the shim, in by the exported function
// forgego_deliver for all answers that wait in the inbox. No value is passed out: the numbers that are needed are in words.
// The shim knows these places. So no js.Value is made per call and there is none to release; and exceptions are caught on
// the JavaScript side and come as bytes too. jsglue/calls.js is the other end.
type pageHost struct {
	// send starts a call and returns 1 if there is no bridge; take writes what did not fit into the inbox; forget drops a
	// call and stops its request.
	send, take, forget js.Value

	mu      sync.Mutex
	lastID  uint32
	waiting map[uint32]*waiter
	words   [6]uint32
	outbox  []byte
	inbox   []byte
	// The callbacks that the host may call, and what is told of a call of one: set with the first, so that a program
	// without callbacks links nothing of them.
	lastCallback uint32
	callbacks    map[uint32]*inorder.Queue
	called       func(id uint32, arguments []byte)
	// body is that of the call that is being sent: it must live, and on the heap, as a stack may move.
	body []byte
}

// The words of send, beside its number and its flags: where the outbox starts and ends, which has the command and the payload
// as a JSON array, and where the body does. Those of take are where there is room for a large answer; it leaves there where it
// has ended itself, and what it had no room for, in units of UTF-16. That of forget is a number.
const (
	wordID = iota
	wordFlags
	wordCall
	wordCallEnd
	wordBody
	wordBodyEnd

	wordRoom    = 0
	wordRoomEnd = 1
	wordLeft    = 1
)

// A waiter is who waits for an answer. It is used again for another call.
type waiter struct {
	// done gets one value when answer and err are set.
	done   chan struct{}
	answer Answer
	err    error
}

var waiters = sync.Pool{New: func() any { return &waiter{done: make(chan struct{}, 1)} }}

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
		waiting: make(map[uint32]*waiter),
		inbox:   make([]byte, 64<<10),
	}
	shim.Port.Call("attach", int(address(&page.words[0])), int(address(&page.inbox[0])), len(page.inbox))
	return page
}

// address gives where in the program's memory p points.
func address[T any](p *T) uint32 { return uint32(uintptr(unsafe.Pointer(p))) }

func (h *pageHost) Call(ctx context.Context, call Call) (Answer, error) {
	_, answer, err := h.do(ctx, call, 0)
	return answer, err
}

// Start is [starter]'s.
func (h *pageHost) Start(ctx context.Context, call Call) (wait func() (Answer, error)) {
	w := waiters.Get().(*waiter)
	id, ok := h.start(&call, 0, w)
	return func() (Answer, error) {
		if !ok {
			return Answer{}, ErrNoBridge
		}
		_, answer, err := h.await(ctx, id, w)
		return answer, err
	}
}

// do sends a call with these flags and waits for its answer. It gives the call's number too.
func (h *pageHost) do(ctx context.Context, call Call, flags uint32) (id uint32, answer Answer, err error) {
	if ctx.Err() != nil {
		return 0, Answer{}, context.Cause(ctx)
	}
	w := waiters.Get().(*waiter)
	id, ok := h.start(&call, flags, w)
	if !ok {
		return 0, Answer{}, ErrNoBridge
	}
	return h.await(ctx, id, w)
}

// await waits for the answer of the call that was sent with this waiter.
func (h *pageHost) await(ctx context.Context, id uint32, w *waiter) (uint32, Answer, error) {
	if !w.wait(ctx) {
		h.drop(id)
		return id, Answer{}, context.Cause(ctx)
	}
	answer, err := w.answer, w.err
	w.answer, w.err = Answer{}, nil
	waiters.Put(w)
	return id, answer, err
}

// drop has a call's answer come to nobody, stops the request that it began, and lets go of what the shim keeps of it.
func (h *pageHost) drop(id uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiting, id)
	h.words[wordID] = id
	h.forget.Invoke()
}

// The flags of a request.
const (
	requestFetch     = 1 << iota // the call is a Fetch call
	requestBody                  // it has a body
	requestLocal                 // the shim itself answers it; the body is bytes
	requestFunctions             // the body says which callbacks belong where in the payload; the shim keeps the answer
)

// start sends the call. It reports false if there is no bridge.
func (h *pageHost) start(call *Call, flags uint32, w *waiter) (id uint32, ok bool) {
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
	h.outbox = appendJSONString(append(h.outbox[:0], '['), call.Command)
	if len(call.Payload) > 0 {
		h.outbox = append(append(h.outbox, ','), call.Payload...)
	}
	h.outbox = append(h.outbox, ']')
	h.body = call.Body
	h.words = [...]uint32{
		wordID:      id,
		wordFlags:   flags,
		wordCall:    address(&h.outbox[0]),
		wordCallEnd: address(&h.outbox[0]) + uint32(len(h.outbox)),
		wordBody:    address(unsafe.SliceData(h.body)),
		wordBodyEnd: address(unsafe.SliceData(h.body)) + uint32(len(h.body)),
	}
	h.waiting[id] = w
	refused := h.send.Invoke().Int() != 0 // it has read everything when it returns
	h.body = nil
	if cap(h.outbox) > len(h.inbox) {
		h.outbox = nil // one large call must not hold its memory for good
	}
	if refused {
		delete(h.waiting, id)
	}
	return id, !refused
}

// Answers are their heads, of four numbers of 32 bits each, and then all their payloads and bodies, one behind the other.
const (
	answerError     = 1 << iota // the payload is the error's name, message and code
	answerUndefined             // there is no payload
	answerBody                  // there is a body
	answerCallback              // it is a call of the callback with this number; the payload is its arguments

	answerHead = 4 * 4 // the number, the flags, and the sizes of payload and body
)

// deliver takes so many answers out of the inbox, which have so many bytes; or, if count is 0, the one answer of that length
// that is too large for it. An answer that is kept keeps little else. The goroutines that it wakes run when the shim resumes
// the program. It never waits: under TinyGo it runs in no goroutine.
func deliver(count, size int32) {
	page.mu.Lock()
	defer page.mu.Unlock()
	var b []byte
	if count == 0 {
		b = page.takeLarge(uint32(size))
		count = 1
	} else {
		b = append(b, page.inbox[:size]...)
	}
	heads, b := b[:count*answerHead], b[count*answerHead:]
	for ; len(heads) > 0; heads = heads[answerHead:] {
		id, flags := binary.LittleEndian.Uint32(heads), binary.LittleEndian.Uint32(heads[4:])
		bodyAt := binary.LittleEndian.Uint32(heads[8:])
		end := bodyAt + binary.LittleEndian.Uint32(heads[12:])
		// Their capacity ends where they end: one who appends to an answer must not write into the next.
		payload, body := b[:bodyAt:bodyAt], b[bodyAt:end:end]
		b = b[end:]
		if flags&answerCallback != 0 {
			page.called(id, payload)
			continue
		}
		w, ok := page.waiting[id]
		if !ok {
			continue // its context ended
		}
		delete(page.waiting, id)
		switch {
		case flags&answerError != 0:
			w.err = readHostError(payload)
		default:
			if flags&answerUndefined == 0 {
				w.answer.Payload = payload
			}
			if flags&answerBody != 0 {
				w.answer.Body = body
			}
		}
		w.done <- struct{}{}
	}
}

// takeLarge has the shim write an answer of that many units of UTF-16 into memory of its own. Nearly all are ASCII and have as
// many bytes, which spares the shim to encode them twice: to know the size, and then to have the text.
func (h *pageHost) takeLarge(units uint32) []byte {
	b := make([]byte, answerHead+units)
	at := uint32(answerHead)
	for {
		start := address(&b[0])
		h.words[wordRoom], h.words[wordRoomEnd] = start+at, start+uint32(len(b))
		h.take.Invoke()
		at = h.words[wordRoom] - start
		left := h.words[wordLeft]
		if left == 0 {
			break
		}
		more := make([]byte, at+3*left) // a unit takes three bytes at most
		copy(more, b[:at])
		b = more
	}
	copy(b, h.inbox[:answerHead])
	return b[:at]
}

func readHostError(payload []byte) *HostError {
	e := &HostError{}
	s := scanner{data: payload}
	for name := range s.members() {
		switch text, _ := s.string(); name {
		case "name":
			e.Name = text
		case "message":
			e.Message = text
		case "code":
			e.Code = text
		}
	}
	return e
}
