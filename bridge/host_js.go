package bridge

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"syscall/js"
	"unsafe"

	"github.com/forgego/forgego/bridge/internal/inorder"
	"github.com/forgego/forgego/internal/nesting"
	"github.com/forgego/forgego/internal/shim"
)

// pageHost sends calls to the page's bridge through the shim. The other end is jsglue/memory.js.
//
// A call crosses as bytes in this program's memory. The function send of the shim sends it. The shim calls the exported
// function forgego_deliver when answers are in the inbox. The numbers that the shim needs are in words, so send has no
// arguments. The shim knows the addresses of words and inbox. So a call makes no js.Value that must be released. The
// JavaScript side catches exceptions and returns them as bytes, too.
type pageHost struct {
	// send starts a call and returns 1 if there is no bridge. take writes a part of an answer that is too long for the inbox.
	// forget discards a call and stops its request.
	send, take, forget js.Value

	mu sync.Mutex
	// lastID is the number of the last call or callback.
	lastID  uint32
	waiting map[uint32]*waiter
	words   [6]uint32
	// unread counts the bodies that stay in the page until the program reads them.
	unread int
	outbox []byte
	inbox  []byte
	// callbacks holds the callbacks that the host may call. The shim's calls of them go to called. Both are set with
	// the first callback, so that a program without callbacks does not link their code.
	callbacks map[uint32]*inorder.Queue
	called    func(id uint32, arguments []byte)
	// body is the body of the call that is being sent. It must stay alive, and on the heap, because a stack may move.
	body []byte
}

// The words of send are the call's number, its flags, the start and the end of the outbox, which holds the command and
// the payload as a JSON array, and the start and the end of the body. The words of take are the start and the end of
// the memory for a part of a long answer, and the answer's number. take replaces the first two by the end of what it wrote,
// and by how many UTF-16 units did not fit. The word of forget is the call's number.
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
	wordAnswer  = 2
)

// waiter holds one pending call. It is reused for later calls.
type waiter struct {
	// done gets one value when answer and err are set.
	done   chan struct{}
	answer Answer
	err    error
	// apart is that of the call.
	apart bool
}

var waiters = sync.Pool{New: func() any { return &waiter{done: make(chan struct{}, 1)} }}

// page is the only pageHost. It is a variable because an exported function has no receiver.
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

// address returns the address of p in the program's memory.
func address[T any](p *T) uint32 { return uint32(uintptr(unsafe.Pointer(p))) }

func (h *pageHost) Call(ctx context.Context, call Call) (Answer, error) {
	_, answer, err := h.do(ctx, call, 0)
	return answer, err
}

// copiesCalls implements copier: the shim reads a call when it is sent.
func (h *pageHost) copiesCalls() {}

// Start implements [Starter].
func (h *pageHost) Start(ctx context.Context, call Call) (wait func() (Answer, error)) {
	if ctx.Err() != nil {
		return func() (Answer, error) { return Answer{}, context.Cause(ctx) }
	}
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

// do sends a call with these flags and waits for its answer. It also returns the call's number.
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

// await waits for the answer of the call that was sent with w.
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

// drop discards a call: it ignores the answer, stops the call's request and frees what the shim keeps for it.
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
	requestBody                  // the call has a body
	requestLocal                 // the shim itself answers the call; its body is bytes
	requestFunctions             // the body says where the callbacks are in the payload; the shim keeps the answer
	requestApart                 // the body of the answer comes apart, also that of an invoke
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
	if call.apart {
		flags |= requestApart
	}
	if len(call.Payload) > len(h.inbox) {
		h.outbox = nesting.Room()
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
	w.apart = call.apart
	h.waiting[id] = w
	refused := h.send.Invoke().Int() != 0 // send has read everything when it returns
	h.body = nil
	if cap(h.outbox) > len(h.inbox) { // do not keep the memory of one large call
		nesting.Recycle(h.outbox)
		h.outbox = nil
	}
	if refused {
		delete(h.waiting, id)
	}
	return id, !refused
}

// The inbox starts with one head of four 32-bit numbers for each answer. After the heads come the payloads and the
// bodies. Those of a long answer stay in the shim until take is called, first for the payload and then for the body.
const (
	answerError     = 1 << iota // the payload is the error's name, message and code
	answerUndefined             // there is no payload
	answerBody                  // there is a body
	answerCallback              // it is a call of the callback with this number; the payload is its arguments
	answerLong                  // payload and body are not in the inbox, and their sizes are in UTF-16 units or, of bytes, in bytes

	answerHead = 4 * 4 // the number of the call or callback, the flags, and the sizes of payload and body
)

// deliver reads count answers of size bytes from the inbox. An answer that the app keeps holds little other memory. The
// waiting goroutines run when the shim resumes the program. deliver never waits, because TinyGo does not run it in a
// goroutine.
func deliver(count, size int32) {
	page.mu.Lock()
	defer page.mu.Unlock()
	b := append([]byte(nil), page.inbox[:size]...)
	heads, b := b[:count*answerHead], b[count*answerHead:]
	for ; len(heads) > 0; heads = heads[answerHead:] {
		id, flags := binary.LittleEndian.Uint32(heads), binary.LittleEndian.Uint32(heads[4:])
		payloadSize, bodySize := binary.LittleEndian.Uint32(heads[8:]), binary.LittleEndian.Uint32(heads[12:])
		isLong := flags&answerLong != 0
		var payload, body []byte
		if isLong {
			payload = page.takePart(id, payloadSize, nil)
		} else {
			// The capacity ends with the answer, so that an append to one answer cannot overwrite the next.
			end := payloadSize + bodySize
			payload, body = b[:payloadSize:payloadSize], b[payloadSize:end:end]
			b = b[end:]
		}
		if flags&answerCallback != 0 {
			page.called(id, payload)
			continue
		}
		w, ok := page.waiting[id]
		if !ok {
			continue // the call's context has ended, and drop has freed what the shim kept
		}
		delete(page.waiting, id)
		switch {
		case flags&answerError != 0:
			w.err = readHostError(payload)
		default:
			if flags&answerUndefined == 0 {
				w.answer.Payload = payload
			}
			switch {
			case flags&answerBody != 0 && isLong:
				page.takeBody(id, bodySize, w)
			case flags&answerBody != 0:
				w.answer.Body = body
			}
		}
		w.done <- struct{}{}
	}
}

// takePart lets the shim append the next part of a long answer to b. size is its length: that of a
// text in UTF-16 units, that of bytes in bytes. The shim first writes what fits. Nearly all texts are ASCII, where each
// unit is one byte. So the shim need not encode a text twice: once for its size and once for its bytes.
func (h *pageHost) takePart(answer, size uint32, b []byte) []byte {
	for {
		b = slices.Grow(b, int(size))
		start := address(unsafe.SliceData(b))
		h.words[wordRoom], h.words[wordRoomEnd], h.words[wordAnswer] = start+uint32(len(b)), start+uint32(cap(b)), answer
		h.take.Invoke()
		b = b[:h.words[wordRoom]-start]
		size = 3 * h.words[wordLeft] // a unit takes at most three bytes
		if size == 0 {
			return b
		}
	}
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
