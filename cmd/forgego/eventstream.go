package main

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost"
)

const (
	// maxUnread is how much of the events a reader may leave unread, in bytes. Later events are lost.
	maxUnread = 8 << 20
	// lastWrite is how long the last events may take when the command ends.
	lastWrite = time.Second
)

// eventLost says how many events were lost because the reader is too slow.
const eventLost devhost.EventType = "lost"

// eventStream writes events as lines of JSON. It never waits for the reader.
type eventStream struct {
	to io.Writer

	mu     sync.Mutex
	queue  [][]byte
	size   int // of the queue, in bytes
	lost   int
	closed bool
	more   chan struct{} // holds a value if there is something to do
	done   chan struct{} // closed when nothing will be written any more
}

func newEventStream(to io.Writer) *eventStream {
	s := &eventStream{to: to, more: make(chan struct{}, 1), done: make(chan struct{})}
	go s.write()
	return s
}

// add queues an event. It is safe for concurrent use.
func (s *eventStream) add(e devhost.Event) {
	line := eventLine(e)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.size+len(line) > maxUnread {
		s.lost++
		return
	}
	s.queue = append(s.queue, line)
	s.size += len(line)
	s.wake()
}

// close writes what is queued, for a second at most.
func (s *eventStream) close() {
	s.mu.Lock()
	s.closed = true
	s.wake()
	s.mu.Unlock()
	select {
	case <-s.done:
	case <-time.After(lastWrite):
	}
}

func (s *eventStream) wake() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

func (s *eventStream) write() {
	defer close(s.done)
	for range s.more {
		s.mu.Lock()
		queue, lost, closed := s.queue, s.lost, s.closed
		s.queue, s.lost = nil, 0
		s.mu.Unlock()
		if lost > 0 {
			queue = append(queue, eventLine(devhost.Event{Time: time.Now(), Type: eventLost, Count: lost}))
		}
		for _, line := range queue {
			if _, err := s.to.Write(line); err != nil {
				return // The reader is gone. The queue stays at its limit.
			}
			s.mu.Lock()
			s.size = max(0, s.size-len(line))
			s.mu.Unlock()
		}
		if closed {
			return
		}
		s.mu.Lock()
		if s.lost > 0 {
			s.wake()
		}
		s.mu.Unlock()
	}
}

func eventLine(e devhost.Event) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		panic(err) // The type is our own, and its raw JSON has been decoded from JSON.
	}
	return b.Bytes()
}
