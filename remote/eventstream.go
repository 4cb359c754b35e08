package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	// maxEvent is how many bytes an event may have as it is sent. bridge.ServerSentEvents reads no larger ones.
	maxEvent = 1 << 20
	// eventWriteTime limits one write to a reader that does not read.
	eventWriteTime = 10 * time.Second
)

// Event is a server-sent event.
//
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
type Event struct {
	// ID is what the reader sends when it reconnects after this event: see [EventStream.LastID]. It must not contain a line
	// break, nor a zero byte: readers ignore an id with one. If ID is empty, the reader keeps the id of an earlier event.
	ID string
	// Type is the event's name. It must not contain a line break. If it is empty, readers use "message".
	Type string
	// Data is the event's text, in any number of lines, such as JSON. If both Type and Data are empty, the reader notes ID
	// and Retry, and gets no event.
	Data string
	// Retry is how long the reader waits before it reconnects from now on. It is sent in whole milliseconds, at least one. If
	// it is 0, the reader keeps its earlier wait, which is at first its own default.
	Retry time.Duration
}

// EventStream sends server-sent events to one reader. It is safe for concurrent use. It has ended when the function that got
// it from [ServeEvents] has returned.
type EventStream struct {
	ctx     context.Context
	end     context.CancelCauseFunc
	request *http.Request

	// writing holds a value while w is written to, and when w must not be used any more. It is a channel, because in a
	// testing/synctest bubble time advances while a goroutine waits for a channel, but not while it waits for a mutex.
	writing chan struct{}
	w       http.ResponseWriter
	control *http.ResponseController
}

// ServeEvents answers r with a stream of server-sent events. It calls send, which sends the events, and returns when send has
// returned.
//
//	mux.HandleFunc("GET /tasks/events", func(w http.ResponseWriter, r *http.Request) {
//		added, stop := tasks.Subscribe()
//		defer stop()
//		remote.ServeEvents(w, r, func(ctx context.Context, stream *remote.EventStream) error {
//			for {
//				select {
//				case task := <-added:
//					if err := stream.Send(remote.Event{ID: task.ID, Data: task.Name}); err != nil {
//						return err
//					}
//				case <-ctx.Done():
//					return nil
//				}
//			}
//		})
//	})
//
// The page needs bridge.ServerSentEvents with a direct client, because the product's page does not stream. That reader
// reconnects when the stream ends, with a new token and the last id.
//
// ctx ends when the reader has left, when it does not read for 10 seconds, and after the stream's lifetime
// ([WithEventLifetime]), so that a user who has lost access does not listen forever. send must return then. Between events,
// the reader gets a comment at each heartbeat ([WithEventHeartbeat]), which prevents proxies from ending a quiet stream and
// detects readers that are gone.
//
// The deadlines of the [http.Server] do not end the stream, but a Shutdown of the server waits for it: make send return first,
// for example by [http.Server.RegisterOnShutdown]. The number of streams is not limited.
//
// ServeEvents returns the error of send, and nil if ctx had ended. The reader cannot see that error. If the stream cannot
// begin, because an option is invalid or w cannot flush, ServeEvents answers 500 and returns the error. It answers HEAD with
// the header only.
func ServeEvents(w http.ResponseWriter, r *http.Request, send func(ctx context.Context, stream *EventStream) error, options ...EventOption) error {
	settings, err := newEventSettings(options)
	if err == nil && r.Method != http.MethodHead && !canFlush(w) {
		err = errors.New("the http.ResponseWriter cannot flush; middleware that wraps it needs a method Unwrap")
	}
	if err != nil {
		writeRefusal(w, http.StatusInternalServerError, "The stream of events cannot begin.")
		return fmt.Errorf("remote: serve events: %w", err)
	}
	lifetime, cancel := context.WithTimeout(r.Context(), settings.lifetime)
	defer cancel()
	ctx, end := context.WithCancelCause(lifetime)
	s := &EventStream{ctx: ctx, end: end, request: r, writing: make(chan struct{}, 1), w: w, control: http.NewResponseController(w)}
	s.begin()
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		end(nil)
		return nil
	}
	var beating sync.WaitGroup
	beating.Go(func() { s.beat(settings.heartbeat) })
	defer func() {
		end(nil)
		beating.Wait()
		s.writing <- struct{}{} // it stays there, because nothing may use w after the return
		_ = s.allowWrite()      // for the end of the answer
	}()
	err = s.write("") // the header
	if err == nil {
		err = send(ctx, s)
	}
	if err == nil || ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("remote: serve events: %w", err)
}

