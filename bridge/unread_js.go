//go:build js && !tinygo

package bridge

import "runtime"

// mostUnread is how many bodies stay in the page. They are not on Go's heap, so a program that neither reads nor closes its
// responses does not make the garbage collector run. From then on it takes each body at once.
const mostUnread = 64

// takeBody takes the body of a long answer, or leaves it in the page until it is read. The caller holds h.mu.
func (h *pageHost) takeBody(call, size uint32, w *waiter) {
	if !w.apart || h.unread >= mostUnread {
		w.answer.Body = h.takePart(call, size, nil)
		return
	}
	h.unread++
	body := &unreadBody{call, size}
	// If the program forgets the response, its body is freed.
	runtime.SetFinalizer(body, (*unreadBody).drop)
	w.answer.unread = body
}

// unreadBody is the body of an answer that the shim holds. Its functions defer nothing, which each small program would pay for.
type unreadBody struct {
	call, size uint32
}

func (b *unreadBody) read(room []byte) []byte {
	runtime.SetFinalizer(b, nil)
	page.mu.Lock()
	page.unread--
	room = page.takePart(b.call, b.size, room)
	page.mu.Unlock()
	return room
}

func (b *unreadBody) drop() {
	runtime.SetFinalizer(b, nil)
	page.drop(b.call)
	page.mu.Lock()
	page.unread--
	page.mu.Unlock()
}
