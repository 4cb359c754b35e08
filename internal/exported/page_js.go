package exported

import (
	"context"
	"syscall/js"
	"unsafe"

	"github.com/forgego/forgego/internal/shim"
)

// inboxSize is how many bytes JavaScript can pass without asking for memory.
const inboxSize = 64 << 10

// maxData is the most that JavaScript can pass at once, in bytes.
const maxData = 256 << 20

// page is the program's end. It is set when the program exports its first function, so that a program without any does
// not contain this package's code.
var page *registry

// take takes what JavaScript tells the program. It returns the address of the memory that a tellRoom needs, or 0.
var take func(what, id, number, size int32) int32

// pagePeer is the JavaScript end in a page. The words are the number of the call, the flags, the start and the size of the
// data, and the index and the number of a replyCall.
type pagePeer struct {
	port, send js.Value
	words      [6]uint32
	inbox      []byte
	// room is the memory for data that does not fit the inbox.
	room []byte
}

// Add exports a function until stop is called or ctx ends. It returns [ErrNoModule] if the ES module did not load the
// program.
func Add(ctx context.Context, name string, f Function) (stop func(), err error) {
	if page == nil {
		port := shim.Port
		if port.Truthy() {
			port = port.Get("exports")
		}
		if !port.Truthy() {
			return nil, ErrNoModule
		}
		p := &pagePeer{port: port, send: port.Get("reply"), inbox: make([]byte, inboxSize)}
		port.Call("attach", int(address(&p.words[0])), int(address(&p.inbox[0])), inboxSize)
		page = newRegistry(p)
		take = func(what, id, number, size int32) int32 {
			if what == tellRoom {
				return p.makeRoom(uint32(size))
			}
			page.tell(uint32(what), uint32(id), uint32(number), p.data(size))
			yield()
			return 0
		}
	}
	return page.add(ctx, name, f)
}

// CallBack calls a function in the input of the call id.
func CallBack(ctx context.Context, id, index uint32, data []byte) ([]byte, error) {
	if page == nil {
		return nil, ErrCallEnded
	}
	return page.callBack(ctx, id, index, data)
}

// makeRoom returns the address of memory for data, or 0 if it is too large.
func (p *pagePeer) makeRoom(size uint32) int32 {
	if size > maxData {
		return 0
	}
	p.room = make([]byte, size)
	return int32(address(&p.room[0]))
}

// data returns the data that JavaScript has written. The inbox is used again at once, so it is copied.
func (p *pagePeer) data(size int32) []byte {
	if size > inboxSize {
		data := p.room
		p.room = nil
		return data
	}
	return append([]byte(nil), p.inbox[:size]...)
}

func (p *pagePeer) add(name string, number, flags uint32) { p.port.Call("add", name, number, flags) }

func (p *pagePeer) remove(name string) { p.port.Call("remove", name) }

func (p *pagePeer) reply(id, flags uint32, data []byte, index, number uint32) {
	p.words = [...]uint32{id, flags, address(unsafe.SliceData(data)), uint32(len(data)), index, number}
	p.send.Invoke() // it has read everything when it returns
}

// address returns the address of p in the program's memory.
func address[T any](p *T) uint32 { return uint32(uintptr(unsafe.Pointer(p))) }