// begin sets the header of the answer and the deadlines of the connection.
func (s *EventStream) begin() {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Accel-Buffering", "no") // some proxies buffer a stream without it
	// The server's read deadline would end the request, because the server also reads to detect that the client has left.
	_ = s.control.SetReadDeadline(time.Time{})
	if s.allowWrite() == nil && s.request.ProtoMajor == 1 {
		// The deadline belongs to the connection. So the next request must have another one.
		h.Set("Connection", "close")
	}
}

// allowWrite sets a deadline for the next write, in place of the server's, which is for the whole answer. Some servers have
// no deadlines.
func (s *EventStream) allowWrite() error {
	return s.control.SetWriteDeadline(time.Now().Add(eventWriteTime))
}

// LastID returns the id of the last event that the reader got before it reconnected, and whether it sent one. It is text
// from outside: the id may be unknown, or of another installation.
func (s *EventStream) LastID() (id string, ok bool) {
	values := s.request.Header.Values("Last-Event-ID")
	return strings.Join(values, ", "), len(values) > 0
}

// Send sends an event. It waits until the event is written to the connection. For an invalid event it returns an error and
// sends nothing: an ID or a Type with a line break, an ID with a zero byte, text that is not UTF-8, a negative Retry, an
// event without any field, or one of more than 1 MiB as it is sent. For any other error the stream has ended.
func (s *EventStream) Send(e Event) error {
	text, err := e.text()
	if err == nil {
		err = s.write(text)
	}
	if err != nil {
		return fmt.Errorf("remote: send event: %w", err)
	}
	return nil
}

// write sends text, and the header if it is the first. After an error the stream has ended.
func (s *EventStream) write(text string) error {
	select {
	case s.writing <- struct{}{}:
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	defer func() { <-s.writing }()
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	_ = s.allowWrite()
	_, err := s.w.Write([]byte(text))
	if err == nil {
		err = s.control.Flush()
	}
	if err != nil {
		s.end(err)
	}
	return err
}

// beat sends a comment at each heartbeat until the stream ends.
func (s *EventStream) beat(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if s.write(":\n\n") != nil {
				return
			}
		case <-s.ctx.Done():
			return
		}
	}
}

var errLargeEvent = fmt.Errorf("the event has more than %d bytes as it is sent", maxEvent)

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// text returns the event as it is sent.
func (e Event) text() (string, error) {
	switch {
	case e == Event{}:
		return "", errors.New("the event has no field")
	case e.Retry < 0:
		return "", fmt.Errorf("the event's Retry is %v; it must not be negative", e.Retry)
	case len(e.ID)+len(e.Type)+len(e.Data) > maxEvent:
		return "", errLargeEvent
	case strings.ContainsAny(e.ID, "\r\n\x00"):
		return "", fmt.Errorf("the event's ID %.100q has a line break or a zero byte", e.ID)
	case strings.ContainsAny(e.Type, "\r\n"):
		return "", fmt.Errorf("the event's Type %.100q has a line break", e.Type)
	case !utf8.ValidString(e.ID) || !utf8.ValidString(e.Type) || !utf8.ValidString(e.Data):
		return "", errors.New("the event is not UTF-8")
	}
	var b strings.Builder
	if e.ID != "" {
		b.WriteString("id: " + e.ID + "\n")
	}
	if e.Retry > 0 {
		b.WriteString("retry: " + strconv.FormatInt(max(e.Retry.Milliseconds(), 1), 10) + "\n")
	}
	if e.Type != "" {
		b.WriteString("event: " + e.Type + "\n")
	}
	if e.Type != "" || e.Data != "" {
		for line := range strings.SplitSeq(lineBreaks.Replace(e.Data), "\n") {
			b.WriteString("data: " + line + "\n")
		}
	}
	b.WriteByte('\n')
	if b.Len() > maxEvent {
		return "", errLargeEvent
	}
	return b.String(), nil
}

// canFlush reports whether w, or a ResponseWriter that it wraps, can flush.
func canFlush(w http.ResponseWriter) bool {
	for {
		switch t := w.(type) {
		case http.Flusher, interface{ FlushError() error }:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return false
		}
	}
}
