package bridge

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/utf8text"
)

// eventStream parses streams of events, and keeps what lasts from one connection to the next.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
type eventStream struct {
	// lastID is the Last-Event-ID of the next connection. hasID means that a stream sent an id, which may be empty.
	lastID string
	hasID  bool
	retry  time.Duration

	// These belong to the event that is being read.
	id, kind        string
	data            []byte
	gaveID, hasData bool
}

// errLeft means that the caller has left the loop over events or elements.
var errLeft = errors.New("the caller has left the loop")

// read calls yield with each event of one connection, until the connection ends or breaks. If it returns an error, no
// further connection should be made: errLeft, or the reason why the stream is invalid.
func (s *eventStream) read(body io.Reader, yield func(ServerSentEvent) bool) error {
	s.id, s.kind, s.data, s.gaveID, s.hasData = s.lastID, "", nil, false, false
	first := true
	return splitLines(body, func(line []byte) error {
		if first {
			line = utf8text.Decode(line)
			first = false
		} else {
			line = utf8text.Replace(line)
		}
		if len(line) > 0 {
			return s.field(line)
		}
		return s.dispatch(yield)
	})
}

// dispatch ends an event.
func (s *eventStream) dispatch(yield func(ServerSentEvent) bool) error {
	s.lastID, s.hasID = s.id, s.hasID || s.gaveID
	event, hasData := ServerSentEvent{ID: s.id, Type: s.kind, Data: string(s.data)}, s.hasData
	s.kind, s.data, s.hasData = "", s.data[:0], false
	if cap(s.data) > 64<<10 {
		s.data = nil // do not keep the memory of one large event
	}
	if !hasData {
		return nil
	}
	if event.Type == "" {
		event.Type = "message"
	}
	if !yield(event) {
		return errLeft
	}
	return nil
}

// field reads a line with a field or a comment.
func (s *eventStream) field(line []byte) error {
	name, value, _ := strings.Cut(string(line), ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "event":
		s.kind = value
	case "data":
		if len(s.data)+1+len(value) > maxEvent {
			return &kindError{ErrInvalidResponse, "invalid response: an event has more than " + strconv.Itoa(maxEvent) + " bytes"}
		}
		if s.hasData {
			s.data = append(s.data, '\n')
		}
		s.data = append(s.data, value...)
		s.hasData = true
	case "id":
		if strings.IndexByte(value, 0) < 0 {
			s.id, s.gaveID = value, true
		}
	case "retry":
		if ms, ok := digits(value, maxAskedWait/time.Millisecond); ok {
			s.retry = max(ms*time.Millisecond, minRetry)
		}
	}
	return nil
}

// splitLines calls line with each line of r, without its end: a line feed, a carriage return, or both. It does not wait
// for the line feed that may follow a carriage return, so that it passes on each event at once. Text after the last
// line end is ignored. The slice is valid during the call. splitLines returns the error of line, or an error if a line
// is too long. An error of r only ends the lines.
//
// It looks at each byte once, whatever the pieces in which r returns the stream.
func splitLines(r io.Reader, line func([]byte) error) error {
	piece := make([]byte, 4<<10)
	var rest []byte // the start of a line whose end has not arrived
	afterCR := false
	for empty := 0; empty < 100; empty++ { // a reader that returns nothing so often is broken
		n, err := r.Read(piece)
		if n > 0 {
			empty = 0
		}
		for b := piece[:n]; len(b) > 0; {
			if afterCR && b[0] == '\n' {
				b = b[1:]
			}
			afterCR = false
			end := lineEnd(b)
			if len(rest)+end > maxEvent {
				return &kindError{ErrInvalidResponse, "invalid response: a line of an event has more than " + strconv.Itoa(maxEvent) + " bytes"}
			}
			if end == len(b) {
				rest = append(rest, b...)
				break
			}
			text := b[:end]
			if len(rest) > 0 {
				rest = append(rest, text...)
				text = rest
			}
			afterCR = b[end] == '\r'
			b = b[end+1:]
			if err := line(text); err != nil {
				return err
			}
			if rest = rest[:0]; cap(rest) > 64<<10 {
				rest = nil
			}
		}
		if err != nil {
			return nil
		}
	}
	return nil
}

// lineEnd returns the index of the first line feed or carriage return, or the length of b. A test counts its calls.
var lineEnd = func(b []byte) int {
	for i, c := range b {
		if c == '\n' || c == '\r' {
			return i
		}
	}
	return len(b)
}
