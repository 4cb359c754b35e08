package relay

import "syscall"

// Waiting returns how many requests wait.
func (r *Relay) Waiting() int {
	r.gate.mu.Lock()
	defer r.gate.mu.Unlock()
	return r.gate.waiting
}

// LimitWaiting replaces the limit of waiting requests.
func (r *Relay) LimitWaiting(n int) { r.gate.limit = n }

// BeforeDial calls f just before each connection to the backend. Call it before the first request.
func (r *Relay) BeforeDial(f func()) {
	r.dialer.Control = func(string, string, syscall.RawConn) error {
		f()
		return nil
	}
}
