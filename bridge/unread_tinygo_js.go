//go:build js && tinygo

package bridge

// takeBody takes the body of a long answer at once, because TinyGo has no finalizers. They would free the body of a response
// that is never read.
func (h *pageHost) takeBody(call, size uint32, w *waiter) {
	w.answer.Body = h.takePart(call, size, nil)
}
