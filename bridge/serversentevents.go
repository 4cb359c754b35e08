package bridge

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/internal/ascii"
)

// Event is one server-sent event.
type Event struct {
	// ID is the last id that the stream sent, with this event or before it.
	ID string
	// Type is the event's name, or "message" if the stream sent none.
	Type string
	// Data is the event's text: its lines, joined by line feeds.
	Data string
}

const (
	// defaultRetry is the wait before a stream is opened again, unless the stream sets another. It doubles with each
	// failure, up to maxReopen.
	defaultRetry = time.Second
	minRetry     = 10 * time.Millisecond
	maxReopen    = 30 * time.Second
	// maxAskedWait is the longest wait that the remote can ask for.
	maxAskedWait = 10 * time.Minute
	// maxEvent is how many bytes a line may have, and how many the lines of an event's data may have together.
	maxEvent = 1 << 20
)

// Events reads server-sent events from a response of a client with [Direct], by the rules of
// https://html.spec.whatwg.org/multipage/server-sent-events.html. When the stream ends or breaks, Events opens it
// again, with a fresh token. If the stream sent an id, the new request has the header Last-Event-ID. The remote must
// support that header to repeat events that were lost in between.
//
// Before it opens a stream again, Events waits 1 s, or as long as the stream's retry field says. The wait doubles with
// each failure, up to 30 s. A Retry-After in the answer, in seconds or as a date, makes it longer. The remote can ask
// for at most 10 minutes. Events adds up to 25 % jitter, so that not all pages return at once. (The remote must name
// Retry-After in Access-Control-Expose-Headers, as package remote does.)
//
// The loop ends when ctx ends, when the remote answers 204, or with an error that waiting cannot fix:
//   - a status other than 200, 204, 408, 429, or 500 and above
//   - another content type than text/event-stream ([ErrInvalidResponse])
//   - a line, or an event's data, of more than 1 MiB ([ErrInvalidResponse])
//   - a request that cannot be sent
//
// The first response must have the status 200 or 204. An error is the last value of the loop. To leave the loop closes
// the stream.
//
//	for event, err := range bridge.Events(ctx, resp) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// A response that came through the host is complete, so its events are read once.
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
			if err := stream.read(resp.Body, func(e Event) bool { return yield(e, nil) }); err != nil {
				if err != errLeft {
					yield(Event{}, &Error{Op: resp.op, Remote: resp.remote, Status: resp.Status, Err: err})
				}
				return
			}
			_ = resp.Body.Close()
			asked := time.Duration(0)
			for failures := 0; ; failures++ {
				if ctx.Err() != nil {
					yield(Event{}, &Error{Op: resp.op, Remote: resp.remote, Err: ctxerr.Of(ctx)})
					return
				}
				if resp.reopen == nil {
					return
				}
				wait(ctx, reopenAfter(stream.retry, asked, failures))
				next, err := resp.reopen(ctx, stream.lastID, stream.hasID)
				if err == nil && !isTransient(next.Status) {
					resp = next
					break
				}
				asked = 0
				if err == nil {
					asked = min(next.RetryAfter(), maxAskedWait)
					_ = next.Body.Close()
				} else if !heals(err) {
					yield(Event{}, err)
					return
				}
			}
		}
	}
}

// checkEventStream returns an error if the response is not a stream of events.
func checkEventStream(resp *Response) error {
	if err := resp.Err(); err != nil || resp.Status == 204 {
		return err
	}
	problem := ""
	contentType, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.Status != 200:
		problem = "its status is " + strconv.Itoa(resp.Status) + ", not 200"
	case ascii.Lower(strings.TrimSpace(contentType)) != "text/event-stream":
		problem = "its content type is not text/event-stream"
	default:
		return nil
	}
	return &Error{Op: resp.op, Remote: resp.remote, Status: resp.Status, Err: &kindError{ErrInvalidResponse, "the answer is not a stream of events: " + problem}}
}

// isTransient reports whether a later request may get a better status.
func isTransient(status int) bool { return status >= 500 || status == 408 || status == 429 }

// heals reports whether a later request may succeed after this error.
func heals(err error) bool {
	for _, final := range []error{ErrInvalidRequest, ErrUnknownRemote, ErrBlocked, ErrNoBridge, ErrInvalidResponse, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, final) {
			return false
		}
	}
	return true
}

// reopenAfter returns how long to wait after this number of failures. The last answer asked to wait as long as asked
// says.
func reopenAfter(retry, asked time.Duration, failures int) time.Duration {
	d := max(retry, min(retry<<min(failures, 10), maxReopen), asked)
	return d + time.Duration(rand.Int64N(int64(d)/4+1))
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// withLastEventID returns a copy of the header with this Last-Event-ID, or with none if id is empty. A header's value
// is Latin-1, so each byte of the id's UTF-8 becomes one character.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection
func withLastEventID(h Header, id string) Header {
	clone := make(Header, len(h)+1)
	for name, values := range h {
		if ascii.Lower(name) != "last-event-id" {
			clone[name] = values
		}
	}
	if id == "" {
		return clone
	}
	value := make([]rune, len(id))
	for i := range value {
		value[i] = rune(id[i])
	}
	clone["Last-Event-Id"] = []string{string(value)}
	return clone
}
