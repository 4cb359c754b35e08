package bridge

// WaitingCalls counts the calls whose answer has not come.
func WaitingCalls() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return len(page.waiting)
}

// Callbacks counts the callbacks that the host may call.
func Callbacks() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return len(page.callbacks)
}
