package bridge

// WaitingCalls counts the calls whose answer has not come.
func WaitingCalls() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return len(page.waiting)
}

// RequestBuffer gives the size of the buffer that is kept between calls.
func RequestBuffer() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return cap(page.request)
}
