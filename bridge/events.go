package bridge

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Event is one server-sent event.
type Event struct {
	// ID is the last id that the stream gave, with this event or before it.
	ID string
	// Type is the event's name; "message" if the stream gives none.
	Type string
	// Data is the event's text: its lines joined by line feeds.
	Data string
}

const (
	// The time to wait before a stream is opened again, unless the stream says otherwise. It doubles with each failure.
	defaultRetry = time.Second
	maxRetry     = 30 * time.Second
	// maxEventLine bounds a line of a stream, in bytes.
	maxEventLine = 1 << 20
)

// Events reads server-sent events from a response of a client with [Direct]. When the stream ends or breaks, it is opened
// again, with the header Last-Event-ID and a token that lives: after 1 s, or what the stream's retry field says, and
// after up to 30 s if that fails too. What was sent meanwhile comes again only if the remote heeds Last-Event-ID.
//
// The loop ends when ctx ends, when the remote answers 204, or with an error that does not heal by itself: a status from
// 400 to 499 other than 408 and 429, another content type than text/event-stream ([ErrInvalidResponse]), or a request
// that cannot be sent. The error is the last thing that it gives. Leaving the loop closes the stream.
//
//	for event, err := range bridge.Events(ctx, resp) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// A response that came through the host is whole already: its events are read once.
func Events(ctx context.Context, resp *Response) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		stream := eventStream{retry: defaultRetry}
		defer func() { _ = resp.Body.Close() }()
		for {
			if err := checkEventStream(resp); err != nil {
				yield(Event{}, err)
				return
			}
			if resp.Status == 204 {
				return
			}
			if !stream.read(resp.Body, yield) {
				return
			}
			_ = resp.Body.Close()
			for failures := 0; ; failures++ {
				if ctx.Err() != nil {
					yield(Event{}, &Error{Op: resp.op, Remote: resp.remote, Err: contextError(ctx)})
					return
				}
				if resp.reopen == nil {
					return
				}
				wait(ctx, backoff(stream.retry, failures))
				next, err := resp.reopen(ctx, stream.lastID)
				if err == nil && !isTransient(next.Status) {
					resp = next
					break
				}
				if err == nil {
					_ = next.Body.Close()
				} else if !heals(err) {
					yield(Event{}, err)
					return
				}
			}
		}
	}
}

// checkEventStream tells why a response is no stream of events.
func checkEventStream(resp *Response) error {
	if err := resp.Err(); err != nil || resp.Status == 204 {
		return err
	}
	contentType, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if asciiLower(strings.TrimSpace(contentType)) != "text/event-stream" {
		return &Error{Op: resp.op, Remote: resp.remote, Status: resp.Status, Err: &kindError{ErrInvalidResponse, "the answer is no stream of events: its content type is not text/event-stream"}}
	}
	return nil
}

// isTransient reports whether a later request may get another answer than this status.
func isTransient(status int) bool { return status >= 500 || status == 408 || status == 429 }

// heals reports whether a request that failed may succeed later.
func heals(err error) bool {
	for _, final := range []error{ErrInvalidRequest, ErrUnknownRemote, ErrBlocked, ErrNoBridge, ErrInvalidResponse, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, final) {
			return false
		}
	}
	return true
}

// backoff gives how long to wait after so many failures, a quarter of it by chance.
func backoff(retry time.Duration, failures int) time.Duration {
	d := retry << min(failures, 10)
	if d > maxRetry || d < retry {
		d = max(maxRetry, retry)
	}
	return d - time.Duration(rand.Int64N(int64(d)/4+1))
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// eventStream parses streams as the HTML standard has it ("Interpreting an event stream"), and keeps what lasts from one
// connection to the next.
type eventStream struct {
	lastID string
	retry  time.Duration
}

// read gives the events of one connection until it ends. It reports false if that was the last: the reader of the events
// has left, or the stream is none.
func (s *eventStream) read(body io.Reader, yield func(Event, error) bool) (more bool) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, maxEventLine)
	lines.Split((&lineSplitter{}).split)
	var data strings.Builder
	eventType, id, hasData := "", s.lastID, false
	for first := true; lines.Scan(); first = false {
		line := lines.Text()
		if first {
			line = strings.TrimPrefix(line, "\uFEFF")
		}
		if line == "" {
			s.lastID = id
			if hasData {
				if eventType == "" {
					eventType = "message"
				}
				if !yield(Event{ID: id, Type: eventType, Data: data.String()}, nil) {
					return false
				}
			}
			eventType, hasData = "", false
			data.Reset()
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			eventType = value
		case "data":
			if hasData {
				data.WriteByte('\n')
			}
			data.WriteString(value)
			hasData = true
		case "id":
			if strings.IndexByte(value, 0) < 0 {
				id = value
			}
		case "retry":
			if n, err := strconv.ParseUint(value, 10, 31); err == nil && value[0] != '+' {
				s.retry = max(time.Duration(n)*time.Millisecond, 10*time.Millisecond)
			}
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		yield(Event{}, invalidResponse("a line of more than "+strconv.Itoa(maxEventLine)+" bytes in a stream of events"))
		return false
	}
	return true
}

// lineSplitter splits at line feeds, carriage returns, and both together. It does not wait for the line feed that may
// follow a carriage return, so that an event is not held back until the next one.
type lineSplitter struct{ afterCR bool }

func (s *lineSplitter) split(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if s.afterCR && len(data) > 0 {
		s.afterCR = false
		if data[0] == '\n' {
			advance = 1
		}
	}
	for i := advance; i < len(data); i++ {
		if data[i] == '\n' || data[i] == '\r' {
			s.afterCR = data[i] == '\r'
			return i + 1, data[advance:i], nil
		}
	}
	// An unfinished line at the end of the stream is no line.
	return advance, nil, nil
}
