package tasks

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/forgego/forgego/remote"
)

const (
	// streamTime limits an event stream, and so how long it can outlive its token. The reader reconnects with a new token and
	// Last-Event-ID, and misses nothing. A user who has lost access gets no new token.
	streamTime = 5 * time.Minute
	// heartbeatTime is the time between heartbeats. A page that misses one knows soon that it is not current any more. The
	// stream then also looks for changes by other processes.
	heartbeatTime = 5 * time.Second
	// pollTime replaces heartbeatTime if there are several processes, and pollStreamTime replaces streamTime. Cloudflare's
	// free plan allows 50 queries per request.
	pollTime, pollStreamTime = 2 * time.Second, 80 * time.Second
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
	beat, life := heartbeatTime, streamTime
	if a.polling {
		beat, life = pollTime, pollStreamTime
	}
	err = remote.ServeEvents(w, r, func(ctx context.Context, stream *remote.EventStream) error {
		return a.follow(ctx, stream, whose, version, changed, beat)
	}, remote.WithEventHeartbeat(beat), remote.WithEventLifetime(life))
	if err != nil {
		// The reader reconnects with the last id, and misses nothing.
		a.log.Error("a stream of events failed", "error", err)
	}
}

// follow sends an event for each change, and looks for changes by other processes at each beat. The reader has the version
// that it names as its last id, or else this one.
func (a *api) follow(ctx context.Context, stream *remote.EventStream, whose string, version int64, changed <-chan struct{}, beat time.Duration) error {
	now := remote.Event{ID: strconv.FormatInt(version, 10)}
	if err := stream.Send(now); err != nil {
		return err
	}
	if id, ok := stream.LastID(); ok && id != now.ID {
		if err := stream.Send(change(version)); err != nil {
			return err
		}
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-changed:
		case <-ticker.C:
		case <-a.hub.stopping:
			return nil
		case <-ctx.Done():
			return nil
		}
		now, err := a.tasks.version(ctx, whose)
		if err != nil {
			return err
		}
		if now == version {
			continue
		}
		version = now
		if err := stream.Send(change(version)); err != nil {
			return err
		}
	}
}

// change is the event of a change that led to a version of the tasks.
func change(version int64) remote.Event {
	return remote.Event{ID: strconv.FormatInt(version, 10), Type: "change", Data: "{}"}
}
