// Package diagnosis finds out why a page got no answer from a remote. Browsers do not tell pages the reason.
package diagnosis

import (
	"slices"
	"sync"
	"time"
)

// seenLimit is how many failures are remembered.
const seenLimit = 100

// Failure is a request that failed, as somebody on its way has seen it.
type Failure struct {
	// Remote is the remote's key.
	Remote string
	// Request is the method and the target, as printable.Target writes it.
	Request string
	// Origin is that of the page, or "" if no page made the request.
	Origin string
	// Text says why it failed.
	Text string
	// Time is when it was seen.
	Time time.Time
}

// Seen remembers the last failures. The zero value is ready to use, and it is safe for concurrent use.
type Seen struct {
	mu   sync.Mutex
	last []Failure
}

// Add remembers a failure.
func (s *Seen) Add(f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.last) == seenLimit {
		s.last = slices.Delete(s.last, 0, 1)
	}
	s.last = append(s.last, f)
}

// Find returns why a request failed that began after since, or "" if nobody has seen that. target is the request's target
// as printable.Target writes it. The failure may be that of the browser's preflight request.
func (s *Seen) Find(remote, method, target, origin string, since time.Time) string {
	return s.find(func(f Failure) bool {
		return f.Remote == remote && f.Origin == origin && f.Time.After(since) && (f.Request == method+" "+target || f.Request == "OPTIONS "+target)
	})
}

// Last returns why the last request to a remote failed that began after since and that no page made, or "".
func (s *Seen) Last(remote string, since time.Time) string {
	return s.find(func(f Failure) bool { return f.Remote == remote && f.Origin == "" && f.Time.After(since) })
}

// find returns the text of the newest failure that matches.
func (s *Seen) find(matches func(Failure) bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range slices.Backward(s.last) {
		if matches(f) {
			return f.Text
		}
	}
	return ""
}
