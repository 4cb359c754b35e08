package kvs

import (
	"slices"
	"strings"
)

// call is a request that waits for its turn.
type call struct {
	site   int
	file   File
	path   string
	body   []byte
	done   bool
	answer any
	err    error
}

// Call carries out a request of @forge/kvs on a site, and returns the answer, or nil for an empty one. Other programs may
// change the file at the same time: it is read again when it has changed. If a change cannot be written, nothing of it stays.
// The error is an *Error if it is the platform's answer, ErrEntities if the request is for custom entities, or an error of the
// file.
func (s *Store) Call(site int, file File, path string, body []byte) (any, error) {
	if len(body) > maxPayload {
		return nil, refuse("MAX_SIZE", "The request has more than 4 MB")
	}
	c := &call{site: site, file: file, path: path, body: body}
	s.queue.Lock()
	s.waiting = append(s.waiting, c)
	s.queue.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !c.done {
		s.carryOutAll(s.next())
	}
	return c.answer, c.err
}

// next takes the oldest call that waits, and those after it for the same file.
func (s *Store) next() []*call {
	s.queue.Lock()
	defer s.queue.Unlock()
	n := 1
	for n < len(s.waiting) && s.waiting[n].file == s.waiting[0].file {
		n++
	}
	calls := slices.Clone(s.waiting[:n])
	s.waiting = slices.Delete(s.waiting, 0, n)
	return calls
}

// carryOutAll carries out calls for one file, and writes all their changes once. If that fails, all calls fail: a later one may
// have seen what an earlier one changed.
func (s *Store) carryOutAll(calls []*call) {
	err := s.carryOutOn(calls[0].file, calls)
	for _, c := range calls {
		c.done = true
		if err != nil {
			c.answer, c.err = nil, err
		}
	}
}

func (s *Store) carryOutOn(file File, calls []*call) error {
	if slices.ContainsFunc(calls, func(c *call) bool { return !onlyReads(c.path) }) {
		unlock, err := file.lock()
		if err != nil {
			return file.unwritable(err)
		}
		defer unlock()
	}
	if err := s.open(file); err != nil {
		return err
	}
	isChanged := false
	for _, c := range calls {
		var changed bool
		c.answer, changed, c.err = s.carryOut(s.site(c.site), c.path, c.body)
		isChanged = isChanged || changed
	}
	if !isChanged {
		return nil
	}
	return s.save()
}

// onlyReads reports whether the operation with this path changes nothing.
func onlyReads(path string) bool {
	return path == prefix+"query" || strings.HasSuffix(path, "/get")
}
