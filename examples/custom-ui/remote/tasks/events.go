package tasks

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	// streamTime limits an event stream, and so how long it can outlive its token. The reader reconnects with a new token and
	// Last-Event-ID, and misses nothing. A user who has lost access gets no new token.
	streamTime = 5 * time.Minute
	// heartbeatTime is the time between comments, which prevent proxies from ending a quiet stream, and detect readers that
	// are gone.
	heartbeatTime = 15 * time.Second
	// eventWriteTime limits one write to a reader that does not read.
	eventWriteTime = 10 * time.Second
)

// events streams the changes of an installation's tasks as server-sent events. A stream begins with an id, so that a
// reader that reconnects before its first event misses nothing either.
func (a *api) events(w http.ResponseWriter, r *http.Request) {
	reader, err := a.tasks.brokers.subscribe(installation(r), r.Header.Values("Last-Event-ID"))
	if err != nil {
		text := "The server is about to restart. Try again soon."
		if errors.Is(err, errTooManyReaders) {
			text = "Too many pages listen at the moment. Try again later."
		}
		w.Header().Set("Retry-After", "5")
		writeError(w, http.StatusServiceUnavailable, text)
		return
	}
	defer a.tasks.brokers.unsubscribe(reader)

	stream := openStream(w)
	if r.Method == http.MethodHead {
		return
	}
	stream.printf("id: %d\n\n", reader.since)
	for _, e := range reader.missed {
		stream.send(e)
	}
	stream.flush()
	defer stream.allowWrite() // for the end of the stream: the last write may be long ago

	heartbeat := time.NewTicker(heartbeatTime)
	defer heartbeat.Stop()
	end := time.NewTimer(streamTime)
	defer end.Stop()
	for stream.err == nil {
		select {
		case e, open := <-reader.events:
			if !open {
				return
			}
			stream.send(e)
		case <-heartbeat.C:
			stream.printf(":\n\n")
		case <-end.C:
			return
		case <-r.Context().Done():
			return
		}
		stream.flush()
	}
}

// openStream writes the head of an event stream.
func openStream(w http.ResponseWriter) *eventStream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	// Some proxies buffer a stream without this header.
	h.Set("X-Accel-Buffering", "no")
	stream := &eventStream{w: w, control: http.NewResponseController(w)}
	// The server's read deadline would end the request, because the server also reads to detect that the client has
	// left.
	stream.control.SetReadDeadline(time.Time{})
	return stream
}

// eventStream writes until the first error. After that it does nothing.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (s *eventStream) send(e event) {
	s.printf("id: %d\nevent: %s\ndata: %s\n\n", e.id, e.name, e.data)
}

// reset tells the reader that the list may have changed without an event.
func (s *eventStream) reset(id int64) { s.send(event{id, "reset", []byte("{}")}) }

func (s *eventStream) printf(format string, values ...any) {
	if s.err != nil {
		return
	}
	s.allowWrite()
	_, s.err = fmt.Fprintf(s.w, format, values...)
}

// allowWrite sets a deadline for the next write. It replaces the server's deadline, which is for the whole answer.
// Errors are ignored: outside of our own server there may be no deadlines.
func (s *eventStream) allowWrite() {
	s.control.SetWriteDeadline(time.Now().Add(eventWriteTime))
}

func (s *eventStream) flush() {
	if s.err == nil {
		s.err = s.control.Flush()
	}
}

const (
	// pollTime is the time between two queries of a stream, and so the longest delay of an event.
	pollTime = 2 * time.Second
	// maxPolls is the number of queries after which a stream ends. Cloudflare's free plan allows 50 queries per
	// request. The limit also ends the streams of readers that have left without notice.
	maxPolls = 40
)

// polledEvents is events for a service of several processes, which cannot send their changes to each other. Its ids are
// the versions in the database, so they are the same in all processes. There may be several changes between two
// versions, and it does not know them. So it sends only resets, and a reader then loads the list.
func (a *api) polledEvents(w http.ResponseWriter, r *http.Request) {
	whose := installation(r)
	version, err := a.tasks.version(r.Context(), whose)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	stream := openStream(w)
	if r.Method == http.MethodHead {
		return
	}
	stream.printf("id: %d\n\n", version)
	if ids := r.Header.Values("Last-Event-ID"); len(ids) > 0 && (len(ids) > 1 || ids[0] != strconv.FormatInt(version, 10)) {
		stream.reset(version)
	}
	stream.flush()
	defer stream.allowWrite() // for the end of the stream

	ticker := time.NewTicker(pollTime)
	defer ticker.Stop()
	for polls := 0; polls < maxPolls && stream.err == nil; polls++ {
		select {
		case <-ticker.C:
		case <-a.tasks.brokers.stopping:
			return
		case <-r.Context().Done():
			return
		}
		now, err := a.tasks.version(r.Context(), whose)
		switch {
		case err != nil:
			// The reader reconnects with the last id, and misses nothing.
			a.log.Error("polling failed", "error", err)
			return
		case now != version:
			version = now
			stream.reset(version)
		default:
			stream.printf(":\n\n") // detects readers that have left
		}
		stream.flush()
	}
}
