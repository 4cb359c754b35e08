package bridge

// WaitingCalls returns the number of calls that wait for an answer.
func WaitingCalls() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return len(page.waiting)
}

// Callbacks returns the number of callbacks that the host may call.
func Callbacks() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return len(page.callbacks)
}

// UnreadBodies returns how many bodies of answers stay in the page until they are read.
func UnreadBodies() int {
	page.mu.Lock()
	defer page.mu.Unlock()
	return page.unread
}
