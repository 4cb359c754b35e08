package tasks

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// streamTime limits an event stream, and so how long it can outlive its token. The reader reconnects with a new token and
	// Last-Event-ID, and misses nothing. A user who has lost access gets no new token.
	streamTime = 5 * time.Minute
	// heartbeatTime is the time between comments, which prevent proxies from ending a quiet stream, and detect readers that
	// are gone. A page that misses one knows soon that it is not current any more. The stream then also looks for changes by
	// other processes.
	heartbeatTime = 5 * time.Second
	// pollTime replaces heartbeatTime if there are several processes, and pollStreamTime replaces streamTime. Cloudflare's
	// free plan allows 50 queries per request.
	pollTime, pollStreamTime = 2 * time.Second, 80 * time.Second
	// eventWriteTime limits one write to a reader that does not read.
	eventWriteTime = 10 * time.Second
	// maxReaders is how many pages of one installation may listen at once.
	maxReaders = 1000
)

var (
	errStopping       = errors.New("the program is about to end")
	errTooManyReaders = errors.New("too many readers of one installation")
)

// hub wakes the event streams of an installation after a change. It knows only the changes of this process.
type hub struct {
	mu sync.Mutex
	// readers has the streams of each installation. A stream's channel holds a value after a change that it has not seen.
	readers map[string]map[chan struct{}]struct{}
	closed  bool

	// stopping is closed when all streams must end.
	stopping chan struct{}
}

func newHub() *hub {
	return &hub{readers: make(map[string]map[chan struct{}]struct{}), stopping: make(chan struct{})}
}

// subscribe adds a stream. The caller must unsubscribe. The errors are errStopping and errTooManyReaders.
func (h *hub) subscribe(installation string) (changed chan struct{}, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return nil, errStopping
	case len(h.readers[installation]) >= maxReaders:
		return nil, errTooManyReaders
	case h.readers[installation] == nil:
		h.readers[installation] = make(map[chan struct{}]struct{})
	}
	changed = make(chan struct{}, 1)
	h.readers[installation][changed] = struct{}{}
	return changed, nil
}

func (h *hub) unsubscribe(installation string, changed chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.readers[installation], changed)
	if len(h.readers[installation]) == 0 {
		delete(h.readers, installation)
	}
}

// tell wakes the streams. It never waits: a stream that has not seen the last change yet will see both.
func (h *hub) tell(installation string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for changed := range h.readers[installation] {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
}

// telling wakes the streams of the installation after a request that may have changed its tasks.
func (h *hub) telling(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer h.tell(installation(r))
		next(w, r)
	}
}

// close ends all streams and lets none begin.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.closed = true
		close(h.stopping)
	}
}

// events streams server-sent events. Each says that the installation's tasks have changed. Its id is the version of the tasks
// in the database, so ids are the same in all processes. A stream begins with an id, so that a reader that reconnects before
// its first event misses nothing either.
func (a *api) events(w http.ResponseWriter, r *http.Request) {
	whose := installation(r)
	changed, err := a.hub.subscribe(whose)
	if err != nil {
		text := "The server is about to restart. Try again soon."
		if errors.Is(err, errTooManyReaders) {
			text = "Too many pages listen at the moment. Try again later."
		}
		w.Header().Set("Retry-After", "5")
		writeError(w, http.StatusServiceUnavailable, text)
		return
	}
	defer a.hub.unsubscribe(whose, changed)
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
		stream.send(version)
	}
	stream.flush()

	beat, life := heartbeatTime, streamTime
	if a.polling {
		beat, life = pollTime, pollStreamTime
	}
	heartbeat := time.NewTicker(beat)
	defer heartbeat.Stop()
	end := time.NewTimer(life)
	defer end.Stop()
	for stream.err == nil {
		isBeat := false
		select {
		case <-changed:
		case <-heartbeat.C:
			isBeat = true
		case <-end.C:
			return
		case <-a.hub.stopping:
			return
		case <-r.Context().Done():
			return
		}
		now, err := a.tasks.version(r.Context(), whose)
		switch {
		case err != nil:
			// The reader reconnects with the last id, and misses nothing.
			a.log.Error("reading the version failed", "error", err)
			return
		case now != version:
			version = now
			stream.send(version)
		case isBeat:
			stream.printf(":\n\n")
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

// send tells the reader that the tasks have changed. version is the id of the event.
func (s *eventStream) send(version int64) {
	s.printf("id: %d\nevent: change\ndata: {}\n\n", version)
}

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
